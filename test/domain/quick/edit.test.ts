import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { effectsOf, verdictOf } from '../../../src/domain/policy/widening.ts'
import { readQuick } from '../../../src/domain/quick/command.ts'
import { quickEdit } from '../../../src/domain/quick/edit.ts'
import { understood } from '../../../src/domain/quick/text.ts'
import { countedFrom } from '../../../src/domain/quick/verbs/extend.ts'
import type { QuickCommand } from '../../../src/domain/quick/verbs.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { diff } from '../../../src/domain/token/diff.ts'
import type { Effect } from '../../../src/domain/token/effect.ts'
import { modules, type Settings, type StackFacts } from '../../../src/domain/token/token.ts'
import { formStateOf, settingsOf } from '../../../src/slack/edit/form-state.ts'
import { refusalOf } from '../../support/refusal.ts'
import { someSettings } from '../../support/settings.ts'
import { facts, settings } from '../../support/world.ts'

const now = new Date('2026-06-01T09:00:00.000Z')
type Around = Partial<{ before: Settings; facts: StackFacts; now: Date }>

function command(text: string): QuickCommand {
  const read = readQuick(text, () => false)
  if ('complaint' in read) throw new Error(JSON.stringify(read.complaint))
  return read.command
}

function edit(text: string, around: Around = {}): Settings {
  return quickEdit(command(text), { before: settings(), facts: facts(), now, ...around })
}

/** `Entries: read and write → read` */
function changes(text: string, around: Around = {}): string[] {
  const before = around.before ?? settings()
  return diff(before, edit(text, around)).map(({ label, before, after }) => `${label}: ${before} → ${after}`)
}

/** `let token ci-deploy never expire` */
function words(text: string, around: Around = {}): string {
  const before = around.before ?? settings()
  const said = understood(command(text), { before, after: edit(text, around), now: around.now ?? now })
  return said.map((part) => (typeof part === 'string' ? part : part.said)).join('')
}

const why = (text: string, around: Around = {}) => refusalOf(() => edit(text, around)).message
const having = (everything: 'none' | 'read' | 'write', modules: Settings['permissions']['modules'] = {}) => ({
  before: settings({ permissions: { everything, modules } }),
})

describe('rename', () => {
  test('gives another name', () => {
    expect(changes('rename ci-deploy to CI Deploy')).toEqual(['Name: ci-deploy → CI Deploy'])
    expect(words('rename ci-deploy to CI Deploy')).toBe('rename token ci-deploy to "CI Deploy"')
  })

  test('what the form would refuse is refused here', () => {
    expect(why(`rename ci-deploy to ${'n'.repeat(51)}`)).toBe('A name has at most 50 characters; this one has 51.')
    expect(why('rename ci-deploy to ci-deploy')).toMatch(/^Nothing would change/)
    expect(why(`rename ci-deploy to x because ${'y'.repeat(8000)}`)).toContain(
      'too long to show to an approver in full',
    )
  })
})

describe("the app's understanding of a command", () => {
  const lookAlike = { before: settings({ name: 'ci-depl\u043Ey', branches: ['main', 'm\u0430in'] }) }

  test.each([
    ['extend ci-deploy never', 'let token ci-depl⟨U+043E⟩y never expire'],
    ['rename ci-deploy to r\u03BFbot', 'rename token ci-depl⟨U+043E⟩y to "r⟨U+03BF⟩bot"'],
    ['scope ci-deploy -m\u0430in', 'let token ci-depl⟨U+043E⟩y no longer name m⟨U+0430⟩in'],
  ])('spells out the letters that look like others: %s', (text, said) => {
    expect(words(text, lookAlike)).toBe(said)
  })
})

describe('extend', () => {
  const expiring = (expiresOn: string | null) => ({ before: settings({ expiresOn }) })

  test.each([
    ['90d', '2027-01-31', '2027-05-01', ', 90 days after its current expiry, 2027-01-31'],
    ['2w', '2027-01-31', '2027-02-14', ', 2 weeks after its current expiry, 2027-01-31'],
    ['1m', '2027-01-31', '2027-02-28', ', 1 month after its current expiry, 2027-01-31'],
    ['13m', '2027-01-31', '2028-02-29', ', 13 months after its current expiry, 2027-01-31'],
    ['1y', '2028-02-29', '2029-02-28', ', 1 year after its current expiry, 2028-02-29'],
    ['1d', '2026-06-01', '2026-06-02', ', 1 day from today (2026-06-01)'],
    ['90d', '2025-01-31', '2026-08-30', ', 90 days from today (2026-06-01)'],
    ['1d', '2027-01-31T00:00:00.000Z', '2027-02-01T00:00:00.000Z', ', 1 day after its current expiry, 2027-01-31'],
    ['1d', '2027-01-31T23:30:00-05:00', '2027-02-02T00:00:00+00:00', ', 1 day after its current expiry, 2027-02-01'],
    ['1d', '2027-01-31T23:59:59.999Z', '2027-02-01T23:59:59.999Z', ', 1 day after its current expiry, 2027-01-31'],
    ['1m', '2027-01-31T23:59:59+00:00', '2027-02-28T23:59:59+00:00', ', 1 month after its current expiry, 2027-01-31'],
    ['2027-02-01', '2027-01-31T23:59:59.999Z', '2027-02-01T23:59:59.999Z', ''],
    ['2026-06-02', '2027-01-31', '2026-06-02', ''],
    ['2026-06-02', null, '2026-06-02', ''],
  ])('%s from %s is %s', (length, before, after, since) => {
    expect(edit(`extend ci-deploy ${length}`, expiring(before)).expiresOn).toBe(after)
    expect(words(`extend ci-deploy ${length}`, expiring(before))).toBe(
      `let token ci-deploy expire on ${after.slice(0, 10)}${since}`,
    )
  })

  test('it expires on the named day, whatever the time zone of the process', () => {
    expect(countedFrom('2026-06-01T09:00:00.000Z', now)).toEqual({ day: '2026-06-01', isToday: true })
    expect(countedFrom('2026-06-01T09:00:00.001Z', now)).toEqual({ day: '2026-06-01', isToday: false })
    expect(countedFrom(null, now)).toBeNull()
  })

  test('never means never', () => {
    expect(changes('extend ci-deploy never')).toEqual(['Expires: 2027-01-31 → never'])
    expect(words('extend ci-deploy never')).toBe('let token ci-deploy never expire')
  })

  test('a token that never expires has no day to count from', () => {
    expect(why('extend ci-deploy 90d', expiring(null))).toBe(
      'The token never expires, so a length of time has nothing to count from: give a day, as in /token extend ci-deploy 2026-08-30.',
    )
    expect(why('extend ci-deploy 90d', expiring('some day'))).toContain("Countersign can't tell when the token expires")
  })

  test('a day in the past, the same day, and a day beyond all days are refused', () => {
    expect(why('extend ci-deploy 2026-06-01')).toMatch(/^The token would have expired already/)
    expect(why('extend ci-deploy 2027-01-31')).toMatch(/^Nothing would change/)
    expect(why('extend ci-deploy 2027-01-31', expiring('2027-01-31T06:00:00.000Z'))).toMatch(/^Nothing would change/)
    expect(why('extend ci-deploy 9999y')).toMatch(/^That is beyond the year 9999/)
  })
})

describe('grant', () => {
  test('adds what is missing, and leaves what is there', () => {
    expect(changes('grant ci-deploy write on entry, asset, content type')).toEqual([
      'Content types: read → read and write',
      'Assets: no access → read and write',
    ])
    expect(changes('grant ci-deploy read on entry, asset')).toEqual(['Assets: no access → read'])
    expect(words('grant ci-deploy write on entry, asset')).toBe('give token ci-deploy write on entries, assets')
  })

  test('on all is the whole stack', () => {
    expect(changes('grant ci-deploy write on all')).toContain('Whole stack: no access → read and write')
    expect(changes('grant ci-deploy write on all', having('read'))).toEqual(['Whole stack: read → read and write'])
    expect(words('grant ci-deploy write on all')).toBe('give token ci-deploy write on the whole stack')
  })

  test('takes nothing away by giving less to more', () => {
    expect(why('grant ci-deploy read on all')).toBe(
      'The token has more than that on entries, and would lose it with read on the whole stack. What you can do: /token grant ci-deploy write on all gives more, and /token edit lets you choose module by module.',
    )
    expect(why('grant ci-deploy read on all', having('write'))).toMatch(/^Nothing would change/)
  })

  test('gives no module more than the whole stack has', () => {
    expect(why('grant ci-deploy write on asset', having('read'))).toBe(
      'The token has read on the whole stack, and none of its own for single modules. What you can do: /token grant ci-deploy write on all gives it everywhere, and /token edit lets you choose module by module.',
    )
    expect(why('grant ci-deploy write on asset', having('write'))).toMatch(/^Nothing would change/)
  })

  test('leaves an entry alone that is not understood', () => {
    const before = settings({ otherScope: ['{"module":"asset","acl":{"magic":true}}'] })
    expect(why('grant ci-deploy read on asset', { before })).toContain(
      'has an entry for asset that Countersign does not',
    )
  })
})

describe('revoke', () => {
  test('takes writing away and leaves reading', () => {
    expect(changes('revoke ci-deploy write')).toEqual(['Entries: read and write → read'])
    expect(changes('revoke ci-deploy write on entry, asset')).toEqual(['Entries: read and write → read'])
    expect(changes('revoke ci-deploy write', having('write'))).toEqual(['Whole stack: read and write → read'])
    expect(words('revoke ci-deploy write')).toBe('take write everywhere from token ci-deploy')
  })

  test('taking reading away takes writing along, and says so only if there is any', () => {
    expect(changes('revoke ci-deploy read on entry')).toEqual(['Entries: read and write → no access'])
    expect(words('revoke ci-deploy read on entry')).toBe(
      'take read, and write with it, on entries from token ci-deploy',
    )
    const reads = having('none', { entry: 'write', content_type: 'read' })
    expect(words('revoke ci-deploy read on content_type', reads)).toBe(
      'take read on content types from token ci-deploy',
    )
    const others = having('none', { asset: 'read', entry: 'write', content_type: 'read' })
    expect(words('revoke ci-deploy read on content_type, entry', others)).toBe(
      'take read, and write with it, on content types, entries from token ci-deploy',
    )
  })

  test('a command that would leave no access says so, and what can be done instead', () => {
    const less =
      'That would leave token ci-deploy no access at all. Take away less, as in /token revoke ci-deploy write.'
    expect(why('revoke ci-deploy read')).toBe(less)
    expect(why('revoke ci-deploy read', having('write'))).toBe(less)
    expect(why('revoke ci-deploy read', having('read'))).toBe(
      'That would leave token ci-deploy no access at all. Leave it some access; a token that is no longer wanted can be deleted in Contentstack.',
    )
  })

  test('takes nothing from a module that the whole stack has', () => {
    expect(why('revoke ci-deploy write on entry', having('write'))).toBe(
      'The token has read and write on the whole stack, and none of its own for single modules. What you can do: /token revoke ci-deploy write takes it everywhere, and /token edit lets you choose module by module.',
    )
    expect(why('revoke ci-deploy write', having('read', { entry: 'write' }))).toBe(
      'The token has read on the whole stack and more on entries. What you can do: /token edit lets you choose module by module.',
    )
    expect(why('revoke ci-deploy write on asset')).toMatch(/^Nothing would change/)
  })
})

describe('scope', () => {
  test('adds and removes branches and aliases, whichever they are', () => {
    expect(changes('scope ci-deploy +feature-x +preview -main -live')).toEqual([
      'Branches: development, main → development, feature-x',
      'Branch aliases: live → preview',
    ])
    expect(words('scope ci-deploy +feature-x +preview -main')).toBe(
      'let token ci-deploy name feature-x, preview, and let token ci-deploy no longer name main',
    )
    expect(words('scope ci-deploy -main')).toBe('let token ci-deploy no longer name main')
    expect(changes('scope ci-deploy +main -live')).toEqual(['Branch aliases: live → none'])
  })

  test('a name that is gone from the stack can still be removed', () => {
    expect(changes('scope ci-deploy -gone', { before: settings({ branches: ['main', 'gone'] }) })).toEqual([
      'Branches: gone, main → main',
    ])
  })

  test('an unknown name is answered with the nearest one', () => {
    expect(why('scope ci-deploy +feature-y')).toBe(
      'The stack had no branch or alias called feature-y when it was last looked at. Did you mean +feature-x? For example: /token scope ci-deploy +feature-x',
    )
    expect(why('scope "ci deploy" -mian')).toBe(
      'The token names no branch or alias mian; it names main, development, live. Did you mean -main? For example: /token scope "ci deploy" -main',
    )
    expect(why('scope ci-deploy +zzzzzzzzz')).toBe(
      'The stack had no branch or alias called zzzzzzzzz when it was last looked at.',
    )
    expect(why('scope ci-deploy -x', { before: settings({ branches: [], aliases: [] }) })).toBe(
      'The token names no branch or alias x; it names none.',
    )
  })

  test('a name that may be one of the unreadable ones is not called unknown', () => {
    const unread = { branches: { count: 1, why: 'uid: is empty' } }
    expect(why('scope ci-deploy +feature-y', { facts: facts({ unread }) })).toBe(
      "Countersign knows of no branch or alias called feature-y. The stack lists a branch that can't be read (uid: is empty), so it can't be added here: add it in Contentstack.",
    )
    expect(changes('scope ci-deploy +preview', { facts: facts({ unread }) })).toHaveLength(1)
    const unreadAliases = { aliases: { count: 2, why: 'uid: is empty' } }
    expect(why('scope ci-deploy +feature-y', { facts: facts({ unread: unreadAliases }) })).toBe(
      "Countersign knows of no branch or alias called feature-y. The stack lists 2 branch aliases that can't be read (the first: uid: is empty), so they can't be added here: add them in Contentstack.",
    )
  })

  test.each([
    ['branches', { branches: 'no plan' }, 'did not list the branches of this stack (no plan)'],
    ['aliases', { aliases: 'no plan' }, 'did not list the branch aliases of this stack (no plan)'],
  ])(
    'a stack that refused to list %s adds what it did list, and says why it adds nothing else',
    (_, unlisted, says) => {
      const known = facts({ unlisted })
      expect(changes('scope ci-deploy +feature-x', { facts: known })).toEqual([expect.stringMatching(/feature-x/)])
      expect(why('scope ci-deploy +feature-y', { facts: known })).toContain(says)
    },
  )

  test('a stack with branches leaves no token without any', () => {
    expect(why('scope ci-deploy -main -development -live')).toBe(
      'That would leave token ci-deploy no branch or alias, and this stack uses branches: a token needs at least one. Name another in the same command, as in /token scope ci-deploy +feature-x -main -development -live.',
    )
    const few = { ...facts(), branches: ['main'], aliases: [] }
    expect(why('scope ci-deploy -main', { before: settings({ branches: ['main'], aliases: [] }), facts: few })).toBe(
      'That would leave token ci-deploy no branch or alias, and this stack uses branches: a token needs at least one. Leave it one.',
    )
  })
})

describe('limit', () => {
  test('sets reads and writes a second, or leaves them to the organisation', () => {
    expect(changes('limit ci-deploy read 50 write 10')).toEqual([
      "Rate limits: the organisation's → 50 reads and 10 writes a second",
    ])
    expect(words('limit ci-deploy read 50 write 10')).toBe('limit token ci-deploy to 50 reads and 10 writes a second')
    const before = settings({ rateLimits: { kind: 'custom', read: 5, write: 5 } })
    expect(changes('limit ci-deploy organisation', { before })).toHaveLength(1)
    expect(words('limit ci-deploy organisation', { before })).toBe(
      "limit token ci-deploy to the organisation's rate limits",
    )
  })

  test('never above the organisation, and never none', () => {
    expect(why('limit ci-deploy read 101 write 10')).toBe('The organisation allows at most 100 reads a second.')
    expect(why('limit ci-deploy read 50 write 0')).toBe('Give a whole number above zero.')
  })

  test('is refused where rate limits are not managed', () => {
    const ungoverned = settings({ rateLimits: { kind: 'ungoverned' } })
    expect(why('limit ci-deploy organisation', { before: ungoverned })).toContain(
      'a feature of some Contentstack plans',
    )
    expect(why('limit ci-deploy organisation', { facts: facts({ rateLimitsGoverned: false }) })).toContain(
      'a feature of some Contentstack plans',
    )
  })
})

describe('a quick command that is refused', () => {
  const codeOf = (text: string, around: Around = {}) => refusalOf(() => edit(text, around)).code

  test('says for good that nothing would change, or that it cannot be asked for like that', () => {
    expect(codeOf('extend ci-deploy 2027-01-31')).toBe('no_changes')
    const never = { before: settings({ expiresOn: null }) }
    const unmanaged = { facts: facts({ rateLimitsGoverned: false }) }
    expect(codeOf('extend ci-deploy 90d', never)).toBe('invalid')
    expect(codeOf('limit ci-deploy organisation', unmanaged)).toBe('invalid')
    for (const text of ['extend x 9999y', 'extend x 2020-01-01', 'scope x +zzz', 'grant x read on all'])
      expect(codeOf(text)).toBe('invalid')
  })

  test('says everything that stands in its way, each as a sentence', () => {
    const wrong = 'Give a whole number above zero.'
    expect(why('limit ci-deploy read 0 write 0')).toBe(wrong)
    const { before } = having('none', { asset: 'write', entry: 'write' })
    expect(why('grant ci-deploy read on all', { before })).toContain('more than that on entries, assets, and')
  })

  test('names what else can be done', () => {
    const unmanaged = { facts: facts({ rateLimitsGoverned: false }) }
    expect(why('limit ci-deploy organisation', unmanaged)).toMatch(/What can be done: \/token extend ci-deploy 90d$/)
    expect(why('scope ci-deploy -liev')).toContain('Did you mean -live?')
  })

  test('offers no branch to take away that has nothing of the name that was typed', () => {
    expect(why('scope ci-deploy -staging')).toBe(
      'The token names no branch or alias staging; it names main, development, live.',
    )
  })
})

describe('restrict', () => {
  test('takes all other access away', () => {
    const before = settings({ permissions: { everything: 'none', modules: { content_type: 'read', entry: 'write' } } })
    expect(changes('restrict ci-deploy to read on entry', { before })).toEqual([
      'Content types: read → no access',
      'Entries: read and write → read',
    ])
    expect(words('restrict ci-deploy to read on entry')).toBe(
      'let token ci-deploy have no other access than read on entries',
    )
    expect(changes('restrict ci-deploy to read', { before })).toEqual(['Entries: read and write → read'])
    expect(words('restrict ci-deploy to read')).toBe('let token ci-deploy read what it may, and write nothing')
    expect(words('restrict ci-deploy to read and write on entry')).toBe(
      'let token ci-deploy have no other access than read and write on entries',
    )
  })

  test('leaves a token of the whole stack with single modules, or with reading', () => {
    expect(edit('restrict x to read on entry', having('write', { asset: 'write' })).permissions).toEqual({
      everything: 'none',
      modules: { entry: 'read' },
    })
    expect(edit('restrict x to read', having('write', { asset: 'write' })).permissions).toEqual({
      everything: 'read',
      modules: {},
    })
  })

  test('takes all other branches and aliases away', () => {
    expect(changes('restrict ci-deploy to main')).toEqual([
      'Branches: development, main → main',
      'Branch aliases: live → none',
    ])
    expect(words('restrict ci-deploy to main, live')).toBe(
      'let token ci-deploy name no other branch or alias than main, live',
    )
  })

  test('never gives anything, and says by which command that is asked for', () => {
    expect(why('restrict ci-deploy to write on content_type, entry')).toBe(
      'The token has less than write on content types, and restrict gives nothing.',
    )
    expect(why('restrict ci-deploy to main, feature-x')).toBe(
      'The token names no branch or alias feature-x; it names main, development, live. Restrict gives nothing. This does: /token scope ci-deploy +feature-x -development -live',
    )
    expect(why('restrict ci-deploy to staging')).toMatch(/Restrict gives nothing\.$/)
  })

  test('is refused where a scope entry that is not understood would stay', () => {
    const before = settings({ otherScope: [JSON.stringify({ module: 'branch', acl: { read: true }, odd: 1 })] })
    expect(why('restrict ci-deploy to main', { before })).toContain('does not understand and leaves as they are')
    expect(why('restrict ci-deploy to read on entry', { before })).toContain("so its access can't be restricted here")
  })
})

test.each(['90d', '2028-01-31', 'never'])('no expiry is moved beside a field that is not understood: %s', (until) => {
  const before = settings({ otherExpiry: ['is_never_expires: true'] })
  expect(refusalOf(() => edit(`extend ci-deploy ${until}`, { before }))).toMatchObject({
    code: 'invalid',
    message: expect.stringContaining("does not understand a field about this token's expiry"),
  })
  expect(edit('rename ci-deploy to ci', { before })).toEqual({ ...before, name: 'ci' })
})

test('a branch or alias that the token has may be added again, though the stack no longer has it', () => {
  const before = settings({ branches: ['gone'], aliases: ['gone-too'] })
  expect(changes('scope ci-deploy +gone +gone-too +main', { before })).toEqual(['Branches: gone → gone, main'])
})

const anyEdit = fc.oneof(
  fc.constantFrom(
    'rename x to other',
    'extend x 90d',
    'extend x 1m',
    'extend x 2027-01-31',
    'extend x never',
    'restrict x to main',
    'restrict x to read',
    'restrict x to write on entry',
    'restrict x to read on entry, content_type',
    'scope x +main',
    'scope x +feature-x -main',
    'scope x -live +preview',
    'limit x organisation',
    'limit x read 5 write 2',
  ),
  fc
    .tuple(
      fc.constantFrom('grant', 'revoke'),
      fc.constantFrom('read', 'write'),
      fc.oneof(
        fc.constant(['all']),
        fc.subarray(['content_type', 'entry', 'asset', ...modules.slice(-1)], { minLength: 1 }),
      ),
    )
    .map(([verb, access, on]) => `${verb} x ${access} on ${on.join(', ')}`),
)

/** The result, or null if it is refused. */
function outcome(text: string, before: Settings): Settings | null {
  try {
    return edit(text, { before })
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

/** Beside modules with less access than the whole stack, nobody can say what an edit of access means. */
const isUnclear = ({ what }: Effect) => what.kind === 'beside unclear'

describe('whatever a token is', () => {
  test('the form can ask for anything that a quick command does, so that one leads to the other', () => {
    fc.assert(
      fc.property(anyEdit, someSettings, (text, before) => {
        const after = outcome(text, before)
        if (after) expect(settingsOf(formStateOf(after), before)).toEqual({ settings: after })
      }),
      { numRuns: 500 },
    )
  })

  test('a grant takes nothing away, and neither a revoke nor a restriction gives anything, as far as that can be known', () => {
    const clear = someSettings.map((one) => ({ ...one, otherScope: [] }))
    fc.assert(
      fc.property(anyEdit, clear, (text, before) => {
        const after = outcome(text, before)
        const unwanted =
          { grant: ['narrows', 'both'], revoke: ['widens', 'both'], restrict: ['widens', 'both'] }[
            text.split(' ')[0]!
          ] ?? []
        const effects = after ? effectsOf(before, after) : []
        if (!effects.some(isUnclear)) expect(unwanted).not.toContain(verdictOf(effects))
      }),
      { numRuns: 500 },
    )
  })
})

test.each<[string, Around, string]>([
  ['extend ci-deploy 90d', { before: settings({ expiresOn: null }) }, '2026-08-30'],
  ['grant ci-deploy write on entry', having('read'), 'write on all'],
  ['grant ci-deploy read on all', having('none', { entry: 'write' }), 'write on all'],
  ['revoke ci-deploy write on entry', having('write'), 'write'],
  ['scope ci-deploy +featur-x -main', {}, '+feature-x -main'],
  ['scope ci-deploy -mian', {}, '-main'],
  ['restrict ci-deploy to mian, live', {}, 'to branch main, live'],
])('%s is refused with another line that works', (typed, around, instead) => {
  expect(() => edit(typed, around)).toThrow(expect.objectContaining({ instead }))
  const { verb, token } = command(typed)
  expect(() => edit(`${verb} ${token} ${instead}`, around)).not.toThrow()
})

import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { markOf } from '../../../src/domain/change/seal.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import { changeCard } from '../../../src/slack/card/card.ts'
import { decisionButtons, requesterButtons } from '../../../src/slack/card/card-buttons.ts'
import { mayNeed } from '../../../src/slack/changes/open-changes.ts'
import type { OtherChange } from '../../../src/words/standing.ts'
import { alice, bob, carol, dave, settings } from '../../support/world.ts'
import {
  amended,
  approval,
  asked,
  at,
  bothOfThem,
  drifted,
  expiresAt,
  inEveryStatus,
  lastApproval,
  lostQuorum,
  rebased,
  started,
  twoParties,
} from '../kit/asked.ts'
import { buttonsIn, parts, reading, stored } from '../kit/drawn.ts'

function card(change: Change, others: readonly OtherChange[] = []) {
  return changeCard(stored(change), { stackTitle: 'Website', others })
}

test('a card says that another token already has the new name, as long as that can be prevented', () => {
  const drawn = (change: Change, namesakes: string[]) =>
    reading(changeCard(stored(change), { stackTitle: 'Website', others: [], namesakes }).blocks)
  expect(drawn(asked(), ['t2'])).toContain(
    'Another token of this stack is already called ci-release, with the uid t2: only the uid will tell the two apart.',
  )
  const seven = ['t2', 't3', 't4', 't5', 't6', 't7', 't8']
  expect(drawn(asked(), seven)).toContain(
    'Other tokens of this stack are already called ci-release, with the uids t2, t3, t4, t5, t6 and 2 more: only',
  )
  expect(drawn(asked({}, { type: 'expired', at: expiresAt }), ['t2'])).not.toContain('already called')
})

const read = (change: Change) => reading(card(change).blocks)
const applying = [lastApproval(bob), started]

test('a card says that nobody knew what an alias reaches, if nobody did', () => {
  const before = settings({ aliases: ['old'], aliasTargets: { old: 'main' } })
  const after = settings({ aliases: ['a', 'b', 'c', 'd'], aliasTargets: { a: 'main' } })
  const one = { before, after: settings({ aliases: ['old', 'live'], aliasTargets: { old: 'main' } }) }
  expect(read(asked(one))).toContain('What the alias live points to was not known when this was asked for.')
  expect(read(asked({ before, after }))).toContain('What the aliases b, c, d point to was not known')
  const five = { before, after: settings({ aliases: ['a', 'b', 'c', 'd', 'e'], aliasTargets: { a: 'main' } }) }
  expect(read(asked(five))).toContain('What the aliases b, c, d and 1 more point to was not known')
  expect(read(asked({ before, after: before }))).not.toContain('was not known')
})

test('a card says through which alias a token still reaches a branch that it no longer names', () => {
  const aliases = { aliases: ['live'], aliasTargets: { live: 'main' } }
  const [named, less] = [['main', 'development'], ['development']]
  const change = asked({
    before: settings({ branches: named, ...aliases }),
    after: settings({ branches: less, ...aliases }),
  })
  const said = 'Narrows: no longer names branch main (still reached through alias live).'
  expect(read(change)).toContain(said)
  expect(card(change).text).toContain(said)
})

test('a card says what it means, what would be written, why, who asked and who must agree until when', () => {
  expect(read(asked())).toBe(
    [
      'Renames ci-deploy to ci-release · #42',
      'Neutral: what the token may do stays the same.',
      'This change is waiting for 1 approval.',
      'Token: ci-deploy',
      'Stack: Website',
      'Asked for by @U0ALICE 2026-06-01 09:00 UTC',
      'Reason',
      'The pipeline moved',
      'What will be written',
      'Name: ci-deploy → ci-release',
      'Approvals. Rule: small edits',
      '○ @U0BOB, @U0CAROL: needs 1 approval',
      'Open until 2026-06-08 09:00 UTC; then it expires, and nothing is written.',
      'Approve',
      'Reject…',
      'Approve with a comment…',
      "I'm looking",
      'Edit…',
      'Nudge',
      'Cancel…',
    ].join('\n'),
  )
})

test('the text of a card is whole sentences for those who see no blocks', () => {
  expect(card(asked()).text).toBe(
    'Renames ci-deploy to ci-release. Neutral: what the token may do stays the same. Change #42 to token ci-deploy on Website by <@U0ALICE> is waiting for 1 approval. ' +
      'Approvals: ○ <@U0BOB>, <@U0CAROL>: needs 1 approval. ' +
      'Reason: The pipeline moved. It asks for: Name from ci-deploy to ci-release.',
  )
})

test('a card of a change that waits for a key says so, and names no next try', () => {
  const why = 'part of it was written with the key k1'
  const interrupted = { type: 'apply_interrupted', at, why, retryAt: at } as const
  const text = (untilKey?: string) => read(asked({}, ...applying, { ...interrupted, ...(untilKey && { untilKey }) }))
  expect(text('k1')).toContain('not applied yet; Countersign tries again once it is started with the missing key.')
  expect(text('k1')).not.toContain('next try')
  expect(text()).toContain('the next try is due')
})

describe('the verdict', () => {
  const verdict = (after: Parameters<typeof settings>[0]) => read(asked({ after: settings(after) })).split('\n')[1]

  test('says what the headline above it has not said', () => {
    const permissions = { everything: 'none', modules: { content_type: 'write', entry: 'write' } } as const
    expect(verdict({ permissions, expiresOn: '2027-05-01' })).toBe('Also expires 90 days later, on 2027-05-01.')
    expect(verdict({ branches: ['main'] })).toBe(
      'Narrows: no longer names branch development (may still be reached through alias live).',
    )
    expect(verdict({ aliases: [], expiresOn: null })).toBe(
      'Widens and narrows: no longer names alias live; was to expire on 2027-01-31.',
    )
  })

  test('names some branches and counts the rest', () => {
    const branches = ['main', 'development', ...Array.from({ length: 13 }, (_, i) => `b${i}`)]
    expect(verdict({ branches })).toMatch(/^Widens: reaches branch b0, b1, .*, b9 and 3 more\.$/)
  })

  test('a name cannot pass for the words around it', () => {
    const after = settings({ branches: ['main', 'development', 'x; loses write on the whole stack'] })
    const leaf = parts(card(asked({ after })).blocks).find(({ text }) => text === 'x; loses write on the whole stack')
    expect(leaf?.style).toEqual({ code: true })
  })
})

describe('buttons', () => {
  test('there are buttons exactly while something can be done', () => {
    const shown = inEveryStatus().map((change) => [change.status, buttonsIn(card(change))])
    expect(Object.fromEntries(shown)).toEqual({
      pending: ['approve', 'reject', 'approve_with_comment', 'claim', 'amend', 'nudge', 'cancel'],
      approved: ['cancel'],
      applying: [],
      applied: [],
      failed: [],
      drifted: ['rebase', 'cancel'],
      rejected: [],
      cancelled: [],
      expired: [],
    })
  })

  test('each carries the change and its revision, and says to a screen reader what it is for', () => {
    const change = { ...asked(), revision: 3 }
    const buttons = parts(card(change)).filter((part) => part.type === 'button')
    expect(new Set(buttons.map((button) => button.value))).toEqual(new Set([`42:3:${markOf(change)}`]))
    const labels = buttons.map((button) => button.accessibility_label)
    expect(labels[0]).toBe('Approve: change #42')
    expect(new Set(labels).size).toBe(buttons.length)
    expect(buttons.filter((button) => button.style === 'primary').map((button) => button.action_id)).toEqual([
      'approve',
    ])
  })

  test('if an approval has to be confirmed one button opens the form for it', () => {
    const change = asked({ requirement: twoParties })
    expect(buttonsIn(card(change)).slice(0, 2)).toEqual(['approve', 'reject'])
    expect(read(change)).toContain('Approve…')
  })
})

describe('who must agree', () => {
  test('user groups are mentioned as groups, people as people, and the rule is named', () => {
    const change = asked({ requirement: twoParties })
    expect(read(change)).toContain(
      'Approvals, each from a different person. Rule: gains write\n○ @S0SECURITY: needs 1 approval\n○ @S0OWNERS: needs 1 approval',
    )
    const groups = parts(card(change).blocks).filter((part) => part.type === 'usergroup')
    expect(groups.map((part) => part.usergroup_id)).toEqual(['S0SECURITY', 'S0OWNERS'])
    expect(card(change).text).toContain(
      '○ <!subteam^S0SECURITY>: needs 1 approval; ○ <!subteam^S0OWNERS>: needs 1 approval.',
    )
  })

  test('nobody is mentioned twice as somebody who may decide', () => {
    const mentions = parts(card(asked()).blocks).flatMap((part) => (part.type === 'user' ? [part.user_id] : []))
    expect(mentions).toEqual([alice, bob, carol])
  })

  test('the requester and the editors are not among those asked', () => {
    const requirement = { ...bothOfThem, parties: [{ from: [alice, bob, carol], quorum: 1 }] }
    expect(read(asked({ requirement }, amended(carol, { requirement })))).toContain('○ @U0BOB: needs 1 approval')
  })

  test('who approved, with which words, and how many are still needed', () => {
    expect(read(asked({ requirement: bothOfThem }))).toContain('This change is waiting for 2 approvals.')
    const change = asked({ requirement: bothOfThem }, approval(bob, 'Fine with me\n<!channel>'))
    expect(read(change)).toContain('This change is waiting for 1 more approval.')
    expect(read(change)).toContain('@U0BOB wrote when approving:\nFine with me\n<!channel>\nApprovals')
    expect(read(change)).toContain('○ @U0BOB, @U0CAROL: approved by @U0BOB 2026-06-01 09:00 UTC; needs 1 more')
    expect(read(change).match(/@U0BOB 2026/g)).toHaveLength(1)
    expect(card(change).text).toMatch(/approved by <@U0BOB> .*; needs 1 more\./)
  })

  test('if two approvals may be from the same party, no number is claimed to be missing', () => {
    const parties = [...twoParties.parties, { from: ['S0LEGAL'], quorum: 1 }]
    const change = asked({ requirement: { ...twoParties, parties } }, approval(bob), approval(carol))
    expect(read(change)).toContain('This change is waiting for more approvals.')
  })

  test('if as many as needed have approved and it still waits, the card gives the possible reason', () => {
    const change = asked({ requirement: bothOfThem }, approval(bob), approval(carol))
    expect(read(change)).toContain('This change is waiting for more approvals.')
    expect(read(change)).toContain("Enough people have approved, but their approvals can't all be counted together")
    expect(read(asked({ requirement: bothOfThem }, approval(bob)))).not.toContain('Enough people have approved')
  })

  test('if the parties are known, it says whose approval is missing', () => {
    const parties = [
      { from: [dave], quorum: 1 },
      { from: [bob, carol], quorum: 1 },
    ]
    const change = asked({ requirement: { ...twoParties, parties } }, approval(bob), approval(carol))
    expect(read(change)).toContain('○ @U0DAVE: needs 1 approval\n✓ @U0BOB, @U0CAROL: approved by @U0BOB')
    expect(read(change)).not.toContain('Enough people have approved')
  })

  test('of groups whose members are not known, two approvals may count for the same, and of known ones they do not', () => {
    const change = asked({ requirement: twoParties }, approval(bob), approval(carol))
    expect(read(change)).toContain(
      '○ 1 of @S0SECURITY and 1 of @S0OWNERS: approved by @U0BOB 2026-06-01 09:00 UTC, @U0CAROL 2026-06-01 09:00 UTC; may need more, since some of these may count for the same party',
    )
    const seated = [[[bob, carol], []]]
    expect(read({ ...change, seated })).toContain(
      '✓ @S0SECURITY: approved by @U0BOB 2026-06-01 09:00 UTC, @U0CAROL 2026-06-01 09:00 UTC\n○ @S0OWNERS: needs 1 approval',
    )
    expect(read({ ...change, seated })).toContain('This change is waiting for 1 more approval.')
  })

  test('what the current policy asks for on top has lines of its own, with the approvals that count there', () => {
    const today = { ...bothOfThem, parties: [{ from: [carol, dave], quorum: 2 }] }
    const change = asked({ requirement: bothOfThem }, approval(bob), approval(carol), { type: 'ruled_anew', at, today })
    expect(read(change)).toMatch(
      /✓ @U0BOB, @U0CAROL: approved by .*\nThe current policy asks for this as well:\n○ @U0CAROL, @U0DAVE: approved by @U0CAROL [^,]*; needs 1 more\n/,
    )
  })

  test('an approval that was lost is shown as not counting, with the reason', () => {
    const change = asked({}, lastApproval(bob), lostQuorum(bob, 'guests may not decide'))
    expect(read(change)).toContain(
      'This change is waiting for more approvals.\nIt was approved, but when it was due to be applied, the approvals were no longer ' +
        'enough:\n1 more must approve under the current policy',
    )
    expect(read(change)).toContain('Approved by @U0BOB 2026-06-01 09:00 UTC (no longer counts: guests may not decide)')
    expect(card(change).text).not.toContain('Approved by')
  })

  test('an approval found lost before there were enough is shown as lost, and no apply is mentioned', () => {
    const lost = [{ by: bob, why: 'guests may not decide' }]
    const change = asked({ requirement: bothOfThem }, approval(bob), { ...approval(carol), lost } as ChangeEvent)
    expect(read(change)).toContain('Approved by @U0BOB 2026-06-01 09:00 UTC (no longer counts: guests may not decide)')
    expect(read(change)).toContain('This change is waiting for 1 more approval.')
    expect(read(change)).not.toContain('the approvals were no longer enough')
    expect(read(change)).not.toContain('Enough people have approved')
  })

  test('an approval from before a backup was put back is marked as no longer counting, and is given again', () => {
    const putBack = { type: 'put_back', at: '2026-06-02T09:00:00.000Z', by: 'operator:root', voids: [bob] } as const
    const change = asked({}, approval(bob), putBack)
    expect(read(change)).toContain(
      'Approved it before a backup of the database was put back, which no longer counts: @U0BOB',
    )
    expect(read(change)).not.toContain('Approved by')
    const since =
      'A backup of the database was put back 2026-06-02 09:00 UTC. What was decided on this change after that backup was made is no longer known'
    expect(read(change)).toContain(since)
    expect(read(asked({}, putBack, approval(bob)))).toContain(since)
  })

  test('a change that has ended says that nobody knows what was written before a backup was put back', () => {
    const putBack = { type: 'put_back', at: '2026-06-02T09:00:00.000Z', by: 'operator:root', voids: [] } as const
    const cancelled = { type: 'cancelled', at: '2026-06-02T10:00:00.000Z', by: alice } as const
    const since = 'a backup of the database was put back 2026-06-02 09:00 UTC'
    expect(read(asked({}, putBack, cancelled))).toContain(
      `; nothing was written since ${since}; it is not known whether anything was written before that.`,
    )
    const sent = { ...asked({}, ...applying, cancelled), putBackAt: putBack.at }
    expect(read(sent)).toContain(`; it is not known whether more was written before ${since}`)
  })

  test('a backup that was put back is mentioned on every later revision, unless its entry does not know of one', () => {
    const putBack = { type: 'put_back', at: '2026-06-02T09:00:00.000Z', by: 'operator:root', voids: [bob] } as const
    const revised = (known: object) => read(asked({}, approval(bob), putBack, amended(carol, known)))
    expect(revised({ putBackAt: putBack.at })).toContain('A backup of the database was put back 2026-06-02 09:00 UTC.')
    expect(revised({ putBackAt: putBack.at })).toContain(
      'Approved an earlier revision, or before a backup of the database was put back, which no longer counts: @U0BOB',
    )
    expect(revised({})).not.toContain('backup')
  })

  test('a rebased revision says so, and over what', () => {
    const text = read(asked({}, drifted(settings({ name: 'by-hand' })), rebased(alice)))
    expect(text).toContain('Rebased by @U0ALICE 2026-06-01 10:00 UTC onto what had been changed elsewhere')
  })

  test('an approval of an earlier revision is marked as no longer counting', () => {
    const text = read(asked({}, approval(bob), amended(carol)))
    expect(text).toContain('Asked for by @U0ALICE 2026-06-01 09:00 UTC (revision 2)')
    expect(text).toContain('Edited by @U0CAROL, who can no longer decide on it')
    expect(text).toContain('Approved an earlier revision, which no longer counts: @U0BOB')
    expect(text).toContain('This change is waiting for 1 approval.')
    expect(text).not.toContain('Approved by')
  })

  test("the current policy's further demand is named, in the text too", () => {
    const today = { ...bothOfThem, parties: [{ from: [bob, carol], quorum: 2 }], confirm: true }
    const change = asked({}, { type: 'ruled_anew', at, today })
    const said = 'The current policy asks for this as well:\n○ @U0BOB, @U0CAROL: needs 2 approvals\n'
    const typed = 'Whoever approves it has to type the name of the token.'
    expect(read(change)).toContain(said + typed)
    expect(read(change)).toContain('This change is waiting for more approvals.')
    expect(card(change).text).toContain('asks for this as well: ○ <@U0BOB>, <@U0CAROL>: needs 2 approvals.')
    expect(buttonsIn(card(change)).slice(0, 2)).toEqual(['approve', 'reject'])
  })

  test('the card says if the current policy allows nobody to approve it, and why', () => {
    const change = asked({}, { type: 'ruled_anew', at, today: { forbidden: 'The token is protected.' } })
    const said = 'Under the current policy, nobody can approve it. The token is protected.'
    expect(read(change)).toContain(said)
    expect(card(change).text).toContain('Under the current policy, nobody can approve it')
  })

  test('the person looking at it is named until somebody decides', () => {
    const claimed = { type: 'claimed', at, by: bob } as const
    expect(read(asked({}, claimed))).toContain('@U0BOB is looking at it.')
    expect(read(asked({ requirement: bothOfThem }, claimed, approval(bob)))).not.toContain('is looking')
  })
})

describe('other open changes to the same token', () => {
  const others = [
    { id: 43, link: 'https://slack.example/card' },
    { id: 44, link: null },
  ]

  test('are named, with a way to their cards', () => {
    expect(reading(card(asked(), others).blocks)).toContain(
      'Other open changes to this token: [#43](https://slack.example/card), #44. If one of these is applied first, this one stops and has to be rebased, unless both ask for the same.',
    )
  })

  test('can no longer stop one that has stopped', () => {
    const text = reading(card(asked({}, drifted(settings({ name: 'x' }))), others).blocks)
    expect(text).toContain('#44.')
    expect(text).not.toContain('this one stops')
  })

  test('are counted when there are many', () => {
    const many = Array.from({ length: 14 }, (_, i) => ({ id: i + 1, link: null }))
    expect(reading(card(asked(), many).blocks)).toMatch(/: #1, .*, #10 and 4 more/)
  })

  test('are left out of a change that has ended', () => {
    expect(reading(card(inEveryStatus().at(-1)!, others).blocks)).not.toContain('Other open changes')
  })
})

describe('the state of a change', () => {
  test('an interrupted apply says why and when it is tried again', () => {
    const retryAt = '2026-06-01T09:05:00.000Z'
    const text = read(asked({}, ...applying, { type: 'apply_interrupted', at, why: 'the stack is down', retryAt }))
    expect(text).toContain('is approved but not applied yet; the next try is due 2026-06-01 09:05:00 UTC.')
    expect(text).toContain('the stack is down')
  })

  const end = (event: Parameters<typeof asked>[1]) => read(asked({}, ...applying, event!))

  test('each end is shown with its reason, its time and its person', () => {
    expect(read(asked({}, lastApproval(bob)))).toContain('This change is approved and about to be applied.')
    const first = [{ id: 7, link: null, isApplying: true }]
    const waiting = card(asked({}, lastApproval(bob)), first)
    const waits = 'is approved and waits for #7, which comes first for the same token.'
    expect([reading(waiting.blocks), waiting.text]).toEqual([
      expect.stringContaining(waits),
      expect.stringContaining(waits),
    ])
    expect(read(asked())).not.toContain('waits for #7')
    expect(read(asked({}, ...applying))).toContain(
      "This change is approved and being applied now.\nIt can't be cancelled right now: its update may be on its way.",
    )
    const taken = { type: 'write_answered', at, sentAt: at, answer: { kind: 'taken' } } as const
    const answered = read(asked({}, ...applying, taken))
    expect(answered).toContain('It can no longer be cancelled: the stack said that it took the update.')
    expect(answered).not.toContain('may be on its way')
    expect(end({ type: 'applied', at, written: true })).toContain('This change was applied 2026-06-01 09:00 UTC.')
    expect(end({ type: 'applied', at, written: false })).toContain(
      'the token was already set this way, and nothing was written.',
    )
    expect(end({ type: 'apply_refused', at, why: 'the name is taken' })).toContain(
      'failed 2026-06-01 09:00 UTC.\nWhy:\nthe name is taken',
    )
    expect(read(asked({}, { type: 'rejected', at, by: carol, reason: 'not now' }))).toContain(
      'This change was rejected by @U0CAROL 2026-06-01 09:00 UTC.\nThe reason given:\nnot now',
    )
    expect(read(asked({}, { type: 'cancelled', at, by: alice }))).toContain(
      'This change was cancelled by @U0ALICE 2026-06-01 09:00 UTC; nothing was written.',
    )
    expect(read(asked({}, { type: 'expired', at: '2026-06-08T09:00:00.000Z' }))).toContain(
      'This change expired 2026-06-08 09:00 UTC: it was not approved and applied in time, and nothing was written.',
    )
  })

  test('the time until which a change is open is shown only while it waits', () => {
    const open = inEveryStatus().filter((change) => read(change).includes('Open until 2026-06-08 09:00 UTC'))
    expect(open.map(({ status }) => status)).toEqual(['pending', 'approved', 'drifted'])
  })

  const stopped = asked({}, ...applying, drifted(settings({ name: 'by-hand', emailNotice: false })))

  test('a stopped change shows each field that was changed since, as it was and as it is, and what can be done', () => {
    const text = read(stopped)
    expect(text).toContain('the token had been changed elsewhere, and nothing was overwritten.')
    expect(read({ ...stopped, putBackAt: '2026-06-02T09:00:00.000Z' })).toContain(
      'changed elsewhere, or by Countersign itself before a backup was put back, and nothing',
    )
    expect(text).toContain('Changed meanwhile\nName: ci-deploy → by-hand\n')
    expect(text).toContain('E-mail 7 days before expiry: yes → no')
    expect(text).not.toContain('asked for: ')
    expect(text).not.toContain('Branches:')
    expect(text).toContain('Changed by both: Name. A rebase keeps what this change asks for there.')
    expect(text).toContain('Rebase asks for the same edit to the token as it is now, and needs new approvals')
    expect(card(stopped).text).toContain(
      'The token has moved: Name from ci-deploy to by-hand; E-mail 7 days before expiry from yes to no. ' +
        'Changed by both: Name. It can be rebased or cancelled on its card.',
    )
  })

  test('if both have changed branches or aliases, it says that a rebase keeps those of both', () => {
    const after = settings({ name: 'asked', branches: ['main'], aliases: ['live', 'next'] })
    const merges = 'it adds and removes the same branches and aliases, and leaves the others.'
    const both = (live: Partial<Settings>) =>
      read(asked({ after }, ...applying, drifted(settings(live))))
        .split('\n')
        .find((line) => line.startsWith('Changed by both'))
    expect(both({ branches: ['main', 'development', 'x'], aliases: [] })).toBe(
      `Changed by both: Branches, Branch aliases. A rebase keeps the edit there: ${merges}`,
    )
    expect(both({ name: 'by-hand', branches: ['development'] })).toBe(
      `Changed by both: Name, Branches. A rebase keeps what this change asks for there; ${merges}`,
    )
  })

  test('an alias that only points elsewhere is shown as that, and nobody is said to have changed the field', () => {
    const before = settings({ aliases: [], aliasTargets: { preview: 'main' } })
    const after = settings({ aliases: ['preview'], aliasTargets: { preview: 'main' } })
    const stop = (live: Partial<Settings>) =>
      asked(
        { before, after },
        ...applying,
        drifted(settings({ aliases: [], aliasTargets: { preview: 'feature-x' }, ...live })),
      )
    const text = read(stop({}))
    expect(text).toContain('Changed meanwhile\npreview points to: main when asked, feature-x now\nRebase asks for')
    expect(text).not.toContain('Changed by both')
    const renamed = card(stop({ name: 'by-hand' })).text
    expect(renamed).toContain('preview points to feature-x now, but pointed to main when this was asked for')
    expect(renamed).toContain('The token has moved: Name from ci-deploy to by-hand. It can be rebased')
    expect(read(stop({ aliases: ['live'] }))).toContain('Changed by both: Branch aliases.')
  })

  test('the target of an alias that the token has is shown with the field, then and now', () => {
    const before = settings({ aliases: ['live'], aliasTargets: { live: 'main' } })
    const live = settings({ aliases: ['live'], aliasTargets: { live: 'development' } })
    const text = read(asked({ before, after: settings({ aliases: [] }) }, ...applying, drifted(live)))
    expect(text).toContain('Branch aliases: live (→ main) → live (→ development)\n')
    expect(text).not.toMatch(/live points to:|Changed by both/)
  })

  test('fields that only one side has changed are not a collision', () => {
    const change = asked({}, ...applying, drifted(settings({ emailNotice: false })))
    expect(read(change)).not.toContain('Changed by both')
  })
})

describe('the values that would be written', () => {
  const asks = (before: Parameters<typeof settings>[0], after: Parameters<typeof settings>[0]) =>
    asked({ before: settings(before), after: settings(after) })

  test('a long new value is shown to its last character, and only the start of the old one', () => {
    const long = `${'new '.repeat(1500)}END`
    const change = asks({ description: 'old '.repeat(500) }, { description: long })
    const text = read(change)
    expect(text).toContain('before (its first 300 characters; 1,700 more left out):')
    expect(text.replaceAll('\n', '')).toContain(long)
    expect(text).not.toContain('old '.repeat(76))
  })

  test('a long list says what comes and what goes', () => {
    const names = Array.from({ length: 10 }, (_, i) => `b${i}`)
    const text = read(asks({ branches: names }, { branches: [...names.slice(1), 'extra'] }))
    expect(text).toContain('Added (1): extra\nRemoved (1): b0')
    expect(read(asks({ branches: names }, { branches: names.slice(1) }))).toContain('Added: none\nRemoved (1): b0')
    expect(read(asks({ branches: ['a'] }, { branches: ['b'] }))).not.toContain('Removed')
  })

  test('of hundreds of branches, what comes and goes is said first, in the notification too, and those before are not listed', () => {
    const names = Array.from({ length: 200 }, (_, i) => `feature-${i}`)
    const change = asks({ branches: names }, { branches: [...names.slice(1), 'main'] })
    expect(read(change)).toMatch(/Branches\nAdded \(1\): main\nRemoved \(1\): feature-0\nBranches, after:\n/)
    expect(read(change)).not.toContain('before (its first')
    expect(card(change).text).toContain('It asks for: Branches with main added, without feature-0.')
  })

  test('a value with several lines is set apart from the words of the app', () => {
    const change = asks({}, { description: 'harmless\nWhole stack: no access → no access' })
    const apart = parts(card(change).blocks).filter((part) => part.type === 'rich_text_preformatted')
    expect(apart).toHaveLength(2)
    expect(JSON.stringify(apart[1])).toContain('harmless\\nWhole stack: no access → no access')
  })

  test('a right-to-left value is shown as one thing, which cannot turn the arrow around', () => {
    const [old, asked] = ['\u05D0\u05D1', '\u05D2\u05D3']
    const change = asks({ name: old, branches: ['main'] }, { name: asked, branches: ['main', '\u05D4'] })
    const said = reading(card(change).blocks)
    expect(said).toContain(`Name: \u2068${old}\u2069 → \u2068${asked}\u2069`)
    expect(said).toContain('Branches: main → main, ⟨U+05D4⟩')
    expect(card(change).text).toContain(`Name from \u2068${old}\u2069 to \u2068${asked}\u2069`)
  })

  test('somebody who writes the characters that keep such values apart gets them spelled out', () => {
    const change = asks({ name: 'a' }, { name: '\u2069\u05D0\u2068' })
    expect(reading(card(change).blocks)).toContain('Name: a → \u2068⟨U+2069⟩\u05D0⟨U+2068⟩\u2069')
  })

  test('a name that could be taken for another is marked wherever the card says it', () => {
    const change = asks({ name: 'ci\u2011deploy' }, { name: 'ci-deploy ', branches: ['m\u0430in'] })
    const { blocks, text } = card(change)
    const said = reading(blocks)
    expect(said).toContain('Widens ci⟨U+2011⟩deploy: branch m⟨U+0430⟩in, and 2 more · #42')
    expect(said).toContain('Token: ci⟨U+2011⟩deploy')
    expect(said).toContain('Name: ci⟨U+2011⟩deploy → ci-deploy⟨space⟩')
    expect(said).toContain('m⟨U+0430⟩in')
    expect(text).toContain('to token ci⟨U+2011⟩deploy on')
    expect(JSON.stringify([blocks, text])).not.toMatch(/\u2011|\u0430/)
  })

  test('a short value is set as code, so that it cannot pass for the words around it', () => {
    const change = asks({ description: 'a' }, { description: 'b → read' })
    const leaf = parts(card(change).blocks).find((part) => part.text === 'b → read')
    expect(leaf?.style).toEqual({ code: true })
  })

  test('a bare expiry date says when on that day the token stops', () => {
    expect(read(asks({}, { expiresOn: '2027-03-01' }))).toContain(
      'Expires: 2027-01-31 → 2027-03-01 (it stops working 2027-03-01 00:00 UTC)',
    )
  })

  test('scope entries that the app does not understand are shown as kept', () => {
    const otherScope = ['{"module":"magic"}', '{"module":"wand"}']
    const text = read(asks({ otherScope }, { otherScope, name: 'b' }))
    expect(text).toContain(
      'Kept as they are: 2 scope entries that Countersign does not understand\n{"module":"magic"}\n{"module":"wand"}',
    )
  })

  test('in the text every field that has no room is counted', () => {
    const change = asks({}, { name: '<'.repeat(3000), description: '&'.repeat(3000) })
    expect(card(change).text).toContain(`Name from ci-deploy to ${'&lt;'.repeat(59)}…; Description`)
    expect(card(change).text.length).toBeLessThanOrEqual(3900)
  })
})

describe('a change of somebody who may no longer ask', () => {
  const left = { by: alice, why: 'deactivated members may not use Countersign' }
  const { before, after, reason, requirement, expiresAt, remindAt } = asked()
  const content = { before, after, reason, requirement, expiresAt, remindAt, reasonBy: alice }
  const taken: ChangeEvent = {
    ...{ type: 'taken_over', at, by: bob, from: [alice], voids: [], tells: [alice] },
    ...content,
  }
  const orphaned = asked({}, { type: 'askers_barred', at, barred: [left] })

  test('says who that is, who can go on with it, and offers that', () => {
    expect(read(orphaned)).toBe(
      [
        'Waits to be taken over: renames ci-deploy to ci-release · #42',
        'Neutral: what the token may do stays the same.',
        'This change is waiting to be taken over or cancelled.',
        '@U0ALICE asked for this change, and may no longer ask for it: deactivated members may not use Countersign.',
        'To go on, one of these people has to take it over: @U0BOB, @U0CAROL. It then needs new approvals.',
        'Token: ci-deploy',
        'Stack: Website',
        'Asked for by @U0ALICE 2026-06-01 09:00 UTC',
        'Reason',
        'The pipeline moved',
        'What will be written',
        'Name: ci-deploy → ci-release',
        'Open until 2026-06-08 09:00 UTC; then it expires, and nothing is written.',
        'Take over…',
        'Reject…',
        'Cancel…',
      ].join('\n'),
    )
    expect(card(orphaned).text).toContain(
      'is waiting to be taken over or cancelled. <@U0ALICE> asked for this ' +
        'change, and may no longer ask for it: deactivated members may not use Countersign.',
    )
  })

  test('that nobody could take over does not offer it, and says what can be done', () => {
    const heirless: Change = { ...orphaned, heirs: [] }
    expect(read({ ...orphaned, heirs: [bob] })).toContain('one of these people has to take it over: @U0BOB. It then')
    expect(read(heirless)).toContain('This change is waiting to be rejected or cancelled.')
    expect(read(heirless)).toContain('Nobody can take it over: too few people would be left to approve it.')
    expect(read(heirless)).not.toContain('To go on')
    expect(buttonsIn(card(heirless))).toEqual(['reject', 'cancel'])
    const moved = asked({}, drifted(settings({ name: 'by-hand' })), { type: 'askers_barred', at, barred: [left] })
    expect(buttonsIn(card({ ...moved, heirs: [] }))).toEqual(['cancel'])
    expect(read({ ...moved, heirs: [] })).toContain('left to approve it. Cancel it.')
  })

  test('names the editor, if they are the one', () => {
    const edited = asked({}, amended(bob), { type: 'askers_barred', at, barred: [{ ...left, by: bob }] })
    expect(read(edited)).toContain('@U0BOB edited this change, and may no longer ask for it: deactivated members')
    expect(read(edited)).toContain('one of these people has to take it over: @U0ALICE, @U0CAROL.')
  })

  test('that drifted can be taken over or cancelled, and rebased after that', () => {
    const moved = drifted(settings({ name: 'by-hand' }))
    const stopped = asked({}, moved, { type: 'askers_barred', at, barred: [left] })
    expect(buttonsIn(card(stopped))).toEqual(['take_over', 'cancel'])
    expect(buttonsIn(card(asked({}, moved, { type: 'askers_barred', at, barred: [left] }, taken)))).toEqual([
      'rebase',
      'cancel',
    ])
  })

  test('offers the same on App Home, to those it waits for and to its requesters', () => {
    const actionsOf = (blocks: unknown) => parts(blocks).flatMap(({ action_id }) => action_id ?? [])
    expect(actionsOf(decisionButtons(orphaned))).toEqual(['take_over', 'reject', 'cancel'])
    expect(actionsOf(requesterButtons(orphaned))).toEqual(['take_over', 'reject', 'cancel'])
    expect([bob, alice].map((person) => mayNeed({ ...orphaned, approvals: [] }, person))).toEqual([true, true])
  })

  test('that was taken over says who asked, who asks now, and who gave the reason', () => {
    const said = read(asked({}, taken))
    expect(said).toContain('Asked for by @U0ALICE 2026-06-01 09:00 UTC (revision 2)')
    expect(said).toContain('Taken over from @U0ALICE by @U0BOB 2026-06-01 09:00 UTC, who can no longer decide on it')
    expect(said).toContain('Reason, given by @U0ALICE\nThe pipeline moved')
    expect(said).toContain('○ @U0CAROL: needs 1 approval')
  })
})

test('a reason keeps its author, whoever edits the rest', () => {
  const [byAlice, byBob] = [alice, bob].map((reasonBy) => asked({}, amended(bob, { reasonBy })))
  expect(read(byAlice!)).toContain('Reason, given by @U0ALICE\n')
  expect(read(byBob!)).toContain('Reason, given by @U0BOB\n')
  expect(card(byBob!).text).toContain('Reason, given by <@U0BOB>: The pipeline moved.')
  expect(read(asked({}, amended(bob)))).toContain('Reason\nThe pipeline moved')
  expect(read(asked({ enteredBy: 'operator:ops' }))).toContain('Reason, given by operator ops\n')
})

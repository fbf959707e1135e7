import fc from 'fast-check'
import type { Change, ChangeEvent } from '../../../src/domain/change.ts'
import { evolve, open } from '../../../src/domain/change.ts'
import { modules, type Settings, type StackFacts } from '../../../src/domain/token.ts'
import { alice, bob, carol } from '../../support/world.ts'

/** What somebody would write to mislead an approver, to summon a channel, or to break a layout. */
const tricks = [
  '<!channel>',
  '<!here|x>',
  '<@U1>',
  '<#C1>',
  '<https://evil.example|Approve>',
  '&amp;',
  '&',
  '*_~`',
  '```',
  ':x:',
  '> quote',
  ' → read and write',
  '\u202E',
  '\u2066',
  '\u200B',
  '\u200D',
  '\uFEFF',
  '\u{E0041}',
  '\u0000',
  '\t',
  '\r\n',
  '\n',
  '\u2028',
  '\uD800',
  '\uFE0F',
  '😀',
  'ä',
  ' ',
] as const

const trick = fc.oneof(fc.constantFrom(...tricks), fc.string({ unit: 'grapheme', maxLength: 8 }))

/** Up to 3,000 characters, as much as anybody can type into Slack; often very short, or as long as possible. */
export const hostileText = fc.oneof(
  fc.constant(''),
  fc.array(trick, { maxLength: 6 }).map((all) => all.join('')),
  fc.tuple(trick, trick).map(([a, b]) => (a + b || 'x').repeat(3000).slice(0, 3000)),
)

const shortText = hostileText.map((text) => text.slice(0, 60))
const branchNames = fc.oneof(
  fc.uniqueArray(shortText, { maxLength: 6 }),
  fc.integer({ min: 90, max: 300 }).map((n) => Array.from({ length: n }, (_, i) => `<!channel>-branch-${i}`)),
)
const access = fc.constantFrom('read', 'write')
const rate = fc.oneof(fc.nat({ max: 1000 }), fc.double({ noNaN: true, noDefaultInfinity: true }))

export const anySettings: fc.Arbitrary<Settings> = fc.record({
  name: hostileText,
  description: hostileText,
  branches: branchNames,
  aliases: branchNames,
  permissions: fc.record({
    everything: fc.constantFrom('none', 'read', 'write'),
    modules: fc.dictionary(fc.constantFrom(...modules), access, { noNullPrototype: true }),
  }),
  expiresOn: fc.oneof(
    fc.constantFrom(null, '2027-01-31', '2027-01-31T00:00:00.000Z', '2027-01-31T23:30:00-05:00'),
    shortText,
  ),
  emailNotice: fc.boolean(),
  rateLimits: fc.oneof(
    fc.constantFrom({ kind: 'organisation' as const }, { kind: 'ungoverned' as const }),
    fc.record({ kind: fc.constant('custom' as const), read: rate, write: rate }),
  ),
  otherScope: fc.array(hostileText, { maxLength: 3 }),
})

export const anyFacts: fc.Arbitrary<StackFacts> = fc.record({
  title: shortText,
  branchesEnabled: fc.boolean(),
  branches: branchNames,
  aliases: branchNames,
  organisationLimits: fc.constantFrom(null, { read: 100, write: 50 }),
  rateLimitsGoverned: fc.boolean(),
})

const at = '2026-06-01T09:00:00.000Z'
const yes = (by: string, quorum: boolean): ChangeEvent => ({ type: 'approved', at, by, revision: 1, quorum })
const lease = { holder: 'first', until: at }
const started: ChangeEvent[] = [yes(bob, true), { type: 'apply_started', at, lease }]

/** The ways of a change, ending in each status. */
function histories(text: string, live: Settings): ChangeEvent[][] {
  return [
    [],
    [yes(bob, false)],
    [yes(bob, false), yes(carol, true)],
    started,
    [...started, { type: 'apply_interrupted', at, why: text, retryAt: at }],
    [...started, { type: 'applied', at, written: true }],
    [...started, { type: 'applied', at, written: false }],
    [...started, { type: 'apply_refused', at, why: text }],
    [...started, { type: 'drift_found', at, live }],
    [{ type: 'rejected', at, by: bob, reason: text }],
    [{ type: 'cancelled', at, by: alice }],
  ]
}

/** One change in every state, all with the same hostile content. */
export const anyChanges: fc.Arbitrary<Change[]> = fc
  .record({ before: anySettings, after: anySettings, live: anySettings, reason: hostileText, text: hostileText })
  .map(({ before, after, live, reason, text }) =>
    histories(text, live).map((events) =>
      events.reduce(
        evolve,
        open(42, { type: 'proposed', at, stack: 'website', tokenUid: 't1', requester: alice, reason, before, after }),
      ),
    ),
  )

/** All that a change can hold at once, in every state: every field changed, every text full of one character. */
export function worstChanges(character: string): Change[] {
  const full = character.repeat(3000)
  const names = (word: string) => Array.from({ length: 300 }, (_, i) => `${word}-${i}`.padEnd(15, 'x'))
  const side = (word: string, granted: 'read' | 'write'): Settings => ({
    name: `${word}${full}`.slice(0, 3000),
    description: `${word}${full}`.slice(0, 3000),
    branches: names(word),
    aliases: names(word),
    permissions: {
      everything: granted,
      modules: Object.fromEntries(modules.map((module) => [module, granted])),
    },
    expiresOn: granted === 'read' ? null : '2027-01-31',
    emailNotice: granted === 'read',
    rateLimits: { kind: 'custom', read: granted === 'read' ? 1 : 2, write: 1 },
    otherScope: [`${word}${full}`],
  })
  const proposed = { stack: 'website', tokenUid: 't1', requester: alice, reason: full }
  return histories(full, side('now', 'write')).map((events) =>
    events.reduce(
      evolve,
      open(42, { type: 'proposed', at, ...proposed, before: side('old', 'read'), after: side('new', 'write') }),
    ),
  )
}

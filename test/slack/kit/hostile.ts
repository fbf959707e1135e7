import fc from 'fast-check'
import type { Change } from '../../../src/domain/change/change.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import type { Revised } from '../../../src/domain/change/parts.ts'
import type { Requirement } from '../../../src/domain/policy/policy.ts'
import { modules, type Settings, type StackFacts } from '../../../src/domain/token/token.ts'
import { alice, bob, carol } from '../../support/world.ts'
import { approval, asked, at, drifted, lastApproval, lostQuorum, owners, revised, security } from './asked.ts'

/** Text that somebody might write to mislead an approver, to notify a channel, or to break a layout. */
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
  '\u05D0\u05D1',
  '\u0627 \u0661',
  '\u0430',
  '\u2011',
  '\u00A0',
] as const

const trick = fc.oneof(fc.constantFrom(...tricks), fc.string({ unit: 'grapheme', maxLength: 8 }))

/** Up to 3,000 characters, the most anybody can type into Slack; often very short, or as long as possible. */
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
  aliasTargets: fc.constantFrom({ '<!channel>-branch-1': '<!here>\u05D0' }, { '': '\u202Emain', '&': 'main' }),
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

const lease = { holder: 'first', until: at }
const started: ChangeEvent = { type: 'apply_started', at, lease, seal: 'sealed' }

/** Histories of a change that end in each status and pass through everything that leaves a mark on a card. */
function histories(text: string, live: Settings, again: Revised): ChangeEvent[][] {
  const yes = [approval(bob, text), lastApproval(carol, text)]
  const lost: ChangeEvent = lostQuorum(bob, text, text)
  const edited: ChangeEvent = { type: 'amended', at, by: carol, ...again, voids: [bob] }
  const claimed: ChangeEvent = { type: 'claimed', at, by: bob }
  return [
    [],
    [approval(bob, text), claimed],
    [...yes],
    [{ type: 'ruled_anew', at, today: again.requirement }],
    [{ type: 'ruled_anew', at, today: { forbidden: text } }],
    [...yes, lost],
    [...yes, { type: 'put_back', at, by: 'operator:root', voids: [bob, carol] }],
    [approval(bob, text), edited, claimed],
    [edited, { type: 'askers_barred', at, barred: [alice, carol].map((by) => ({ by, why: text })) }],
    [...yes, started, drifted(live), { type: 'askers_barred', at, barred: [{ by: alice, why: text }] }],
    [edited, { type: 'taken_over', at, by: carol, from: [alice], ...again, voids: [], tells: [alice] }],
    [...yes, started],
    [...yes, started, { type: 'apply_interrupted', at, why: text, retryAt: at }],
    [...yes, started, { type: 'applied', at, written: true }],
    [...yes, started, { type: 'applied', at, written: false }],
    [...yes, started, { type: 'apply_refused', at, why: text }],
    [...yes, started, drifted(live)],
    [...yes, started, drifted(live), { type: 'rebased', at, by: alice, ...again, before: live, voids: [bob, carol] }],
    [{ type: 'set_aside', at, why: text }],
    [...yes, started, { type: 'set_aside', at, why: text }],
    [...yes, started, drifted(live), { type: 'set_aside', at, why: text }],
    [{ type: 'rejected', at, by: bob, reason: text }],
    [{ type: 'cancelled', at, by: alice }],
    [{ type: 'expired', at }],
  ]
}

const person = fc.constantFrom(alice, bob, carol, security, owners)
const party = fc.record({ from: fc.uniqueArray(person, { minLength: 1 }), quorum: fc.integer({ min: 1, max: 9 }) })
export const anyRequirement: fc.Arbitrary<Requirement> = fc.record({
  rule: shortText,
  parties: fc.array(party, { minLength: 1, maxLength: 30 }),
  confirm: fc.boolean(),
})

/** One change in every state, all with the same hostile content. */
export const anyChanges: fc.Arbitrary<Change[]> = fc
  .record({
    before: anySettings,
    after: anySettings,
    live: anySettings,
    reason: hostileText,
    text: hostileText,
    requirement: anyRequirement,
  })
  .map(({ live, text, ...content }) =>
    histories(text, live, revised(content)).map((events) => asked(content, ...events)),
  )

const manyPeople = Array.from({ length: 60 }, (_, i) => `U0PERSON${i}`)

/** The most that a change can hold at once, in every state: every field changed, every text full of one character. */
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
  const parties = Array.from({ length: 30 }, () => ({ from: [owners, ...manyPeople], quorum: 2 }))
  const requirement: Requirement = { rule: full, parties, confirm: true }
  const content = { reason: full, requirement, before: side('old', 'read'), after: side('new', 'write') }
  const everybody = manyPeople.map((by) => approval(by, full))
  const all = histories(full, side('now', 'write'), revised(content))
  return [
    ...all.map((events) => asked(content, ...events)),
    asked(content, ...everybody),
    asked(content, ...everybody, ...all.find((events) => events.at(-1)?.type === 'drift_found')!),
  ]
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reasonsOf } from '../../../src/domain/policy/reasons.ts'
import { effectsOf, type Verdict, verdictOf } from '../../../src/domain/policy/widening.ts'
import { rebase } from '../../../src/domain/token/rebase.ts'
import { type Access, modules, type Settings } from '../../../src/domain/token/token.ts'
import { someSettings, stepFrom } from '../../support/settings.ts'

const verdict = (before: Settings, after: Settings) => verdictOf(effectsOf(before, after))
const opposite: Record<Verdict, Verdict> = { widens: 'narrows', narrows: 'widens', both: 'both', neutral: 'neutral' }

const pair = someSettings.chain((from) => fc.tuple(fc.constant(from), fc.oneof(stepFrom(from), someSettings)))
const three = pair.chain(([a, b]) => fc.tuple(fc.constant(a), fc.constant(b), fc.oneof(stepFrom(b), someSettings)))

/** Everything that a token may do, in another form than in the code under test: every single permission on its own. */
function abilities({ permissions, branches, aliases, expiresOn, rateLimits }: Settings): Set<string> {
  const may: Record<Access, string[]> = { none: [], read: ['read'], write: ['read', 'write'] }
  const limited = branches.length > 0 || aliases.length > 0
  const rate = (of: 'read' | 'write') =>
    Array.from({ length: rateLimits.kind === 'custom' ? rateLimits[of] : 50 }, (_, i) => `${of} ${i} times`)
  return new Set([
    ...may[permissions.everything].flatMap((verb) => ['unheard of', ...modules].map((on) => `${verb} ${on}`)),
    ...modules.flatMap((on) => may[permissions.modules[on] ?? 'none'].map((verb) => `${verb} ${on}`)),
    ...(limited ? branches : ['main', 'development', 'feature-x', 'one to come']).map((name) => `on branch ${name}`),
    ...(limited ? aliases : ['live', 'preview', 'one to come']).map((name) => `on alias ${name}`),
    ...['2027-01-30', '2027-01-31T03:00Z', '2027-03-01', '2099-01-01'].filter(
      (day) => expiresOn === null || Date.parse(day) < Date.parse(expiresOn),
    ),
    ...rate('read'),
    ...rate('write'),
  ])
}

/**
 * True if reach or access moves beside an entry that nobody understands, or if a first name is added or the last one
 * removed.
 */
function isBesideUnclear(before: Settings, after: Settings): boolean {
  const unclear = [before, after].some(({ otherScope }) => otherScope.length > 0)
  const named = (of: Settings) => [...of.branches.map((name) => `b ${name}`), ...of.aliases.map((name) => `a ${name}`)]
  const may = (of: Settings) => [...abilities({ ...of, branches: [], aliases: [] })]
  const plain = { expiresOn: null, rateLimits: { kind: 'organisation' as const } }
  const moved = (of: (settings: Settings) => string[]) =>
    of({ ...before, ...plain })
      .sort()
      .join() !==
    of({ ...after, ...plain })
      .sort()
      .join()
  if (unclear) return moved(named) || moved(may)
  if ([before, after].some(grantsLess) && moved(entries)) return true
  return (named(before).length === 0) !== (named(after).length === 0)
}

function entries({ permissions: { everything, modules } }: Settings): string[] {
  return [`everything ${everything}`, ...Object.entries(modules).map((one) => one.join(' '))]
}

/** Less for some module than for the whole stack. */
function grantsLess({ permissions: { everything, modules } }: Settings): boolean {
  return everything === 'write' && Object.values(modules).includes('read')
}

/** The verdict that follows from comparing everything that the token may do before and after. */
function expected(before: Settings, after: Settings): Verdict {
  const [then, next] = [abilities(before), abilities(after)]
  const unknown = [...new Set(before.otherScope)].sort().join() !== [...new Set(after.otherScope)].sort().join()
  if (isBesideUnclear(before, after)) return 'both'
  const wider = unknown || [...next].some((ability) => !then.has(ability))
  const narrower = unknown || [...then].some((ability) => !next.has(ability))
  if (wider) return narrower ? 'both' : 'widens'
  return narrower ? 'narrows' : 'neutral'
}

test('the verdict equals the result of comparing every single ability', () => {
  const seen = new Map<Verdict, number>()
  fc.assert(
    fc.property(pair, ([before, after]) => {
      const found = verdict(before, after)
      seen.set(found, (seen.get(found) ?? 0) + 1)
      expect(found).toBe(expected(before, after))
    }),
    { numRuns: 1000 },
  )
  for (const each of ['widens', 'narrows', 'both', 'neutral'] as const) expect(seen.get(each) ?? 0).toBeGreaterThan(20)
})

test('the change the other way round has the opposite verdict', () => {
  fc.assert(
    fc.property(pair, ([before, after]) => {
      expect(verdict(after, before)).toBe(opposite[verdict(before, after)])
    }),
  )
})

test('there is no reason exactly if the verdict is neutral, and never the same reason twice', () => {
  fc.assert(
    fc.property(pair, ([before, after]) => {
      const reasons = reasonsOf(effectsOf(before, after))
      expect(reasons.length === 0).toBe(verdict(before, after) === 'neutral')
      expect(new Set(reasons).size).toBe(reasons.length)
    }),
  )
})

test('widening twice widens, narrowing twice narrows, and a neutral change makes no difference', () => {
  fc.assert(
    fc.property(three, ([a, b, c]) => {
      const [first, second] = [verdict(a, b), verdict(b, c)]
      if (first === second && first !== 'both') expect(verdict(a, c)).toBe(first)
      if (first === 'neutral') expect(verdict(a, c)).toBe(second)
      if (second === 'neutral') expect(verdict(a, c)).toBe(first)
    }),
    { numRuns: 1000 },
  )
})

test('a rebase over what was there anyway is the same edit, with the same verdict', () => {
  fc.assert(
    fc.property(pair, ([before, asked]) => {
      const after = { ...asked, otherScope: before.otherScope }
      expect(verdict(before, rebase({ before, after }, before))).toBe(verdict(before, after))
    }),
  )
})

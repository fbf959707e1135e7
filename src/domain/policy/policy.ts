import { millisecondsInDay } from 'date-fns/constants'
import { z } from 'zod'
import type { Effect } from '../token/effect.ts'
import { instantOf } from '../token/expiry.ts'
import { type Module, modules, type Settings } from '../token/token.ts'
import { matches } from './glob.ts'
import { effectsOf, verdictOf } from './verdict.ts'

/** A Slack member (U… or W…) or a user group (S…). */
const who = z.string().regex(/^[UWS][A-Z0-9]+$/, 'use a Slack member id (U…) or user group id (S…)')

/** Whether an id is that of a user group, and not of one person. */
export function isGroup(id: string): boolean {
  return id.startsWith('S')
}

/** So many distinct people out of these. */
const party = z.object({ from: z.array(who).min(1).readonly(), quorum: z.int().positive() }).readonly()
export type Party = z.infer<typeof party>

/** Every condition that is given has to hold. */
const condition = z.strictObject({
  verdict: z.enum(['widens', 'narrows', 'both', 'neutral']).array().min(1).optional(),
  /** Gains access to one of these: `write` to anything, `$all`, or any access to a module. */
  gains: z
    .enum(['write', '$all', ...modules])
    .array()
    .min(1)
    .optional(),
  /** Adds or removes a branch or alias of such a name, or an alias that points to a branch of such a name. */
  touches: z.string().array().min(1).optional(),
  /** `removed`: it expired, and would not any more. `laterThanDays`: it would live longer than that, counted from the asking. */
  expiry: z.union([z.literal('removed'), z.object({ laterThanDays: z.number().positive() })]).optional(),
  /** After the change the token can, or can't, write something. */
  writes: z.boolean().optional(),
  rateLimits: z.literal('raised').optional(),
  /** The token's name or uid. */
  token: z.string().array().min(1).optional(),
  /** What the configuration calls the stack: for a policy of several. */
  stack: z.string().array().min(1).optional(),
  requester: who.array().min(1).optional(),
})
export type Condition = z.infer<typeof condition>

const outcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ask'),
    parties: z.array(party).min(1).readonly(),
    /** Approving asks the approver to type the token's name. */
    confirm: z.boolean(),
  }),
  z.object({ kind: z.literal('refuse'), because: z.string().min(1) }),
])

const rule = z.object({ name: z.string().min(1), when: condition, outcome }).readonly()
export type Rule = z.infer<typeof rule>

/** Who may ask, who may decide on what, and how long a change waits. Times in milliseconds. */
export const policy = z
  .object({
    /** Null: every full member of the workspace. */
    mayAsk: z.array(who).min(1).readonly().nullable(),
    /** Names or uids of tokens that nobody may change here. */
    protects: z.array(z.string()).readonly(),
    rules: z.array(rule).min(1).readonly(),
    lives: z.number().positive(),
    remindsAfter: z.number().positive(),
    nudgeEvery: z.number().positive(),
  })
  .readonly()
export type Policy = z.infer<typeof policy>

/** What a change has to meet: the rule it met when it was asked for, kept with it. */
export const requirement = z
  .object({
    rule: z.string(),
    parties: z.array(party).readonly(),
    confirm: z.boolean(),
    /** The digest of the policy that it is a rule of. What the first releases kept doesn't say. */
    policy: z.string().optional(),
  })
  .readonly()
export type Requirement = z.infer<typeof requirement>

/** What a policy says of an edit: what it has to meet, or why nobody may approve it. */
export const ruling = z.union([requirement, z.object({ forbidden: z.string() }).readonly()])
export type Ruling = z.infer<typeof ruling>

/** Whether two rulings come to the same, whatever their rules are called. */
export function asksTheSame(one: Ruling | null, other: Ruling | null): boolean {
  return JSON.stringify(demandOf(one)) === JSON.stringify(demandOf(other))
}

function demandOf(ruling: Ruling | null) {
  return ruling === null || 'forbidden' in ruling ? ruling : [ruling.parties, ruling.confirm]
}

export type Asked = {
  readonly before: Settings
  readonly after: Settings
  readonly tokenUid: string
  readonly stack: string
  /** The requester's id, and those of the user groups that the policy names and they are in. */
  readonly requesterIs: readonly string[]
  readonly now: Date
}

/** The first rule that fits, or null when none does, which means that nobody may approve it. */
export function ruleFor(policy: Policy, asked: Asked): Rule | null {
  let known: readonly Effect[] | undefined
  const effects = () => (known ??= effectsOf(asked.before, asked.after))
  return policy.rules.find((rule) => fits(rule.when, asked, effects)) ?? null
}

/** Why nobody may change this token, or give it the name that it would get; null when the policy does not protect it. */
export function protection(policy: Policy, { tokenUid, before, after }: Protectable): string | null {
  const covers = (text: string) => policy.protects.some((pattern) => fitsName(pattern, text))
  if (covers(tokenUid) || covers(before.name)) return 'This token is protected: nobody can change it here.'
  if (after === undefined || !covers(after.name)) return null
  return 'The name that it would get is protected: nobody can give it to a token here.'
}

/** A stack may keep a name without needless spaces or in small letters, so that such a name is that name. */
function fitsName(pattern: string, name: string): boolean {
  return matches(pattern, name) || matches(folded(pattern), folded(name))
}

function folded(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
}

type Protectable = Pick<Asked, 'tokenUid' | 'before'> & { readonly after?: Settings | undefined }

/** `effects` are worked out for the first condition that asks for them: an approver waits for this, and many rules ask for none. */
function fits(when: Condition, asked: Asked, effects: () => readonly Effect[]): boolean {
  const { before, tokenUid, stack, requesterIs } = asked
  return (
    (!when.verdict || when.verdict.includes(verdictOf(effects()))) &&
    (!when.gains || when.gains.some((gain) => gains(gain, effects()))) &&
    (!when.touches || touches(when.touches, effects())) &&
    (!when.expiry || expiryFits(when.expiry, asked)) &&
    (when.writes === undefined || when.writes === canWrite(asked.after)) &&
    (!when.rateLimits || effects().some(({ direction, what }) => what.kind === 'rate' && direction === 'wider')) &&
    (!when.token || when.token.some((pattern) => matches(pattern, tokenUid) || matches(pattern, before.name))) &&
    (!when.stack || when.stack.some((pattern) => matches(pattern, stack))) &&
    (!when.requester || when.requester.some((id) => requesterIs.includes(id)))
  )
}

/** Access that is not understood counts as gained, whatever was asked about: nobody can say that it was not. */
function gains(gain: 'write' | '$all' | Module, effects: readonly Effect[]): boolean {
  return effects.some(({ direction, what }) => {
    if (direction === 'unknown') return true
    if (what.kind !== 'access' || direction !== 'wider') return false
    return gain === 'write' ? what.after === 'write' : what.to === gain
  })
}

/**
 * By what is added or taken away, as the verdict sees it: an alias goes by its name, and by that of the branch that it is known to
 * point to. What is not understood may reach anything, as may an alias of which nobody knows where it points, and a token that names its first branch, or none any more.
 */
function touches(patterns: readonly string[], effects: readonly Effect[]): boolean {
  const touched = (name: string) => patterns.some((pattern) => matches(pattern, name))
  return effects.some(({ direction, what }) => {
    if (direction === 'unknown') return true
    if (what.kind === 'alias') return what.target === undefined || touched(what.name) || touched(what.target)
    return what.kind === 'branch' && touched(what.name)
  })
}

function expiryFits(expiry: NonNullable<Condition['expiry']>, { before, after, now }: Asked): boolean {
  const next = instantOf(after.expiresOn)
  if (expiry === 'removed') return before.expiresOn !== null && next === null
  return !(next !== null && next - now.getTime() <= expiry.laterThanDays * millisecondsInDay)
}

/** Scope entries that the app does not understand might grant writing, so they count as if they did. */
function canWrite({ permissions: { everything, modules }, otherScope }: Settings): boolean {
  return everything === 'write' || Object.values(modules).includes('write') || otherScope.length > 0
}

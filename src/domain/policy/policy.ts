import { z } from 'zod'
import type { Effect } from '../token/effect.ts'
import type { Settings } from '../token/token.ts'
import type { Asked } from './condition.ts'
import { matches } from './glob.ts'
import { effectsOf } from './verdict.ts'
import { fits, keptWhen } from './when.ts'
import { who } from './written.ts'

/** Whether an id is that of a user group, and not of one person. */
export function isGroup(id: string): boolean {
  return id.startsWith('S')
}

/** So many distinct people out of these. */
const party = z.object({ from: z.array(who).min(1).readonly(), quorum: z.int().positive() }).readonly()
export type Party = z.infer<typeof party>

const outcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ask'),
    parties: z.array(party).min(1).readonly(),
    /** Approving asks the approver to type the token's name. */
    confirm: z.boolean(),
  }),
  z.object({ kind: z.literal('refuse'), because: z.string().min(1) }),
])

const rule = z.object({ name: z.string().min(1), when: keptWhen, outcome }).readonly()
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

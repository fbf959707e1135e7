import { z } from 'zod'
import type { Settings } from '../token/token.ts'
import type { Asked } from './condition.ts'
import { matches } from './glob.ts'
import { keptWhen } from './when.ts'
import { who } from './written.ts'

/** True for the id of a user group, false for a person's. */
export function isGroup(id: string): boolean {
  return id.startsWith('S')
}

/** This many different people out of these. */
const party = z.object({ from: z.array(who).min(1).readonly(), quorum: z.int().positive() }).readonly()
export type Party = z.infer<typeof party>

const outcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ask'),
    parties: z.array(party).min(1).readonly(),
    /** The approver has to type the token's name. */
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

/** The approvals that a change needs: from the rule it met when it was requested, kept with the change. */
export const requirement = z
  .object({
    rule: z.string(),
    parties: z.array(party).readonly(),
    confirm: z.boolean(),
    /** The digest of the policy that the rule is from. The first releases did not keep it. */
    policy: z.string().optional(),
  })
  .readonly()
export type Requirement = z.infer<typeof requirement>

/** The answer of a policy to an edit: the approvals it needs, or the reason why nobody may approve it. */
export const ruling = z.union([requirement, z.object({ forbidden: z.string() }).readonly()])
export type Ruling = z.infer<typeof ruling>

/** True if two rulings ask for the same, whatever their rules are called. */
export function asksTheSame(one: Ruling | null, other: Ruling | null): boolean {
  return JSON.stringify(demandOf(one)) === JSON.stringify(demandOf(other))
}

function demandOf(ruling: Ruling | null) {
  return ruling === null || 'forbidden' in ruling ? ruling : [ruling.parties, ruling.confirm]
}

/** The reason why nobody may change this token, or give it its new name; null if the policy does not protect it. */
export function protection(policy: Policy, { tokenUid, before, after }: Protectable): string | null {
  const covers = (text: string) => policy.protects.some((pattern) => fitsName(pattern, text))
  if (covers(tokenUid) || covers(before.name)) return 'This token is protected: nobody can change it here.'
  if (after === undefined || !covers(after.name)) return null
  return 'The name that it would get is protected: nobody can give it to a token here.'
}

/** A stack may drop needless spaces or capitals from a name, so names that differ only in these count as one. */
function fitsName(pattern: string, name: string): boolean {
  return matches(pattern, name) || matches(folded(pattern), folded(name))
}

function folded(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
}

type Protectable = Pick<Asked, 'tokenUid' | 'before'> & { readonly after?: Settings | undefined }

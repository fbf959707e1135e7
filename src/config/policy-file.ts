import { z } from 'zod'
import { type Party, type Policy, policy, type Rule } from '../domain/policy/policy.ts'
import { writtenWhen } from '../domain/policy/when.ts'
import { duration, list, pattern, who } from '../domain/policy/written.ts'

/** People and user groups: one, or a list of them. */
export const whoList = list(who)
/** Ends as a sentence, since people read another one after it. */
const words = z
  .string()
  .trim()
  .min(1, 'say in words why this is refused')
  .transform((text) => (/[.!?]$/.test(text) ? text : `${text}.`))

/** Number of approvals. More than anybody could collect is a slip, such as an id in the wrong place. */
export const quorum = z.int().positive().max(100, 'ask for at most 100 approvals')

const party = z.strictObject({ from: whoList, quorum: quorum.default(1) })

const rule = z
  .strictObject({
    name: z.string().min(1),
    when: writtenWhen.default({}),
    approvers: whoList.optional(),
    quorum: quorum.optional(),
    /** Several parties, each with its own quorum. */
    all_of: z.array(party).min(1).optional(),
    confirm: z.boolean().default(false),
    refuse: words.optional(),
  })
  .refine((rule) => [rule.approvers, rule.all_of, rule.refuse].filter((way) => way !== undefined).length === 1, {
    message: 'a rule has either approvers, or all_of, or refuse',
  })
  .refine((rule) => rule.quorum === undefined || rule.approvers !== undefined, {
    message: 'quorum goes with approvers; in all_of each party has its own',
  })

/** `policy:` as an operator writes it, for all stacks or for one. */
export const policyFile = z.strictObject({
  may_ask: whoList.optional(),
  protects: list(pattern).default([]),
  rules: z.array(rule).min(1),
  lives: duration.prefault('7d'),
  reminds_after: duration.prefault('4h'),
  nudge_every: duration.prefault('1h'),
})
export type PolicyFile = z.infer<typeof policyFile>
type RuleFile = PolicyFile['rules'][number]

/** The policy that the file means. */
export function policyFrom(file: PolicyFile): Policy {
  return policy.parse({
    mayAsk: file.may_ask ?? null,
    protects: file.protects,
    rules: file.rules.map(ruleFrom),
    lives: file.lives,
    remindsAfter: file.reminds_after,
    nudgeEvery: file.nudge_every,
  })
}

/** The short form: this many of these people, for every change. */
export function simplePolicy(approvers: readonly string[], approvals: number): PolicyFile {
  return policyFile.parse({ rules: [{ name: 'approvers', approvers, quorum: approvals }] })
}

function ruleFrom(rule: RuleFile): Rule {
  const { name, when, confirm, refuse } = rule
  if (refuse !== undefined) return { name, when, outcome: { kind: 'refuse', because: refuse } }
  return { name, when, outcome: { kind: 'ask', parties: partiesOf(rule), confirm } }
}

function partiesOf({ approvers, quorum, all_of }: RuleFile): Party[] {
  return all_of ?? (approvers ? [{ from: approvers, quorum: quorum ?? 1 }] : [])
}

import { matchesAny } from '../domain/policy/glob.ts'
import { isGroup, type Rule } from '../domain/policy/policy.ts'
import { canBeMet } from '../domain/policy/quorum.ts'
import { fitsNothing, shadowedBy } from '../domain/policy/reach.ts'
import { mistakesIn } from '../domain/policy/when.ts'
import { type PolicyFile, policyFrom } from './policy-file.ts'
import type { Problem } from './yaml.ts'

/** A stack that a policy is for. */
export type Ruled = { readonly name: string; readonly rate_limit_fields?: object | undefined }

/**
 * Rules that can't work: no change can meet them, two have the same name, they are about none of the policy's `stacks`, or they
 * need more people than they name.
 */
export function policyProblems(file: PolicyFile, stacks: readonly Ruled[]): Problem[] {
  const { rules } = policyFrom(file)
  const ruled = stacks.map(({ name, rate_limit_fields: of }) => ({ name, rateLimitsGoverned: of !== undefined }))
  const placed = rules.map((rule) => onStacks(rule, stacks))
  return rules.flatMap((rule, i) => [
    ...ruleProblems(placed[i]!, placed.slice(0, i)).map((message) => ({ path: ['rules', i], message })),
    ...mistakesIn(rule.when, ruled).map(({ setting, says }) => ({
      path: ['rules', i, 'when', setting],
      message: `the rule "${rule.name}" ${says}`,
    })),
  ])
}

/** The rule with the names of its stacks instead of patterns, so that two rules can be compared by them. */
function onStacks(rule: Rule, stacks: readonly Ruled[]): Rule {
  const { stack: patterns = ['*'] } = rule.when
  const stack = stacks.map(({ name }) => name).filter((name) => matchesAny(patterns, name))
  return stack.length > 0 ? { ...rule, when: { ...rule.when, stack } } : rule
}

function ruleProblems(rule: Rule, earlier: readonly Rule[]): string[] {
  const { name, when } = rule
  const shadows = shadowedBy(when, earlier).map((other) => `"${other.name}"`)
  return [
    ...(fitsNothing(when)
      ? [`the rule "${name}" fits no change: no change with this verdict can meet its other conditions`]
      : []),
    ...(shadows.length > 0
      ? [`the rule "${name}" is never reached, since every change that it fits meets ${shadows.join(' or ')} first`]
      : []),
    ...(earlier.some((other) => other.name === name) ? [`two rules are called "${name}"`] : []),
    ...quorumProblems(rule),
  ]
}

/** Leaves out rules with user groups, since only Slack knows who is in them. */
function quorumProblems({ name, outcome }: Rule): string[] {
  if (outcome.kind !== 'ask') return []
  const parties = outcome.parties.map(({ from, quorum }) => ({ people: from, quorum }))
  const named = new Set(parties.flatMap(({ people }) => people))
  if ([...named].some(isGroup) || canBeMet(parties, [])) return []
  const wanted = parties.reduce((sum, { quorum }) => sum + quorum, 0)
  return [`the rule "${name}" wants ${wanted} approvals by different people, but names only ${named.size}`]
}

import { isDeepStrictEqual } from 'node:util'
import { asTyped } from '../domain/as-typed.ts'
import type { Policy, Rule } from '../domain/policy/policy.ts'
import type { Config, StackConfig } from './settings.ts'

/** The differences between two sets of settings, a sentence each, for whoever has just changed them; no secrets. */
export function changesBetween(before: Config, after: Config): string[] {
  const pairs = after.stacks.map((stack) => ({ was: before.stacks.find(isSame(stack)), is: stack }))
  const gone = before.stacks.filter((stack) => !after.stacks.some(isSame(stack)))
  return [
    ...pairs.flatMap(({ was, is }) => (was === undefined ? added(is) : changedStack(was, is))),
    ...gone.map(({ name }) => `The stack "${name}" was removed: its open changes and its tokens are set aside.`),
    ...others.filter(({ of }) => !isDeepStrictEqual(of(before), of(after))).map(({ says }) => says),
  ]
}

const others: readonly { readonly says: string; readonly of: (config: Config) => unknown }[] = [
  { says: 'The times in timing were changed.', of: ({ timing }) => timing },
  { says: 'The places in anchors were changed.', of: ({ anchors }) => anchors },
  { says: 'LOG_LEVEL was changed.', of: ({ logLevel }) => logLevel },
]

/** As the log does, by the api_key. */
function isSame({ apiKey }: StackConfig): (other: StackConfig) => boolean {
  return (other) => other.apiKey.toLowerCase() === apiKey.toLowerCase()
}

function added(stack: StackConfig): string[] {
  const { name, channel, policy } = stack
  return [
    `The stack "${name}" was added, with cards in ${channel} and ${rulesIn(policy.rules.map(({ name }) => name))}.`,
    ...toConnect(null, stack),
  ]
}

/** Access by OAuth is stored for the name, the app and the key with which somebody connected it. */
function toConnect(was: StackConfig | null, { name, oauth }: StackConfig): string[] {
  if (!oauth) return []
  const isStored = was?.name === name && was.oauth?.clientId === oauth.clientId && was.oauth.key === oauth.key
  return isStored
    ? []
    : [
        `Access by OAuth was not tried: unless "${name}" was connected with these settings, run "${asTyped(`connect ${name}`)}".`,
      ]
}

function changedStack(was: StackConfig, is: StackConfig): string[] {
  const { name } = is
  const renamed = was.name === name ? [] : [`The stack "${was.name}" is called "${name}" now.`]
  const moved =
    was.channel === is.channel ? [] : [`Cards of "${name}" are in ${is.channel} now, no longer in ${was.channel}.`]
  const [{ policy: _, channel: __, name: ___, ...rest }, { policy, channel, name: ____, ...restNow }] = [was, is]
  const other = isDeepStrictEqual(rest, restNow) ? [] : [`The connection to "${name}" was changed.`]
  return [...renamed, ...moved, ...policyChanges(name, was.policy, is.policy), ...other, ...toConnect(was, is)]
}

function policyChanges(stack: string, was: Policy, is: Policy): string[] {
  const { rules: rulesBefore, ...before } = was
  const { rules, ...after } = is
  const named = (all: readonly Rule[]) => new Map(all.map((rule) => [rule.name, rule]))
  const [old, now] = [named(rulesBefore), named(rules)]
  const said = {
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    changed: [...now]
      .filter(([name, rule]) => old.has(name) && !isDeepStrictEqual(old.get(name), rule))
      .map(([name]) => name),
  }
  const ofRules = Object.entries(said).flatMap(([what, names]) =>
    names.length === 0
      ? []
      : [`In the policy of "${stack}", ${rulesIn(names)} ${names.length === 1 ? 'was' : 'were'} ${what}.`],
  )
  const sameRules = ofRules.length === 0 && isDeepStrictEqual(rulesBefore, rules)
  const ordered =
    ofRules.length > 0 || sameRules ? [] : [`In the policy of "${stack}", the rules were put in another order.`]
  const rest = isDeepStrictEqual(before, after)
    ? []
    : [`In the policy of "${stack}", who may ask, what it protects or its times were changed.`]
  return [...ofRules, ...ordered, ...rest]
}

function rulesIn(names: readonly string[]): string {
  return `${names.length === 1 ? 'the rule' : 'the rules'} ${names.map((name) => `"${name}"`).join(', ')}`
}

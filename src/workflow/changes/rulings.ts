import type { Edit } from '../../domain/change/edit.ts'
import { alwaysRefused, type Refusing } from '../../domain/policy/always-refused.ts'
import { policyDigest } from '../../domain/policy/digest.ts'
import { isGroup, type Party, type Policy, protection, type Ruling } from '../../domain/policy/policy.ts'
import { idsOf } from '../../domain/policy/quorum.ts'
import { askersIn } from '../../domain/policy/when.ts'
import { ruleFor } from '../../domain/policy/which-rule.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { People } from '../../ports/people.ts'

type Deps = {
  people: Pick<People, 'members' | 'canonical'>
  policyFor: (stack: string) => Policy
  /** The configuration's name for a stack, which rules use. */
  nameFor: (stack: string) => string
  now: () => Date
}

export const notAmongAskers = 'You are not among those who may ask for changes on this stack'

/** Tells which rule an edit meets, and who may ask for it, looking up the people of groups live. */
export function createRulings({ people, policyFor, nameFor, now }: Deps) {
  return { requireAsker, mayAsk, mayEdit, isApprover, rulingOn, refusing }

  /** Throws a Refusal for people who may not ask for changes on this stack. */
  async function requireAsker({ stack, requester }: Pick<Edit, 'stack' | 'requester'>, undone: string): Promise<void> {
    if (!(await mayAsk(stack, requester)))
      throw new Refusal('not_allowed', `${notAmongAskers}. ${undone}; ask whoever runs Countersign who may.`)
  }

  async function mayAsk(stack: string, person: string): Promise<boolean> {
    const { mayAsk } = policyFor(stack)
    return mayAsk === null || (await idsAmong(person, mayAsk)).length > 0
  }

  /** An approver may edit what others ask for, even without being allowed to ask. */
  async function mayEdit(stack: string, person: string): Promise<boolean> {
    return (await mayAsk(stack, person)) || isApprover(stack, person)
  }

  /** True for people whom any rule of the current policy names. */
  async function isApprover(stack: string, person: string): Promise<boolean> {
    const outcomes = policyFor(stack).rules.map(({ outcome }) => outcome)
    const approvers = outcomes.flatMap((outcome) => (outcome.kind === 'ask' ? idsOf(outcome.parties) : []))
    return (await idsAmong(person, approvers)).length > 0
  }

  /** The current policy's ruling on an edit. */
  async function rulingOn(edit: Edit): Promise<Ruling> {
    const policy = policyFor(edit.stack)
    const whyProtected = protection(policy, edit)
    if (whyProtected !== null) return { forbidden: whyProtected }
    const named = policy.rules.flatMap(({ when }) => askersIn(when))
    const empty = await emptyGroup(named)
    if (empty)
      return {
        forbidden: `The policy asks who is in the user group ${empty}, which is empty or disabled, so it is not clear which rule fits: ask whoever runs Countersign.`,
      }
    const requesterIs = await idsAmong(edit.requester, named)
    const rule = ruleFor(policy, { ...edit, stack: nameFor(edit.stack), requesterIs, now: now() })
    if (!rule)
      return {
        forbidden: 'No rule of the policy fits this change, so nobody may approve it: ask whoever runs Countersign.',
      }
    const { name, outcome } = rule
    if (outcome.kind === 'refuse') return { forbidden: `The policy forbids it (${name}): ${outcome.because}` }
    return {
      rule: name,
      parties: await Promise.all(outcome.parties.map(byOneId)),
      confirm: outcome.confirm,
      policy: policyDigest(policy),
    }
  }

  /** Tells which choices the current policy refuses to whoever asks for an edit of this token, whatever else it asks for. */
  async function refusing({ stack, tokenUid, before, requester }: Omit<Edit, 'after'>): Promise<Refusing> {
    const policy = policyFor(stack)
    if (policy.rules.every(({ outcome }) => outcome.kind === 'ask')) return () => null
    const named = policy.rules.flatMap(({ when }) => askersIn(when))
    const requesterIs = named.length === 0 ? [] : await idsAmong(requester, named)
    const known = { before, tokenUid, stack: nameFor(stack), requesterIs, now: now() }
    return (choice) => alwaysRefused(policy, known, choice)
  }

  /** By the ids that approvers are known by. */
  async function byOneId({ from, quorum }: Party): Promise<Party> {
    return { from: await Promise.all(from.map((id) => (isGroup(id) ? id : people.canonical(id)))), quorum }
  }

  /** A rule about the people of a group would silently stop fitting if the group were empty. */
  async function emptyGroup(ids: readonly string[]): Promise<string | undefined> {
    const groups = [...new Set(ids)].filter(isGroup)
    const sizes = await Promise.all(groups.map(async (id) => (await people.members(id)).length))
    return groups.find((_, i) => sizes[i] === 0)
  }

  /** The ids among these that are a person's: their own, and those of their user groups. */
  async function idsAmong(person: string, ids: readonly string[]): Promise<string[]> {
    const known = await people.canonical(person)
    const is = async (id: string) =>
      id === person ||
      (isGroup(id) ? (await people.members(id)).includes(known) : (await people.canonical(id)) === known)
    const found = await Promise.all([...new Set(ids)].map(async (id) => ((await is(id)) ? [id] : [])))
    return found.flat()
  }
}

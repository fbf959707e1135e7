import assert from 'node:assert/strict'
import type { Policy, Rule } from '../../../src/domain/policy/policy.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import type { Directory } from '../people.ts'
import type { Update } from './stack.ts'

/** A request as the model knows it from the people who acted, not from the app. */
export type Asked = {
  readonly tokenUid: string
  before: Settings
  after: Settings
  requester: string
  askers: Set<string>
  /** Everybody who ever asked for it, or had a hand in it. */
  readonly hands: Set<string>
  /** The rule that it was asked under. */
  rule: Rule | null
  expiresAt: number
  /** The content that approvers saw when they pressed. */
  approvals: { readonly by: string; readonly confirmed: boolean; readonly before: Settings; readonly after: Settings }[]
}

type Now = { readonly policy: Policy; readonly people: Pick<Directory, 'obstacles' | 'groups'>; readonly at: number }

/**
 * Throws if an update is sent that not enough people have agreed to. A second account of who may ask and decide, which
 * calls none of the app's own functions.
 */
export function requireApproved(asked: Asked, update: Update, now: Now): void {
  const who = `#${update.change}, sent to ${update.tokenUid}`
  assert.equal(update.tokenUid, asked.tokenUid, who)
  assert.ok(now.at < asked.expiresAt, `${who}, is sent after its time`)
  const approvals = asked.approvals.filter(
    ({ before, after }) => isSame(after, update.after) && isSame(before, update.over),
  )
  for (const asker of asked.askers) assert.ok(mayAsk(asked, asker, now), `${asker}, who asks for ${who}, may not`)
  const today = [...asked.askers].map((asker) => ruleOf(now.policy, asked, asker, now))
  for (const rule of [asked.rule, ...today]) {
    assert.ok(rule?.outcome.kind === 'ask', `${who}, is forbidden: ${rule?.name}`)
    const { parties } = rule.outcome
    const seats = parties.flatMap(({ from, quorum }) => Array.from({ length: quorum }, () => peopleOf(from, now)))
    const approvers = approvals.filter(
      ({ by, confirmed }) => mayDecide(asked, by, now) && (confirmed || !asksToConfirm(asked, today)),
    )
    assert.ok(fills(seats, new Set(approvers.map(({ by }) => by))), `${who}, lacks approvals under ${rule.name}`)
  }
}

/** True if somebody may decide at all: what the app lets them do is compared with this. */
export function mayDecide(asked: Asked, person: string, { people }: Pick<Now, 'people'>): boolean {
  return !people.obstacles.has(person) && !asked.hands.has(person)
}

/** The first rule that fits, by the conditions in the model's policies. */
export function ruleOf(
  policy: Policy,
  asked: Pick<Asked, 'before' | 'after' | 'tokenUid'>,
  asker: string,
  now: Pick<Now, 'people'>,
): Rule | null {
  const fits = ({ expiry, gains, token, requester }: Rule['when']) =>
    (!expiry || (asked.before.expiresOn !== null && asked.after.expiresOn === null)) &&
    (!gains || gainsWriting(asked)) &&
    (!token || token.includes(asked.tokenUid)) &&
    (!requester || peopleOf(requester, now).has(asker))
  return policy.rules.find(({ when }) => fits(when)) ?? null
}

function gainsWriting({ before, after }: Pick<Asked, 'before' | 'after'>): boolean {
  const had = before.permissions.modules as Record<string, string | undefined>
  return Object.entries(after.permissions.modules).some(
    ([module, access]) => access === 'write' && had[module] !== 'write',
  )
}

/** Somebody who only edited a change may instead be one of those who approve such changes. */
export function mayAsk(
  { requester }: Pick<Asked, 'requester'>,
  person: string,
  now: Pick<Now, 'policy' | 'people'>,
): boolean {
  const { policy, people } = now
  const approvers = policy.rules.flatMap(({ outcome }) => (outcome.kind === 'ask' ? outcome.parties : []))
  const isApprover = approvers.some(({ from }) => peopleOf(from, now).has(person))
  const mayAsk = policy.mayAsk === null || peopleOf(policy.mayAsk, now).has(person)
  return !people.obstacles.has(person) && (mayAsk || (person !== requester && isApprover))
}

function asksToConfirm(asked: Asked, today: readonly (Rule | null)[]): boolean {
  return [asked.rule, ...today].some((rule) => rule?.outcome.kind === 'ask' && rule.outcome.confirm)
}

export function peopleOf(ids: readonly string[], { people }: Pick<Now, 'people'>): Set<string> {
  return new Set(ids.flatMap((id) => (id.startsWith('S') ? (people.groups.get(id) ?? []) : [id])))
}

/** True if each seat can be filled by a different one of these people: tries every way. */
function fills([seat, ...rest]: readonly ReadonlySet<string>[], people: ReadonlySet<string>): boolean {
  if (!seat) return true
  return [...people].some(
    (person) => seat.has(person) && fills(rest, new Set([...people].filter((one) => one !== person))),
  )
}

/** Compares everything that is written, whatever is known of where aliases point. */
export function isSame(one: Settings, other: Settings): boolean {
  return inOrder(one) === inOrder(other)
}

function inOrder({ aliasTargets: _, ...settings }: Settings): string {
  return JSON.stringify(settings, (_key, value) => {
    if (Array.isArray(value)) return value.toSorted()
    return value && typeof value === 'object' ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : value
  })
}

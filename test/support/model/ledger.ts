import assert from 'node:assert/strict'
import type { Change } from '../../../src/domain/change/change.ts'
import type { Policy } from '../../../src/domain/policy/policy.ts'
import type { Directory } from '../people.ts'
import { type Asked, isSame, mayAsk, mayDecide, peopleOf, requireApproved, ruleOf } from './oracle.ts'
import type { UnkindStack, Update } from './stack.ts'

type Around = {
  readonly people: Directory
  readonly policy: () => Policy
  readonly at: () => number
  readonly versions: UnkindStack['versions']
}

type Content = Pick<Change, 'before' | 'after'>
type Edit = Content & Pick<Change, 'tokenUid'>

/** Who asked for what, and who agreed, as it happened: the app's database is compared with this. */
export function createLedger({ people, policy, at, versions }: Around) {
  const changes = new Map<number, Asked & { since: number; revisions: Content[] }>()
  return {
    asked,
    revised,
    takenOver,
    approved,
    requireApproved: requireApprovedUpdate,
    since: (id: number) => changes.get(id)?.since ?? 0,
    revisionsOf: (id: number): readonly Content[] => changes.get(id)?.revisions ?? [],
  }

  function asked(id: number, requester: string, edit: Edit): void {
    const { tokenUid, before, after } = edit
    changes.set(id, {
      ...{ tokenUid, before, after, requester },
      askers: new Set([requester]),
      hands: new Set([requester]),
      rule: ruleOf(policy(), edit, requester, { people }),
      expiresAt: at() + policy().lives,
      approvals: [],
      since: shownSince(edit),
      revisions: [{ before, after }],
    })
  }

  /**
   * Whoever did it has a hand in the change from then on, and nobody has agreed to it. `instead`: people who may no
   * longer ask.
   */
  function revised(id: number, by: string, edit: Edit, instead: readonly string[] = []): void {
    const change = known(id)
    const { before, after } = edit
    for (const person of instead) change.askers.delete(person)
    change.askers.add(by)
    change.hands.add(by)
    const requester = instead.includes(change.requester) ? by : change.requester
    const rule = ruleOf(policy(), { ...edit, before, after }, requester, { people })
    change.revisions.push({ before, after })
    Object.assign(change, { before, after, requester, rule, approvals: [], since: shownSince(edit) })
    change.expiresAt = at() + policy().lives
  }

  /** Replaces those who may no longer ask by somebody else. */
  function takenOver(id: number, by: string, edit: Edit): void {
    const change = known(id)
    const barred = [...change.askers].filter((asker) => !mayAsk(change, asker, { policy: policy(), people }))
    assert.ok(barred.length > 0, `${by} takes over #${id} from somebody who may ask`)
    const { since } = change
    revised(id, by, edit, barred)
    // It asks for the same as before, against the token as it was shown then.
    Object.assign(change, { since })
  }

  function approved({ id, before, after }: Change, by: string, confirmed: boolean): void {
    const change = known(id)
    assert.ok(mayDecide(change, by, { people }), `${by} may not approve #${id}, and did`)
    const rules = [change.rule, ...[...change.askers].map((asker) => ruleOf(policy(), change, asker, { people }))]
    const named = rules.flatMap((rule) => (rule?.outcome.kind === 'ask' ? rule.outcome.parties : []))
    assert.ok(
      named.some(({ from }) => peopleOf(from, { people }).has(by)),
      `nobody names ${by}, who approved #${id}`,
    )
    assert.ok(isSame(change.after, after) && isSame(change.before, before), `#${id} asks for something else`)
    change.approvals.push({ by, confirmed, before, after })
  }

  function requireApprovedUpdate(update: Update): void {
    requireApproved(known(update.change), update, { policy: policy(), people, at: at() })
  }

  function known(id: number) {
    const change = changes.get(id)
    assert.ok(change, `nobody asked for #${id}`)
    return change
  }

  /** The first version after the one that the requester saw; the token may have been like that twice. */
  function shownSince({ tokenUid, before }: Edit): number {
    return versions(tokenUid).findIndex(({ settings }) => isSame(settings, before)) + 1
  }
}

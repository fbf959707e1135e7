import { isOrphaned } from '../../domain/change/askers.ts'
import { asideBecause, type Change } from '../../domain/change/change.ts'
import { type Electorate, obstacle } from '../../domain/change/electorate.ts'
import { namesakesOf } from '../../domain/change/namesakes.ts'
import { type Stretch, stretchOf } from '../../domain/stretch.ts'
import { uidEndOf } from '../../domain/token/told-apart.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { LookReads } from '../../ports/looks.ts'
import type { ListedChange } from '../../words/listed.ts'
import type { Electorates } from '../../workflow/changes/electorates.ts'
import { openInRuns } from '../../workflow/open-in-runs.ts'
import { permalink } from '../calls/permalink.ts'
import { otherChanges } from '../card/other-changes.ts'
import type { Message } from '../kit/blocks.ts'
import { changeText, firstLines, type Pending } from './change-text.ts'

type Deps = {
  store: ChangeReads & LookReads
  electorates: Electorates
  teamUrl: string
  titleOf: (stack: string) => Promise<string>
  /** The change in the form in which it is shown. */
  shown: (stored: StoredChange) => Promise<StoredChange>
}

export type OpenChanges = ReturnType<typeof createOpenChanges>

/** Open changes from the reader's point of view, looked up live: for App Home and for the answers to `/token`. */
export function createOpenChanges({ store, electorates, teamUrl, titleOf, shown }: Deps) {
  return { mine, pending, one, listed }

  async function mine(person: string): Promise<Stretch<ListedChange>> {
    const mine: StoredChange[] = []
    for await (const run of openInRuns(store)) mine.push(...(await electorates.askedBy(person, run)))
    return firstOf(mine)
  }

  /**
   * Changes that wait for approvals: those this person may decide on and has not yet, the others, and those set aside.
   */
  async function pending(person: string): Promise<Pending> {
    const [toDecide, others, aside]: StoredChange[][] = [[], [], []]
    for await (const run of openInRuns(store)) {
      const all = run.filter(({ change }) => change.status === 'pending')
      const waits = await Promise.all(all.map(({ change }) => waitsFor(change, person)))
      all.forEach((stored, i) => {
        const list = asideBecause(stored.change) !== null ? aside : waits[i] ? toDecide : others
        list!.push(stored)
      })
    }
    return {
      toDecide: await firstOf(toDecide!),
      others: await firstOf(others!),
      aside: await firstOf(aside!),
      isAllForApproval: [...toDecide!, ...others!].every(({ change }) => !isOrphaned(change)),
    }
  }

  /** Looks up only what is shown: there may be thousands. */
  async function firstOf(changes: readonly StoredChange[]): Promise<Stretch<ListedChange>> {
    const first = stretchOf(changes, firstLines)
    return { ...first, items: await listed(first.items) }
  }

  /** One change in full, open or ended. Throws a Refusal if there is none with that number. */
  async function one(id: number): Promise<Message> {
    const stored = await shown(await store.get(id))
    const others = await otherChanges({ store, teamUrl }, stored.change)
    const known = await store.knownTokens()
    const [namesakes, uidEnd] = [namesakesOf(stored.change, known), uidEndOf(stored.change, known)]
    const stackTitle = await titleOf(stored.change.stack)
    return changeText(stored, { stackTitle, uidEnd, link: linkOf(stored), others, namesakes })
  }

  async function listed(changes: readonly StoredChange[]): Promise<ListedChange[]> {
    const stacks = [...new Set(changes.map(({ change }) => change.stack))]
    const titles = new Map(await Promise.all(stacks.map(async (stack) => [stack, await titleOf(stack)] as const)))
    const known = await store.knownTokens()
    return Promise.all(
      changes.map(async (stored) => ({
        stored: await shown(stored),
        stackTitle: titles.get(stored.change.stack)!,
        uidEnd: uidEndOf(stored.change, known),
        link: linkOf(stored),
        others: await waitedFor(stored),
      })),
    )
  }

  /** Only an approved change waits for others. */
  async function waitedFor({ change }: StoredChange) {
    return change.status === 'approved' ? otherChanges({ store, teamUrl }, change) : []
  }

  function linkOf({ card }: StoredChange): string | null {
    return card && permalink(teamUrl, card)
  }

  async function waitsFor(change: Change, person: string): Promise<boolean> {
    return mayNeed(change, person) && needs(change, person, await electorates.forChange(change, person))
  }
}

/** True if this person has not had their say yet. Nobody has, on a change that waits to be taken over. */
export function mayNeed(change: Change, person: string): boolean {
  if (change.status !== 'pending' || asideBecause(change) !== null) return false
  return isOrphaned(change) || change.approvals.every(({ by }) => by !== person)
}

/** True if the change waits for this person's approval. */
export function needs(change: Change, person: string, electorate: Electorate): boolean {
  return electorate.forbidden === null && obstacle(change, person, electorate) === null
}

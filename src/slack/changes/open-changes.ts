import { isOrphaned } from '../../domain/change/askers.ts'
import { asideBecause, type Change } from '../../domain/change/change.ts'
import { type Electorate, obstacle } from '../../domain/change/electorate.ts'
import { changeFilter } from '../../domain/change/filter.ts'
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
import { changeText, firstLines, type Mine, type Pending } from './change-text.ts'

type Deps = {
  store: ChangeReads & LookReads
  electorates: Electorates
  teamUrl: string
  titleOf: (stack: string) => Promise<string>
  /** Its name in the settings. */
  nameOf?: (stack: string) => string
  /** The change in the form in which it is shown. */
  shown: (stored: StoredChange) => Promise<StoredChange>
}

export type OpenChanges = ReturnType<typeof createOpenChanges>

/** Open changes from the reader's point of view, looked up live: for App Home and for the answers to `/token`. */
export function createOpenChanges({ store, electorates, teamUrl, titleOf, nameOf = (stack) => stack, shown }: Deps) {
  return { mine, pending, one, listed }

  /** `text` narrows the list down. */
  async function mine(person: string, text = ''): Promise<Mine> {
    const mine: StoredChange[] = []
    for await (const run of openInRuns(store)) mine.push(...(await electorates.askedBy(person, run)))
    const { narrowed, left } = await narrow(text, mine)
    return { ...(await firstOf(left(mine))), narrowed }
  }

  /**
   * Changes that wait for approvals: those this person may decide on and has not yet, the others, and those set aside.
   * `text` narrows them down.
   */
  async function pending(person: string, text = ''): Promise<Pending> {
    const [toDecide, others, aside]: StoredChange[][] = [[], [], []]
    for await (const run of openInRuns(store)) {
      const all = run.filter(({ change }) => change.status === 'pending')
      const waits = await Promise.all(all.map(({ change }) => waitsFor(change, person)))
      all.forEach((stored, i) => {
        const list = asideBecause(stored.change) !== null ? aside : waits[i] ? toDecide : others
        list!.push(stored)
      })
    }
    const { narrowed, left } = await narrow(text, [...toDecide!, ...others!, ...aside!])
    return {
      toDecide: await firstOf(left(toDecide!)),
      others: await firstOf(left(others!)),
      aside: await firstOf(left(aside!)),
      isAllForApproval: left([...toDecide!, ...others!]).every(({ change }) => !isOrphaned(change)),
      narrowed,
    }
  }

  async function narrow(text: string, all: readonly StoredChange[]) {
    const ids = [...new Set(all.map(({ change }) => change.stack))]
    const names = new Map(await Promise.all(ids.map(async (id) => [id, [await titleOf(id), nameOf(id)]] as const)))
    const of = ({ change }: StoredChange) => ({ change, stack: names.get(change.stack)! })
    const { fits, onStack } = changeFilter(text, all.map(of))
    const left = (some: readonly StoredChange[]) => (text === '' ? some : some.filter((one) => fits(of(one))))
    return { left, narrowed: text === '' ? null : { text, onStack, all: all.length } }
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

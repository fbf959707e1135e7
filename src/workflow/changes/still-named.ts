import { breathe } from '../../breathe.ts'
import { asOf } from '../../domain/change/as-of.ts'
import type { Change } from '../../domain/change/change.ts'
import {
  groupsNamed,
  personsIn,
  personsNamed,
  type Rules,
  rulesWithoutThem,
  withoutThem,
} from '../../domain/change/named.ts'
import type { Lost } from '../../domain/change/parts.ts'
import type { CardStore } from '../../ports/cards.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { Called, Chat } from '../../ports/chat.ts'
import type { People } from '../../ports/people.ts'
import { openInRuns } from '../open-in-runs.ts'
import type { InGroups, Seats } from './in-groups.ts'

type Deps = {
  store: Pick<ChangeReads, 'openChangesBefore'> & Pick<CardStore, 'cardFellBehind'>
  people: Pick<People, 'obstacle'>
  /** If it waits to be taken over, those who can; null if everybody can who is named, or if that is not known. */
  heirsOf: (change: Change) => Promise<readonly string[] | null>
  byGroups: InGroups['byGroups']
  now: () => Date
}

const mostNamed = 20

export type StillNamed = ReturnType<typeof createStillNamed>

/**
 * Corrects what is shown of a change: leaves out people its rules name who may no longer do anything here, and says
 * that their approval no longer counts; says that its token has expired meanwhile, who can take over a change that waits for it; and names the people
 * left if its groups have too few. Once somebody turns out to have left, or to be back, the cards of all open changes
 * that name them, or a group for which that matters, fall behind.
 */
export function createStillNamed({ store, people, heirsOf, byGroups, now }: Deps) {
  /** People who have left, with the reason they may do nothing. */
  const left = new Map<string, string>()
  /** The last that was said about who is in the groups of each open change whose rules name one. */
  const said = new Map<number, { says: string; seats: Seats }>()
  return { shown, rulesHere, turned, groupsTurned, all }

  async function shown(stored: StoredChange): Promise<StoredChange> {
    const gone = await goneOf(personsNamed(stored.change))
    const heirs = await heirsOf(stored.change).catch(() => null)
    const change = asOf(withoutThem(await inGroups(stored), gone), now())
    return { ...stored, change: { ...change, ...(heirs && { heirs }) } }
  }

  /**
   * The rules that an edit would wait under. In a long list, people that it would not name anyway are not looked up.
   */
  async function rulesHere(asked: Rules): Promise<Rules> {
    return rulesWithoutThem(asked, await goneOf(personsIn(asked).slice(0, mostNamed)))
  }

  async function goneOf(named: readonly string[]): Promise<Lost[]> {
    const gone = await Promise.all(
      named.map(async (by) => {
        const why = await turned(by)
        return why === null ? [] : [{ by, why }]
      }),
    )
    return gone.flat()
  }

  async function inGroups({ change, card }: StoredChange): Promise<Change> {
    const found = await byGroups(change)
    const before = said.get(change.id)
    const { says, seats } = found
    if (says === '' && seats.seated === '') said.delete(change.id)
    else said.set(change.id, { says, seats })
    if (card && (says !== (before?.says ?? '') || areOthersSeated(before?.seats, seats))) await fallBehind(change.id)
    return found.change
  }

  /** Resolves to the reason they don't count, null if they do; as far as is known, while Slack can't be asked. */
  async function turned(person: string): Promise<string | null> {
    const known = () => left.get(person) ?? null
    const why = await people.obstacle(person).catch(known)
    if (why === known()) return why
    if (why === null) left.delete(person)
    else left.set(person, why)
    for await (const run of openInRuns(store))
      for (const { change, card } of run) if (card && personsNamed(change).includes(person)) await fallBehind(change.id)
    await groupsTurned()
    return why
  }

  /** Each is a commit, and thousands may follow each other. */
  async function fallBehind(id: number): Promise<void> {
    await store.cardFellBehind(id)
    await breathe()
  }

  /** Called when a group may have changed, or somebody in it may have left. */
  async function groupsTurned(): Promise<void> {
    for await (const run of openInRuns(store))
      for (const stored of run) if (groupsNamed(stored.change).length > 0) await inGroups(stored)
  }

  /** At start: finds who left while the app did not run. */
  async function all(): Promise<void> {
    const named = new Set<string>()
    for await (const run of openInRuns(store))
      for (const { change } of run) for (const person of personsNamed(change)) named.add(person)
    for (const person of named) await turned(person)
    await groupsTurned()
  }
}

/** True if the same approvers are in other parties than before. */
function areOthersSeated(before: Seats | undefined, now: Seats): boolean {
  return before !== undefined && before.approvers === now.approvers && before.seated !== now.seated
}

/** The same chat, without people who have left and their approvals. */
export function namingWhoIsHere(chat: Chat, { shown }: Pick<StillNamed, 'shown'>): Chat {
  return {
    ...chat,
    postCard: async (stored, leaving) => chat.postCard(await shown(stored), leaving),
    updateCard: async (card, stored, ...how) => chat.updateCard(card, await shown(stored), ...how),
    tellRequester: async (stored, leaving) => chat.tellRequester(await shown(stored), leaving),
    remind: async (stored, called) => {
      const now = await shown(stored)
      return chat.remind(now, calledFor(now.change, called))
    },
  }
}

/** Nobody is called to take over a change whose take-over could only be refused. */
function calledFor({ heirs = [] }: Change, called: Called): Called {
  return heirs.length === 0 ? called : { ids: heirs, inGroups: {} }
}

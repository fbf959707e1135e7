import { sameContent } from '../canonical.ts'
import { type Beside, misfit } from '../change/beside.ts'
import { type Change, change, hasEnded } from '../change/change.ts'
import { type ChangeEvent, changeEvent } from '../change/event.ts'
import { evolve, open } from '../change/evolve.ts'
import { unapproved } from '../change/full-quorum.ts'
import { watchedUntil } from '../change/write.ts'
import type { Entry } from './chain-check.ts'
import { fact } from './fact.ts'
import type { Find } from './finding.ts'
import { approvedEarlier } from './put-back.ts'

/** A change as the database has it, unread. */
export type StoredRow = Beside & {
  /** JSON. */
  readonly state: string
  /** Its origin, which a redelivery repeats. */
  readonly origin: string
  /** The last entry that changed it. */
  readonly seq: number
  /** The entry that its card was last drawn for; null without a card, and below zero if it fell behind. */
  readonly cardSeq: number | null
}

type Finds = { readonly wrong: Find; readonly untold: Find; readonly unapproved: Find }

/** A change after its entries: as the last of them, `seq`, left it. */
export type Led = {
  readonly change: Change
  readonly seq: number
  readonly origin: string | undefined
  /** How many of its approvals are from before a backup was put back. */
  readonly early: number
}

/**
 * Leads every change through its entries again, from the first. Keeps only changes that may go on; `onEnded` gets each
 * that no entry can move any more.
 */
export function createReplay(finds: Finds, onEnded: (led: Led) => void) {
  const going = new Map<number, Led>()
  return {
    feed,
    /** Changes that an entry can still move. */
    open: (): Led[] => [...going.values()],
    /** True if a change is open and some approval is from before a backup was put back. */
    isApprovedEarlier: (id: number) => (going.get(id)?.early ?? 0) > 0,
  }

  function feed(entry: Entry): void {
    if (entry.type === 'log_put_back') putBack()
    if (isFact.has(entry.type)) return
    if (!isMove.has(entry.type))
      finds.untold(entry.seq, `is of a type that this Countersign does not know: ${entry.type}`)
    else if (entry.changeId === null) finds.wrong(entry.seq, `is ${entry.type}, of no change`)
    else
      try {
        move(entry.changeId, entry)
      } catch {
        finds.wrong(entry.seq, `is marked as ${entry.type}, but can't be read as that`)
      }
  }

  /**
   * The event that takes a change's approvals comes next, unless the change was hidden from whoever put the backup
   * back.
   */
  function putBack(): void {
    for (const [id, led] of going) going.set(id, { ...led, early: led.change.approvals.length })
  }

  function move(id: number, { seq, type, body }: Entry): void {
    const led = going.get(id)
    const before = led?.change
    const event: ChangeEvent = JSON.parse(body)
    event.type = type as ChangeEvent['type']
    if (!led && event.type === 'proposed') note({ change: open(id, event), seq, origin: event.origin, early: 0 })
    else if (!led || !before || (hasEnded(before) && event.type !== 'write_arrived'))
      finds.wrong(seq, `moves change #${id}, which is not open`)
    else if (event.type === 'proposed') finds.wrong(seq, `proposes change #${id} again`)
    else {
      const unfounded = unapproved(before, event) && unapproved(asRead(before), event)
      if (unfounded) finds.unapproved(seq, `${unfounded} (change #${id})`)
      if (isOfUpdate(event) && led.early > 0)
        finds.unapproved(seq, `is of an update that was sent, though it was ${approvedEarlier} (change #${id})`)
      const change = evolve(before, event)
      note({ ...led, change, seq, early: Math.min(led.early, change.approvals.length) })
    }
  }

  function note(led: Led): void {
    const { id } = led.change
    if (mayGoOn(led.change)) going.set(id, led)
    else {
      going.delete(id)
      onEnded(led)
    }
  }
}

/** Compares each change, as its entries left it, with what is stored. */
export function createComparison(wrong: Find) {
  let asStored = 0
  return { compare, isAll, unproposed }

  /** `row`: undefined if it is not stored. */
  function compare(led: Led, row: StoredRow | undefined): void {
    const difference = row ? differenceOf(row, led) : 'not at all'
    if (difference === null) asStored++
    else wrong(null, `change #${led.change.id} is not stored as #${led.seq} left it, but ${difference}`)
  }

  /** True if this many changes are stored, and all of them were compared and are as the log says. */
  function isAll(stored: number): boolean {
    return stored === asStored
  }

  function unproposed(id: number): void {
    wrong(null, `change #${id} is stored, and no entry proposes it`)
  }
}

/** An apply that began is checked against the log before anything is sent, and ends there if it is not borne out. */
function isOfUpdate({ type }: ChangeEvent): boolean {
  return type === 'write_answered' || type === 'applied'
}

/** An update of an ended change may still be found to have arrived. */
function mayGoOn(change: Change): boolean {
  return !hasEnded(change) || watchedUntil(change) !== null
}

/** The difference between the stored row and the log's result; null if there is none. */
function differenceOf(row: StoredRow, { change: replayed, seq, origin }: Led): string | null {
  if (row.seq !== seq) return `as #${row.seq} left it`
  if (origin !== undefined && row.origin !== origin) return 'as if it came from elsewhere'
  const moved = misfit(row, replayed)
  if (moved !== null) return moved
  if (row.cardSeq !== null && row.cardSeq > seq) return 'with a card said to show what came later'
  const state = parsed(row.state)
  return sameContent(state, replayed) || sameContent(state, asRead(replayed)) ? null : 'in another state'
}

/**
 * Adds what an older version's entries lack, which the app adds when it reads a change. Reading each one this way would
 * take longer than all the rest.
 */
function asRead(replayed: Change): Change {
  return change.safeParse(replayed).data ?? replayed
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isMove = new Set<string>(changeEvent.options.map(({ shape }) => shape.type.value))
const isFact = new Set<string>(fact.options.map(({ shape }) => shape.type.value))

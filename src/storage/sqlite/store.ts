import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { type Breathe, breathe } from '../../breathe.ts'
import { type AuditKey, checkpointOf } from '../../domain/audit/chain.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { keysLacking } from '../../domain/audit/missing-keys.ts'
import { besideOf } from '../../domain/change/beside.ts'
import { type Change, change } from '../../domain/change/change.ts'
import { evolve, open } from '../../domain/change/evolve.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Waiting } from '../../domain/room.ts'
import type { Asker, StoredChange, TokenRef } from '../../ports/changes.ts'
import type { Store } from '../../ports/store.ts'
import { createSteadyClock } from '../../steady-clock.ts'
import { asWritten, oneRow } from '../kept.ts'
import { readOnce } from '../read-once.ts'
import { type OnUnreadable, readsRows } from '../unreadable-rows.ts'
import { prepareAskedLately } from './asked-lately.ts'
import { prepareAudit, preparePutBackAt, readEvents, readLastFact } from './audit.ts'
import { prepareChangeRows, type Row } from './change-rows.ts'
import { type Database, lockWaits, openDatabase, withoutDisk } from './database.ts'
import { rememberedForms } from './drafts.ts'
import { isFree } from './held.ts'
import { heldAgainstLog } from './held-log.ts'
import { hiddenBeside } from './hidden-beside.ts'
import { rememberedHomes } from './homes.ts'
import { keysSinceIn } from './keys-since.ts'
import { rememberedLeftCards } from './left-cards.ts'
import { requireKnownKey } from './log-key.ts'
import { prepareToldSince } from './log-order.ts'
import { rememberedLooks } from './looks.ts'
import { overviews } from './overview.ts'
import { tokenPast } from './past.ts'
import { putSchemaBack } from './put-schema-back.ts'
import { countedRefusals } from './repeated-refusals.ts'
import { changeRequests } from './schema.ts'
import { createSchemaGuard } from './schema-guard.ts'
import { noteVoidApprovals, rememberedTelling } from './telling.ts'
import { readsTokens } from './token-rows.ts'
import { everywhere, prepareUnfinished } from './unfinished.ts'
import { preparedOnce } from './when-used.ts'

/**
 * The Store on one SQLite file. Every write is on disk before its promise resolves, but for a form that is just being opened
 * and when a token was seen as it is known: a machine whose power fails may lose these. Every event is
 * written together with the state it leads to, or not at all. `now` dates the events, and `key` chains them; those in `earlier`
 * chained what was written before. Each statement waits for the lock of another program for `lockWait` milliseconds; work on
 * many rows lets others have their turn by `pause`. `monotonic` tells time that passes, whatever is done to the clock. `onUnreadable` is told
 * once of each row that can't be read, which is left out of what is read. Throws a Refusal when the log may not be written on
 * with them.
 */
export function openStore(
  path: string,
  now: () => Date = () => new Date(),
  key: AuditKey = null,
  earlier: Keys['earlier'] = [],
  lockWait = lockWaits.patient,
  pause?: Breathe,
  monotonic = () => now().getTime(),
  onUnreadable: OnUnreadable = () => {},
): Store {
  const db = openDatabase(path, lockWait)
  try {
    const keys = { current: key, earlier }
    requireKnownKey(path, db.$client, keys)
    putSchemaBack(db, now(), keys, 'app')
    return storeIn(db, now, key, earlier, pause, monotonic, onUnreadable)
  } catch (error) {
    db.$client.close()
    throw error
  }
}

/** The same in a database that is open already. */
export function storeIn(
  opened: Database,
  wall: () => Date,
  key: AuditKey,
  earlier: Keys['earlier'] = [],
  pause?: Breathe,
  monotonic = () => wall().getTime(),
  onUnreadable: OnUnreadable = () => {},
): Store {
  const turn = pause ?? breathe
  const clock = createSteadyClock(wall, monotonic)
  const { now } = clock
  const schema = createSchemaGuard(opened.$client)
  const db = checkedFirst(opened, schema.check)
  const audit = prepareAudit(db, { current: key, earlier })
  const putBackAt = preparePutBackAt(db)
  const changes = prepareChangeRows(db)
  const askedLately = prepareAskedLately(db, now)
  const waiting = (of: TokenRef & Asker): Waiting => ({
    ...changes.waiting(of),
    asked: askedLately(of.enteredBy ?? of.requester),
  })
  const isToldSince = prepareToldSince(db)
  const unfinished = prepareUnfinished(db)
  const readChange = readOnce(change)
  const readRow = readsRows(onUnreadable)
  const asToken = readsTokens(readRow)
  const log = heldAgainstLog({
    sqlite: db.$client,
    keys: { current: key, earlier },
    row: changes.row,
    breathe: turn,
  })
  const readable = ({ id, state }: Row) => readRow('change_requests', String(id), () => readChange(id, state))
  const at = () => now().toISOString()
  let hasStarted = false
  const { immediate } = db.$client.transaction((work: () => unknown) => work())
  /**
   * Takes the write lock first, so that what was read is still true when it is written. Throws LogTrouble, and writes
   * nothing, while the file defines something else than the migrations make; once it no longer does, the log says that it did.
   */
  const atomically = <T>(work: () => T): T => {
    const result = immediate(() => {
      schema.check()
      const differed = schema.differed()
      if (differed !== null)
        audit.append({ event: { type: 'schema_differed', what: differed }, actor: 'app', changeId: null, at: at() })
      return work()
    }) as T
    schema.recorded()
    audit.committed()
    return result
  }
  /** For what loses nothing that anybody was told is kept. */
  const lightly = <T>(work: () => T): T =>
    withoutDisk(db.$client, () => {
      schema.check()
      return work()
    })

  return {
    open: async (asked, actor, origin, admit) =>
      atomically(() => {
        const event = { ...asked, origin }
        const earlier = changes.askedFor(origin)
        if (earlier) return requireFrom(origin, earlier)
        admit?.(waiting(event))
        const opened = open(changes.add(open(0, event), origin), event)
        const { id } = opened
        changes.move(opened, audit.append({ event, actor, changeId: id, at: at() }), null)
        return opened
      }),

    record: async (id, actor, decide, admit) =>
      atomically(() => {
        const before = required(changes.row(id))
        const event = decide(
          before,
          () => changes.beside(before).map(required),
          () => changes.recent(before).map(required),
          (other) => isToldSince(other, before),
        )
        if (!event) return { change: before, event }
        admit?.(waiting({ ...before, requester: actor, enteredBy: undefined }))
        const after = evolve(before, event)
        const seq = audit.append({ event, actor, changeId: id, at: at() })
        changes.move(after, seq, before, event.type === 'write_arrived')
        noteVoidApprovals(db, before, event)
        return { change: after, event }
      }),

    note: async (fact, actor, changeId) => {
      atomically(() => audit.append({ event: fact, actor, changeId, at: at() }))
    },
    noteAll: async (facts, actor) => {
      atomically(() => {
        for (const event of facts) audit.append({ event, actor, changeId: null, at: at() })
      })
    },
    doubt: async (change) => {
      const hidden = await hiddenBeside(change, { changes, readable, pause: turn })
      const found = await log.doubt(change)
      return typeof found === 'string' ? found : (hidden ?? found)
    },
    keysLacking: async () => {
      const atHand = [key, ...earlier].flatMap((one) => one?.id ?? [])
      return keysLacking(keysSinceIn(db.$client), atHand)
    },
    checkpoint: async () => {
      const { size, head } = audit.head()
      return checkpointOf(size, head, key)
    },
    hasGrownSince: async (size) => audit.hasGrownSince(size),

    waiting: async (of) => waiting(of),
    get: async (id) => stored(changes.row(id)),
    unfinished: async (now, isDueNow) => {
      const due: number[] = []
      for await (const run of openRows())
        due.push(...run.filter((row) => isDue(row, now, isDueNow)).map(({ id }) => id))
      return [...new Set([...due, ...unfinished()])].sort((a, b) => a - b)
    },
    openChanges: async (of) => changes.open(of).flatMap(listed),
    openChangesBefore: async (id, most) => {
      const found: StoredChange[] = []
      for (let before = id; ; await turn()) {
        const run = changes.openBefore(before, most)
        found.push(...run.flatMap(listed))
        if (run.length < most || found.length >= most) return found.slice(0, most)
        before = run.at(-1)!.id
      }
    },
    changes: async ({ of, most }) => {
      const ofToken = of && and(eq(changeRequests.stack, of.stack), eq(changeRequests.tokenUid, of.tokenUid))
      return db
        .select()
        .from(changeRequests)
        .where(ofToken)
        .orderBy(desc(changeRequests.id))
        .limit(most)
        .all()
        .flatMap(listed)
    },
    openedFrom: async (origin) => {
      const found = db.select().from(changeRequests).where(eq(changeRequests.origin, origin)).get()
      return found ? stored(found) : null
    },
    anythingWaiting: async () =>
      db
        .select({ id: changeRequests.id })
        .from(changeRequests)
        .where(inArray(changeRequests.status, ['pending', 'approved']))
        .limit(1)
        .get() !== undefined,
    watched: async (now) => changes.watched(now).flatMap((row) => readable(row) ?? []),
    lastFact: async (type) => readLastFact(db, type),
    putBackAt: async () => putBackAt(),
    events: async (id) => readEvents(db, id),

    cardIsBeingPosted: async (id, { until, instead }) => {
      const { cardPosting, cardTs } = changeRequests
      const asKnown = instead ? eq(cardTs, instead.ts) : isNull(cardTs)
      const free = and(eq(changeRequests.id, id), asKnown, isFree(cardPosting, clock))
      const { changes } = db
        .update(changeRequests)
        .set({ cardPosting: Date.parse(until) })
        .where(free)
        .run()
      return changes > 0
    },
    cardIsInDoubt: async (id) => {
      db.update(changeRequests).set({ cardPosting: 1 }).where(eq(changeRequests.id, id)).run()
    },
    cardWasNotTaken: async (id) => {
      db.update(changeRequests).set({ cardPosting: 0 }).where(eq(changeRequests.id, id)).run()
    },
    cardWasDrawn: async (id, card, seq) => {
      const { cardSeq, cardTs } = changeRequests
      const drawn = sql`case when ${cardSeq} in (${card.seq}, ${seq}) then ${seq} else ${furtherBehind} end`
      const thatCard = and(eq(changeRequests.id, id), eq(cardTs, card.ts))
      db.update(changeRequests).set({ cardSeq: drawn }).where(thatCard).run()
    },
    cardFellBehind: async (id) => {
      db.update(changeRequests).set({ cardSeq: furtherBehind }).where(eq(changeRequests.id, id)).run()
    },
    anchors: async (id) => {
      const { anchored } = changes.row(id)
      return anchored === everywhere ? everywhere : (anchored?.split(' ') ?? [])
    },
    wasAnchored: async (id, where) => {
      const anchored = where === everywhere ? everywhere : where.join(' ') || null
      atomically(() => {
        oneRow(db.update(changeRequests).set({ anchored }).where(eq(changeRequests.id, id)).run())
        asWritten([changes.row(id).anchored], [anchored])
      })
    },

    ...countedRefusals({ db, atomically, append: audit.append, now }),
    ...rememberedLeftCards({ db, atomically }),
    ...rememberedTelling(db, clock),
    ...rememberedLooks({
      db,
      atomically,
      lightly,
      append: audit.append,
      clock,
      ofToken,
      lastApplied,
      readRow,
      asToken,
      breathe: turn,
      pause,
    }),
    ...tokenPast(db, listed, readRow),
    ...rememberedForms(db),
    ...rememberedHomes(db, readRow),
    ...overviews(db, { listed, asToken, readRow }),
    tryToWrite: async () => {
      atomically(() => {
        audit.requireEnd()
        db.$client.pragma('user_version = 0')
      })
    },
    tidy: async () => {
      // Not when the app starts and people wait for it: that round is soon followed by another.
      if (hasStarted) db.$client.pragma('wal_checkpoint(PASSIVE)')
      hasStarted = true
    },
    close: () => db.$client.close(),
  }

  /** Throws a Refusal where the log says that this change came from elsewhere: somebody has set what it is found by. */
  function requireFrom(origin: string, row: Row): Change {
    const [first] = readEvents(db, row.id)
    const known = first?.event.type === 'proposed' ? first.event.origin : undefined
    if (known === undefined || known === origin) return required(row)
    throw new Refusal(
      'unavailable',
      `The database says that change #${row.id} came from here, and its log says that it did not: somebody has altered it. Nothing was sent. Tell whoever runs Countersign.`,
    )
  }

  /** Of every change that is open by any sign, in runs between which others have their turn. */
  async function* openRows(): AsyncGenerator<readonly Row[]> {
    const ids = changes.openIds()
    for (let from = 0; from < ids.length; from += rowsAtOnce) {
      if (from > 0) await turn()
      yield changes.those(ids.slice(from, from + rowsAtOnce))
    }
  }

  /** By what it says itself, since what stands beside it can be set to any time. One that can't be read is due as it is stored. */
  function isDue(row: Row, now: string, isDueNow?: (change: Change) => boolean): boolean {
    const change = readable(row)
    if (change !== null && isDueNow) return isDueNow(change)
    const { dueAt } = change === null ? row : besideOf(change)
    return dueAt !== null && dueAt <= now
  }

  /** Throws a Refusal for one that can't be read. */
  function required(row: Row): Change {
    const change = readable(row)
    if (change === null) throw notReadable(row.id)
    return change
  }

  /** Those that may have moved a token of late. */
  function ofToken({ stack, tokenUid }: TokenRef): Change[] {
    const any = { stack, tokenUid, id: 0 }
    return [...changes.beside(any), ...changes.recent(any)].flatMap((row) => readable(row) ?? [])
  }

  function lastApplied(of: TokenRef): { seq: number; change: Change } | null {
    const row = changes.recent({ ...of, id: 0 }).find(({ status }) => status === 'applied')
    const change = row && readable(row)
    return row && change ? { seq: row.seq, change } : null
  }

  /** As it stands in a list: one that can't be read leaves the others there. */
  function listed(row: Row): StoredChange[] {
    return readable(row) === null ? [] : [stored(row)]
  }

  function stored(row: Row): StoredChange {
    const { cardChannel: channel, cardTs: ts, cardSeq: seq } = row
    return {
      change: required(row),
      seq: row.seq,
      card: channel !== null && ts !== null && seq !== null ? { channel, ts, seq } : null,
      cardInDoubt: row.cardPosting > 0,
      told: row.told,
    }
  }
}

/** Open changes that are read between two breaths: some milliseconds. */
const rowsAtOnce = 100

function notReadable(id: number): Refusal {
  return new Refusal(
    'unavailable',
    `Change #${id} can't be read from the database, so nothing can be shown or done of it, nor be written to its token. Tell whoever runs Countersign.`,
  )
}

/** The same database, where `check` comes before each statement that writes: what it logs, it logs before it runs it. */
function checkedFirst({ $client }: Database, check: () => void): Database {
  const logger = { logQuery: (query: string) => (/^select\b/i.test(query) ? undefined : check()) }
  return Object.assign(drizzle(preparedOnce($client), { logger }), { $client })
}

/** Another value each time, so that a card that fell behind while it was drawn is told from one that did not. */
export const furtherBehind = sql<number>`min(${changeRequests.cardSeq}, 0) - 1`

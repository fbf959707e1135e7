import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { z } from 'zod'
import type { Listener, Notice, PresenceStore } from '../../ports/presence.ts'
import { Client } from './client.ts'
import { statement } from './statements.ts'

/** Milliseconds. */
const patience = {
  /** Between two proofs that the connection still stands: one that was cut without a word shows it no other way. */
  proof: 10_000,
  /** For the answer to one. */
  answer: 5_000,
  /** Before another connection is tried. */
  again: 1_000,
}
type Patience = typeof patience

/** PostgreSQL keeps them apart for each database. */
const channel = 'countersign'

const tell = statement<object>('tell', `select pg_notify('${channel}', $1)`)

const from = z.string()
const told = z.union([
  z.object({ from, about: z.enum(['person', 'group', 'channel']), id: z.string() }),
  z.object({ from, about: z.literal('homes') }),
])

/** Notices between the processes on the database of `pool`. */
export function noticesBetween(
  pool: pg.Pool,
  waits: Partial<Patience> = {},
): Pick<PresenceStore, 'tellOthers' | 'hearOthers'> {
  const me = randomUUID()
  const { proof, answer, again } = { ...patience, ...waits }
  const connection = { ...pool.options, query_timeout: answer }
  return {
    tellOthers: async (notice) => {
      await tell(pool, JSON.stringify({ from: me, ...notice }))
    },
    hearOthers,
  }

  async function hearOthers(listener: Listener) {
    const stopping = new AbortController()
    const tried = Promise.withResolvers<void>()
    const listening = listenOn(
      { ...listener, onGap: () => tried.resolve(listener.onGap()) },
      stopping.signal,
      tried.resolve,
    )
    await tried.promise
    return {
      stop: () => {
        stopping.abort()
        return listening
      },
    }
  }

  async function listenOn(listener: Listener, signal: AbortSignal, onLost: () => void): Promise<void> {
    while (!signal.aborted) {
      await listenUntilLost(listener, signal).catch(passOver)
      onLost()
      await restUnless(signal, again)
    }
  }

  /** On a connection of its own: those of the pool are closed when nobody uses them. */
  async function listenUntilLost({ onNotice, onGap }: Listener, signal: AbortSignal): Promise<void> {
    const on = new Client(connection)
    const over = AbortSignal.any([signal, lossOf(on)])
    on.on('notification', ({ payload }) => {
      const notice = noticeOf(payload)
      if (notice !== null) onNotice(notice)
    })
    try {
      await on.connect()
      await on.query(`listen ${channel}`)
      onGap()
      for (await restUnless(over, proof); !over.aborted; await restUnless(over, proof)) await on.query('select')
    } finally {
      // A connection that has fallen silent never ends.
      void on.end().catch(passOver)
    }
  }

  /** Null for one's own, for what a newer version tells, and for what somebody else says there. */
  function noticeOf(payload = ''): Notice | null {
    const { data } = told.safeParse(parsed(payload))
    if (data === undefined || data.from === me) return null
    const { from: _, ...notice } = data
    return notice
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function lossOf(on: pg.Client): AbortSignal {
  const lost = new AbortController()
  for (const event of ['error', 'end'] as const) on.on(event, () => lost.abort())
  return lost.signal
}

async function restUnless(signal: AbortSignal, ms: number): Promise<void> {
  await pause(ms, undefined, { signal, ref: false }).catch(passOver)
}

function passOver(): void {}

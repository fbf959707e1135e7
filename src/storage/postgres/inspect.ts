import { change } from '../../domain/change/change.ts'
import { noStacks } from '../../domain/change/known-stacks.ts'
import type { Inspection, LastAnchors } from '../../ports/inspection.ts'
import { heldBy } from '../held-stacks.ts'
import { behindAfter, placesIn } from '../last-anchors.ts'
import { readsRows } from '../unreadable-rows.ts'
import { lastEntry } from './audit.ts'
import { keysSinceIn } from './keys-since.ts'
import { turnsIn } from './log-key.ts'
import { migrationStateOf } from './migration-state.ts'
import { schemaDifferences } from './schema-check.ts'
import { lastBody, stacksKnownIn } from './stacks-known.ts'
import { type On, statement } from './statements.ts'
import { connected } from './while-stopped.ts'

/** Looks at the database at `url`, and writes nothing. Null while it has no tables. Throws if it can't be read. */
export function inspectPostgres(url: string): Promise<Inspection | null> {
  return connected(url, async (on) => {
    const state = await migrationStateOf(on)
    if (state.applied === 0 && !state.isNewer) return null
    const isOurs = state.pending === 0 && !state.isNewer
    return {
      ...state,
      // The server checks its pages itself, and answers with an error.
      faults: [],
      // Until the rest of the migrations is made, something is always missing.
      schema: isOurs ? await schemaDifferences(on) : [],
      lastEntry: (await lastEntry(on))[0] ?? null,
      turns: await turnsIn(on, 0, Number.MAX_SAFE_INTEGER),
      keysSince: await keysSinceIn(on),
      lastAnchors: await lastAnchors(on),
      lastActed: (await acted(on))[0]?.at ?? null,
      known: isOurs ? await stacksKnownIn(on) : noStacks,
      held: isOurs ? heldBy(await open(on), await tokens(on)) : [],
      unreadable: isOurs ? await unreadableIn(on) : [],
    }
  })
}

/** People's ids begin with U or W; the app itself and other actors are in lower case. */
const acted = statement<{ at: string | null }>(
  'last-acted',
  `select max(at) as at from audit_events where actor ~ '^[UW]'`,
)
const open = statement<{ id: number; stack: string }>(
  'held-changes',
  'select id, stack from change_requests where due_at is not null order by id',
)
const tokens = statement<{ stack: string; tokens: number }>(
  'held-tokens',
  'select stack, count(*) as tokens from tokens group by stack',
)
const later = statement<object>(
  'later-than-anchor',
  `select 1 from audit_events where seq > $1 and at > $2 and type <> 'log_anchored' limit 1`,
)

async function lastAnchors(on: On): Promise<LastAnchors> {
  const [last] = await lastBody(on, 'log_anchored')
  const found: Record<string, LastAnchors[string]> = {}
  for (const [place, one] of placesIn(last?.body))
    found[place] = { ...one, isBehind: (await later(on, one.size, behindAfter(one))).length > 0 }
  return found
}

const atOnce = 500
const mostUnreadable = 10
const states = statement<{ id: number; state: string }>(
  'states',
  `select id, state from change_requests where id > $1 order by id limit ${atOnce}`,
)

async function unreadableIn(on: On): Promise<number[]> {
  const unreadable: number[] = []
  const readRow = readsRows(({ row }) => unreadable.push(Number(row)))
  for (let after = 0; ; ) {
    const run = await states(on, after)
    for (const { id, state } of run) readRow('change_requests', String(id), () => change.parse(JSON.parse(state)))
    if (run.length < atOnce || unreadable.length >= mostUnreadable) return unreadable.slice(0, mostUnreadable)
    after = run.at(-1)!.id
  }
}

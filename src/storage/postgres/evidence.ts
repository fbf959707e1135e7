import type { Entry } from '../../domain/audit/chain-check.ts'
import type { StoredRow } from '../../domain/audit/replay.ts'
import { endedStatuses } from '../../domain/change/change.ts'
import type { CardRef } from '../../ports/cards.ts'
import type { Evidence } from '../../ports/evidence.ts'
import { isAboutToken } from '../about-token.ts'
import { connectTo } from './connection.ts'
import { entriesOf } from './entries.ts'
import { requireThisVersion } from './migration-state.ts'
import { schemaDifferences } from './schema-check.ts'
import { stacksKnownIn } from './stacks-known.ts'
import { type On, statement } from './statements.ts'
import { inWords } from './trouble.ts'

/**
 * Opens the database at `url` as it is at this moment, for reading only. Throws a Refusal if its tables are missing, or
 * those of another version.
 */
export async function openPostgresEvidence(url: string): Promise<Evidence> {
  const pool = connectTo(url)
  let release = () => {}
  // A pool whose connection is not given back never ends.
  const close = async () => {
    release()
    await pool.end()
  }
  try {
    const on = await pool.connect()
    release = () => on.release(true)
    on.on('error', () => {})
    await on.query('begin isolation level repeatable read read only')
    await on.query('set local idle_in_transaction_session_timeout = 0')
    await requireThisVersion(on)
    return { ...(await evidenceOn(on)), close }
  } catch (error) {
    await close()
    throw inWords(error, url)
  }
}

/** The same within a transaction, whatever it wrote included. */
export async function evidenceOn(on: On): Promise<Omit<Evidence, 'close'>> {
  return { ...evidenceIn(on), schema: (await schemaDifferences(on)).map(({ what }) => what) }
}

const ended = endedStatuses.map((status) => `'${status}'`).join(', ')
const rows = statement<StoredRow & { id: number }>(
  'evidence-rows',
  `select id, stack, token_uid as "tokenUid", requester, status, revision, state, origin, seq, due_at as "dueAt",
     watch_until as "watchUntil", card_seq as "cardSeq"
   from change_requests where id = any($1)`,
)
const counted = statement<{ changes: number }>('evidence-count', 'select count(*) as changes from change_requests')
const unproposed = statement<{ id: number }>(
  'evidence-unproposed',
  `select id from change_requests
   where not exists (select 1 from audit_events where change_id = id and type = 'proposed') order by id`,
)
const refusals = statement<{ times: number }>(
  'evidence-refusals',
  'select times from repeated_refusals where what = $1 and since = $2',
)
const cards = statement<CardRef>(
  'evidence-cards',
  `select card_channel as channel, card_ts as ts from change_requests
   where card_ts is not null and status in (${ended}) order by id`,
)
const called = statement<{ stack: string; uid: string }>(
  'evidence-called',
  `select stack, token_uid as uid from change_requests
   where $1 in (token_uid, in_json(state, 'before', 'name'), in_json(state, 'after', 'name'))
   union select stack, uid from tokens where $1 in (uid, in_json(settings, 'name'))
   order by stack, uid`,
)
const changesOf = statement<{ id: number }>(
  'evidence-changes-of',
  'select id from change_requests where stack = $1 and token_uid = $2',
)

function evidenceIn(on: On): Omit<Evidence, 'schema' | 'close'> {
  return {
    entries: () => entriesOf(on),
    rows: async (ids) => new Map((await rows(on, ids)).map((row) => [row.id, row])),
    count: async () => (await counted(on))[0]!.changes,
    withoutProposal: async () => (await unproposed(on)).map(({ id }) => id),
    counted: async (key, since) => (await refusals(on, key, since))[0]?.times,
    cards: () => cards(on),
    tokensCalled: (name) => called(on, name),
    stacks: () => stacksKnownIn(on),
    isAbout: (token) => isAbout(on, token),
  }
}

async function isAbout(on: On, token: { stack: string; uid: string }): Promise<(entry: Entry) => boolean> {
  const changes = new Set((await changesOf(on, token.stack, token.uid)).map(({ id }) => id))
  return ({ changeId, body }) => (changeId === null ? isAboutToken(body, token) : changes.has(changeId))
}

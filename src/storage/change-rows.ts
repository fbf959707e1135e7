import { getTableColumns } from 'drizzle-orm'
import type { Change } from '../domain/change.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Database } from './database.ts'
import { changeRequests } from './schema.ts'

export type Row = typeof changeRequests.$inferSelect

/**
 * What stands between a decision and its ack: finding the row of a change, opening it and moving it on. In SQL and prepared
 * once, since building and preparing a query takes longer than running it.
 */
export function prepareChangeRows({ $client: sqlite }: Database) {
  const find = sqlite.prepare<[number], Row>(`select ${everyColumn} from change_requests where id = ?`)
  const findAsked = sqlite.prepare<[string], Row>(`select ${everyColumn} from change_requests where origin = ?`)
  const findBeside = sqlite.prepare<[string, string, number], Row>(`
    select ${everyColumn} from change_requests
    where stack = ? and token_uid = ? and id <> ? and due_at is not null
  `)
  const add = sqlite
    .prepare<[object], number>(`
      insert into "change_requests" (stack, token_uid, requester, status, revision, state, due_at, origin, seq)
      values (@stack, @tokenUid, @requester, @status, @revision, @state, @dueAt, @origin, 0)
      returning id
    `)
    .pluck()
  const move = sqlite.prepare(`
    update change_requests
    set requester = @requester, status = @status, revision = @revision, state = @state, due_at = @dueAt, seq = @seq
    where id = @id
  `)

  return {
    row: (id: number): Row => {
      const found = find.get(id)
      if (!found) throw new Refusal('not_found', `There is no change #${id}.`)
      return found
    },
    askedFor: (origin: string): Row | undefined => findAsked.get(origin),
    /** Other changes of the same token that have not ended. */
    beside: ({ stack, tokenUid, id }: Change): Row[] => findBeside.all(stack, tokenUid, id),
    /** The number that it gets is none of its state yet. */
    add: (change: Change, origin: string): number => {
      const { stack, tokenUid, requester, status, revision } = change
      const state = JSON.stringify(change)
      return add.get({ stack, tokenUid, requester, status, revision, state, dueAt: dueAtOf(change), origin })!
    },
    /** Of which token it is stays as it is. */
    move: (change: Change, seq: number): void => {
      const { id, requester, status, revision } = change
      move.run({ id, requester, status, revision, state: JSON.stringify(change), dueAt: dueAtOf(change), seq })
    },
  }
}

/** Named as in `Row`. */
const everyColumn = Object.entries(getTableColumns(changeRequests))
  .map(([key, { name }]) => `${name} as ${key}`)
  .join(', ')

/** When time alone will call for something: a try to apply, the end of a lease, a reminder, the end of waiting. */
export function dueAtOf(change: Change): string | null {
  switch (change.status) {
    case 'pending':
      return earliest(change.remindAt, change.expiresAt)
    case 'approved':
      return earliest(change.interruption?.retryAt ?? change.proposedAt, change.expiresAt)
    case 'applying':
      return change.lease.until
    case 'drifted':
      return change.expiresAt
    default:
      return null
  }
}

function earliest(...instants: string[]): string {
  return instants.sort()[0]!
}

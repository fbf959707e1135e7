import type Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { type KnownStacks, knownStacks, stacksInSettings } from '../../domain/change/known-stacks.ts'
import type { Held } from '../../ports/inspection.ts'
import { heldBy } from '../held-stacks.ts'
import { hasTable } from './migrations.ts'

/** The stacks by the log in this file: see `stacksInLog`. */
export function stacksKnownIn(db: Sqlite.Database): KnownStacks {
  const last = db
    .prepare<[string], string>('select body from audit_events where type = ? order by seq desc limit 1')
    .pluck()
  const known = last.get('stacks_known')
  if (known !== undefined) return knownStacks.parse(JSON.parse(known))
  const settings = last.get('settings_changed')
  return stacksInSettings(settings === undefined ? null : JSON.parse(settings).settings)
}

const open = z.array(z.object({ id: z.int(), stack: z.string() }))
const counted = z.array(z.object({ stack: z.string(), tokens: z.int() }))

export function heldIn(db: Sqlite.Database): Held[] {
  if (!hasTable(db, 'tokens')) return []
  const changes = open.parse(
    db.prepare('select id, stack from change_requests where due_at is not null order by id').all(),
  )
  const tokens = counted.parse(db.prepare('select stack, count(*) as tokens from tokens group by stack').all())
  return heldBy(changes, tokens)
}

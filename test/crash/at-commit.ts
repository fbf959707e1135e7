import { appendFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'

/**
 * Loaded into the app's process before the app. Writes the name of each SQLite commit to the file COMMITS, one a line,
 * and kills the process just before or just after the one that KILL_AT names: `before approved 1` is the first commit
 * called `approved`.
 */
const { AHEAD = '0', COMMITS = '', KILL_AT } = process.env
const counts = new Map<string, number>()
/** The name of the open transaction: its audit event if it has one, otherwise what was last written. */
let written = 'nothing'
let isEvent = false

const db = new Sqlite(':memory:')
const statement = Object.getPrototypeOf(db.prepare('select 1')) as Record<Call, Method>
db.close()
for (const call of ['run', 'get', 'all'] as const) statement[call] = watched(statement[call])

type Call = 'run' | 'get' | 'all'
type Method = (this: Sqlite.Statement, ...values: unknown[]) => unknown

function watched(original: Method): Method {
  return function (...values) {
    const { database, readonly, source } = this
    const writes = !readonly && !/^(begin|savepoint|rollback)/i.test(source)
    if (writes && !isEvent) written = nameOf(source, values)
    isEvent ||= writes && source.startsWith('insert into "audit_events"')
    const commits = /^commit/i.test(source) || (writes && !database.inTransaction)
    if (!commits) return original.apply(this, values)
    const name = numbered(written)
    isEvent = false
    dieAt(`before ${name}`)
    const result = original.apply(this, values)
    appendFileSync(COMMITS, `${name}\n`)
    dieAt(`after ${name}`)
    return result
  }
}

/** An audit event's type, an update's first column, or an insert's table. */
function nameOf(source: string, values: readonly unknown[]): string {
  const [, verb = '', table = 'tables'] = /^(insert into|update|delete from) "(\w+)"/.exec(source) ?? []
  if (table === 'audit_events') return String(values[columnsOf(source).indexOf('type')])
  if (verb === 'update') return /set "(\w+)"/.exec(source)?.[1] ?? table
  return verb === 'delete from' ? `forget ${table}` : table
}

function columnsOf(insert: string): string[] {
  return (
    /\((.*?)\)/
      .exec(insert)?.[1]
      ?.split(', ')
      .map((column) => column.replaceAll('"', '')) ?? []
  )
}

function numbered(name: string): string {
  const count = (counts.get(name) ?? 0) + 1
  counts.set(name, count)
  return `${name} ${count}`
}

/** On SIGUSR2, half a minute passes for the app, by every clock: enough for work it put off to be due. */
let passed = 0
process.on('SIGUSR2', () => {
  passed += 30_000
})
const RealDate = Date
const realTicks = performance.now.bind(performance)
performance.now = () => realTicks() + passed
const shown = () => RealDate.now() + Number(AHEAD) + passed
globalThis.Date = class extends RealDate {
  constructor(...given: readonly unknown[]) {
    super(...((given.length > 0 ? given : [shown()]) as [number]))
  }
  static override now() {
    return shown()
  }
} as DateConstructor

function dieAt(point: string): void {
  if (point === KILL_AT) process.kill(process.pid, 'SIGKILL')
}

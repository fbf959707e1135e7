import Sqlite from 'better-sqlite3'
import { onTestFinished, vi } from 'vitest'

/** Does something to a file that its triggers prevent, and leaves them as they were, as a careful attacker would. */
export function pastTheTriggers<T>(db: Sqlite.Database, tamper: () => T): T {
  const triggers = db
    .prepare<[], { name: string; sql: string }>(`select name, sql from sqlite_schema where type = 'trigger'`)
    .all()
  for (const { name } of triggers) db.exec(`drop trigger ${name}`)
  try {
    return tamper()
  } finally {
    for (const { sql } of triggers) db.exec(sql)
  }
}

/** Rebuilds an index without some of the rows, and leaves its definition as it was, word for word. */
export function hollow(db: Sqlite.Database, index: string, where: string): void {
  const sql = db.prepare<[string], string>('select sql from sqlite_schema where name = ?').pluck().get(index)!
  const define = (text: string) => {
    db.pragma('writable_schema = on')
    db.prepare('update sqlite_schema set sql = ? where name = ?').run(text, index)
    db.pragma('writable_schema = reset')
  }
  db.unsafeMode(true)
  define(/ where /i.test(sql) ? `${sql} and ${where}` : `${sql} where ${where}`)
  db.exec(`reindex ${index}`)
  define(sql)
  db.unsafeMode(false)
}

export type Fails = {
  /** Tells which values fail; all of them unless given. */
  readonly when?: (values: readonly unknown[]) => boolean
  readonly message?: string
}

const statements = Object.getPrototypeOf(new Sqlite(':memory:').prepare('select 1')) as Sqlite.Statement
const { run } = statements

/**
 * Until it is stopped or the test is over, fails every statement of this process that begins with these words, quotes
 * apart, as on a full disk. Nothing about it is in the file.
 */
export function failWrites(words: string, { when = () => true, message = 'disk is full' }: Fails = {}): () => void {
  const begin = words.replaceAll('"', '')
  const spy = vi.spyOn(statements, 'run')
  spy.mockImplementation(function (this: Sqlite.Statement, ...values: unknown[]) {
    if (this.source.replaceAll('"', '').trimStart().startsWith(begin) && when(values)) throw new Error(message)
    return run.apply(this, values)
  })
  const stop = () => spy.mockRestore()
  onTestFinished(stop)
  return stop
}

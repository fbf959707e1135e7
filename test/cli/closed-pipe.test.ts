import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { historyFile, key, secret, historySize as size } from '../support/audited.ts'
import { rawConnection, temporaryFile } from '../support/file.ts'
import { startWorld } from '../support/journey.ts'
import { writeLongLog } from '../support/long-log.ts'
import { startCommand } from '../support/process.ts'
import { pastTheTriggers } from '../support/tamper.ts'

/** `countersign …` in its own process, with a standard output that nobody reads. */
async function unread(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = await startCommand(args, env)
  child.stdout.destroy()
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [err, code] = await Promise.all([text(child.stderr), exit])
  return { code, err }
}

function lastEntry(path: string): string {
  return rawConnection(path).prepare('select type from audit_events order by seq desc limit 1').pluck().get() as string
}

describe('a command whose output nobody reads to the end, as with | head', () => {
  test.each([
    ['a list of tokens', ['token', 'list']],
    ['a list of changes', ['change', 'list', '--json']],
  ])('ends as it would have, without a word: %s', async (_, args) => {
    const { env } = await startWorld({ transport: 'socket' })
    expect(await unread(args, env)).toEqual({ code: 0, err: '' })
  })

  test('ends as it would have, with the same effect: a verification', async () => {
    const { path } = await historyFile()
    const db = rawConnection(path)
    pastTheTriggers(db, () => db.exec(`update audit_events set actor = 'x' where seq = ${size - 1}`))
    expect(await unread(['audit', 'verify'], { COUNTERSIGN_DB: path, AUDIT_KEY: secret })).toEqual({ code: 1, err: '' })
    expect(lastEntry(path)).toBe('log_verified')
  })

  test('stops silently if the output was the point: an export, which is not whole then', async () => {
    const path = temporaryFile()
    writeLongLog(path, 2000, key)
    expect(await unread(['audit', 'export'], { COUNTERSIGN_DB: path, AUDIT_KEY: secret })).toEqual({ code: 2, err: '' })
    expect(lastEntry(path)).not.toBe('log_exported')
  })
})

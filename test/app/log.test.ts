import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLog } from '../../src/app/log.ts'
import { shortLine } from '../../src/app/short-line.ts'
import { LogNotWritten } from '../../src/domain/refusal.ts'
import { config } from '../support/config.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = ''
  write(createLog(config, { write: (line) => (text += line) }))
  return text
}

test('no credential reaches the log, wherever it is in a line', () => {
  const error = Object.assign(new Error('refused authtoken-3'), { request: { headers: { authtoken: 'authtoken-3' } } })
  const text = logged((log) => {
    log.error(
      { err: error, headers: { authorization: 'Bearer xoxb-secret-1' } },
      'with signing-secret-2, audit-key-5 and audit-key-6, to https://collector.example/secret-7',
    )
    log.debug({ other: 'xoxp-12-ab', url: 'https://hooks.slack.com/commands/T1/2/abc' }, 'and xapp-1-A-2-b')
  })
  expect(text).not.toMatch(/secret-1|secret-2|authtoken-3|audit-key|secret-7|xox|xapp|hooks\.slack/)
  expect(text).toContain('refused [secret]')
})

test('no credential reaches the log in the way that JSON writes it, and none that is too short to be one tears words', () => {
  const [auditKey, pass] = ['any "words" with \\ and a\ttab', 'p"word']
  let text = ''
  const odd = { ...config, auditKey, proxyPasswords: [pass], earlierAuditKeys: ['level', 'a'] }
  createLog(odd, { write: (line) => (text += line) }).error(new Error(`it said ${auditKey} and ${pass}, a level`))
  expect(JSON.parse(text).msg).toBe('it said [secret] and [secret], a level')
})

test('an error is logged with its message and place, and without the request attached to it', () => {
  const text = logged((log) => log.error({ err: Object.assign(new Error('no'), { request: 'everything' }) }))
  expect(JSON.parse(text).err).toEqual({ type: 'Error', message: 'no', stack: expect.stringContaining('log.test.ts') })
})

test('a page, a long list and a deep error are cut until the line has at most 2 kB, and it still says what it is about', () => {
  const error = Object.assign(new Error(`<html>${'é'.repeat(5_000)}`), {
    stack: `Error\n${'    at somewhere\n'.repeat(900)}`,
  })
  const closed = Array.from({ length: 800 }, (_, i) => `a rule ${i} that nobody can meet any more`)
  const text = logged((log) =>
    log.error({ err: error, change: 12, closed }, 'The card of change #12 has to be tried again.'),
  )
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048)
  const line = JSON.parse(text)
  expect(line).toMatchObject({ level: 50, change: 12, msg: 'The card of change #12 has to be tried again.' })
  expect(line.err.message).toMatch(/^<html>é+…$/)
  expect(line.closed.at(-1)).toMatch(/^and \d+ more$/)
})

test('whatever is logged is one line of JSON with at most 2 kB', () => {
  const deep = fc.dictionary(fc.string(), fc.string({ maxLength: 900 }), { maxKeys: 20 })
  fc.assert(
    fc.property(deep, fc.nat(9_000), (fields, long) => {
      const msg = 'é'.repeat(long)
      const short = shortLine(`${JSON.stringify({ level: 30, ...fields, some: { fields }, msg })}\n`)
      expect(Buffer.byteLength(short)).toBeLessThanOrEqual(2048)
      expect(short.indexOf('\n')).toBe(short.length - 1)
      JSON.parse(short)
    }),
    { numRuns: 40 },
  )
})

test('a line that striking out a secret has left broken is one of JSON again if it has to be cut', () => {
  expect(JSON.parse(shortLine(`{"level":[secret],"msg":"${'x'.repeat(3_000)}"}\n`)).msg).toMatch(/^{"level":\[secret\]/)
})

test('what fails because the log cannot be written is not logged, unless it ends the app', () => {
  const err = new LogNotWritten("Countersign is read-only: it can't write its log.", new Error('ECONNREFUSED'))
  const text = logged((log) => {
    log.error({ err, change: 1 }, 'The card of change #1 has to be tried again.')
    log.warn({ err }, 'An App Home could not be brought up to date.')
    log.error({ err: new Error('Slack is down') }, 'The message of change #1 has to be tried again.')
    log.fatal({ err }, 'An unexpected error: stopping.')
  })
  const lines = text.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'The message of change #1 has to be tried again.',
    'An unexpected error: stopping.',
  ])
})

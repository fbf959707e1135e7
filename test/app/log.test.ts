import { expect, test } from 'vitest'
import { createLog } from '../../src/app/log.ts'
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

test('an error is logged with its message and place, and without the request attached to it', () => {
  const text = logged((log) => log.error({ err: Object.assign(new Error('no'), { request: 'everything' }) }))
  expect(JSON.parse(text).err).toEqual({ type: 'Error', message: 'no', stack: expect.stringContaining('log.test.ts') })
})

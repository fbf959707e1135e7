import { expect, test } from 'vitest'
import { rawConnection } from '../support/file.ts'
import { startWorld } from '../support/journey.ts'
import { verify } from './around.ts'

const scopes = ['channels:history', 'groups:history']

test('the threads of cards show that a log is complete, and that one is not whose end was cut off', async () => {
  const world = await startWorld({ transport: 'socket', scopes })
  const { alice, until, store, env, config } = world
  await alice.asksFor('ci-deploy', { name: 'ci' })
  await alice.says('/token mine')
  await store.record(1, alice.id, () => ({ type: 'cancelled', at: new Date().toISOString(), by: alice.id }))
  world.passes(60)
  await until('the anchor', async () => (await store.anchors(1)) === 'everywhere')
  const whole = await verify({ slack: true, db: config.database }, env)
  expect(whole.out).toContain('complete: yes')
  expect(whole.out).toContain('Held against 1 anchor')
  expect(whole.code).toBe(0)

  const db = rawConnection(config.database)
  db.exec('drop trigger audit_events_stay; pragma foreign_keys = off')
  db.exec(`delete from audit_events where seq >= (select max(seq) from audit_events where type = 'cancelled')`)
  const cut = await verify({ slack: true, db: config.database }, env)
  expect(cut.code).toBe(1)
  expect(cut.out).toContain('the newest are missing')
})

test('without a bot token the threads are not read, and that is said', async () => {
  const world = await startWorld({ transport: 'socket' })
  const { SLACK_BOT_TOKEN: _, ...env } = world.env
  const { code, err } = await verify({ slack: true, db: world.config.database }, env)
  expect(code).toBe(2)
  expect(err).toContain('takes SLACK_BOT_TOKEN')
})

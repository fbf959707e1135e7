import { expect, test } from 'vitest'
import { auditKey } from '../../src/domain/audit/chain.ts'
import { sealOf } from '../../src/domain/change/seal.ts'
import { placeAt } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { startWorld } from '../support/journey.ts'
import { freePort } from '../support/port.ts'
import { bob } from '../support/world.ts'

test('a change that somebody approves in the database is not applied, and those who run the app hear about it', async () => {
  const port = await freePort()
  const secret = 'a key that is in the environment of the app alone'
  const world = await startWorld({ transport: 'socket', env: { HEALTH_PORT: String(port), AUDIT_KEY: secret } })
  const { alice, config, logs, slack, stack, store } = world
  const health = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health`)
    return { code: answer.status, body: await answer.json() }
  }
  await alice.asksFor('ci-deploy', { name: 'ci' })
  expect(await health()).toMatchObject({ code: 200, body: { status: 'ok', log: { doubt: null } } })

  const { change } = await store.get(1)
  const approval = { by: bob, at: change.proposedAt, comment: '', revision: 1, seal: sealOf(change) }
  const state = { ...change, status: 'approved', approvals: [approval], interruption: null, interruptions: 0 }
  const { sql } = placeAt(config.database)
  const approves = `update change_requests set status = 'approved', due_at = '2026-01-01', state = ? where id = 1`
  await sql(approves, JSON.stringify(state))

  const errors = () => logs.filter((line) => line.includes('does not bear out change #1'))
  await slack.waitFor(() => errors()[0], 'the error in the log')
  expect(stack.takenUpdates()).toBe(0)
  expect(JSON.parse(errors()[0]!)).toMatchObject({ level: 50, change: 1, found: expect.stringMatching(/\w/) })
  expect(errors().join('\n')).not.toContain(secret)
  const doubt = expect.stringMatching(/does not bear out .*\(#1\): verify it/)
  expect(await health()).toMatchObject({ code: 503, body: { status: 'log in doubt', log: { writable: true, doubt } } })
  await slack.waitFor(() => alice.dms().some((text) => text.includes('does not bear out')), 'the word to Alice')
  expect(errors()).toHaveLength(1)
  await sql(`
    insert into change_requests (id, stack, token_uid, requester, status, revision, state, origin, seq, due_at)
    values (2, 'website', 't9', 'U0X', 'pending', 1, '{}', 'planted', 1, '2026-01-01')`)
  await eventually(() => expect(logs.some((line) => line.includes('"row":"2"'))).toBe(true))
  const both = /\(#1\), and something in the database can't be read \(change #2\): verify it/
  expect((await health()).body.log.doubt).toMatch(both)
  await world.reloads({ requests_per_second: 900 })
  expect((await health()).body.log.doubt).toMatch(both)
})

test('an app that is started without the earlier key that an open change needs names both in its log', async () => {
  const [before, present] = ['the key that the app was started with', 'the key that came after the first one']
  const env = { AUDIT_KEY: before }
  const { alice, config, logs, restarts } = await startWorld({ transport: 'socket', env })
  await alice.asksFor('ci-deploy', { name: 'ci' })
  const earlier = auditKey(before)!
  const since = await placeAt(config.database).open({ key: auditKey(present), earlier: [earlier] })
  await since.note({ type: 'started', version: '1', oneWayKeys: true }, 'app', null)
  await since.close()
  env.AUDIT_KEY = present
  await restarts({})
  const said = logs.map((line) => JSON.parse(line)).filter(({ msg }) => msg.includes('AUDIT_KEY_PREVIOUS'))
  expect(said).toEqual([expect.objectContaining({ level: 40, key: earlier.id, changes: [1] })])
})

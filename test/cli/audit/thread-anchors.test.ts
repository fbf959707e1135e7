import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { putBack } from '../../../src/cli/audit/put-back.ts'
import { type Checkpoint, checkpointOf } from '../../../src/domain/audit/chain.ts'
import type { Store } from '../../../src/ports/store.ts'
import { checkpointMessage } from '../../../src/slack/card/checkpoints.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { startWorkspace } from '../../slack/workspace.ts'
import { historyFile, key, secret } from '../../support/audited.ts'
import { rawConnection } from '../../support/file.ts'
import { startWorld } from '../../support/journey.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { listening, verify } from './around.ts'

const scopes = ['channels:history', 'groups:history']

test('the threads of cards show that a log is complete, and that one with its end cut off is not', async () => {
  const world = await startWorld({ transport: 'socket', scopes })
  const { alice, until, store, env, config } = world
  await alice.asksFor('ci-deploy', { name: 'ci' })
  await alice.says('/token mine')
  await store.record(1, alice.id, () => ({ type: 'cancelled', at: new Date().toISOString(), by: alice.id }))
  world.passes(60)
  await until('the anchor', async () => (await store.anchors(1)) === 'everywhere')
  const whole = await verify({ slack: true, db: config.database }, env)
  expect(whole.out).toContain('complete: yes')
  expect(whole.out).toContain('Checked against 1 anchor')
  expect(whole.code).toBe(0)

  const db = rawConnection(config.database)
  db.exec('pragma foreign_keys = off')
  const cutting = `delete from audit_events where seq >= (select max(seq) from audit_events where type = 'cancelled')`
  pastTheTriggers(db, () => db.exec(cutting))
  const cut = await verify({ slack: true, db: config.database }, env)
  expect(cut.code).toBe(1)
  expect(cut.out).toContain('the newest are missing')
})

const channel = 'C0APPROVALS'

/** A database whose first change has a card in Slack. `post` posts into its thread. */
async function started() {
  const { path, checkpoints } = await historyFile()
  const { client, slack, access } = await startWorkspace()
  slack.scopes.add('channels:history')
  const card = await client.chat.postMessage({ channel, text: 'a card' })
  const store = openStore(path, undefined, key)
  await store.cardStands(1, { channel, ts: card.ts!, seq: 10 })
  store.close()
  const at = '2026-06-01T09:00:00.000Z'
  const message = (checkpoint: Checkpoint) => checkpointMessage({ ...checkpoint, at, change: 1 })
  const post = (checkpoint: Checkpoint) =>
    client.chat.postMessage({ channel, thread_ts: card.ts!, ...message(checkpoint) })
  const edit = (ts: string, checkpoint: Checkpoint) => client.chat.update({ channel, ts, ...message(checkpoint) })
  const env = {
    COUNTERSIGN_DB: path,
    AUDIT_KEY: secret,
    SLACK_BOT_TOKEN: access.botToken,
    SLACK_API_URL: access.apiUrl,
  }
  return { env, checkpoints, slack, post, edit }
}

test('a log is checked against what the app posted in the threads of its cards', async () => {
  const { env, checkpoints, post } = await started()
  for (const checkpoint of checkpoints) await post(checkpoint)
  const { code, out, err } = await verify({ slack: true }, env)
  expect([code, out, err]).toEqual([0, expect.stringContaining('intact: yes\ncomplete: yes'), ''])
  expect(out).toContain('Checked against 3 anchors.')
})

test('and if one of them knew more, the report says where it was posted', async () => {
  const { env, post } = await started()
  await post(checkpointOf(50, 'f'.repeat(64), key))
  const { code, out } = await verify({ slack: true }, env)
  expect(code).toBe(1)
  expect(out).toMatch(/complete: no\n {2}- #21 is the last one, but http\S+ says that there were 50/)
})

test('and if it was edited since, as the app never does, the report says that too', async () => {
  const { env, checkpoints, post, edit } = await started()
  const { ts } = await post(checkpoints[0]!)
  await edit(ts!, checkpointOf(50, 'f'.repeat(64), key))
  const { out } = await verify({ slack: true }, env)
  expect(out).toMatch(/but http\S+ \(edited since it was posted\) says that there were 50/)
})

test('a backup that was put back late is checked against the threads too, so that verifying is not an alarm for ever', async () => {
  const { env, post } = await started()
  await post(checkpointOf(23, 'f'.repeat(64), key))
  const store = openStore(env.COUNTERSIGN_DB, undefined, key)
  for (const version of ['1', '2', '3']) await store.note({ type: 'started', version }, 'app', null)
  store.close()
  expect((await verify({ slack: true }, env)).code).toBe(1)
  const { around, said } = listening(env)
  expect([await putBack({ slack: true }, around), said().err]).toEqual([0, ''])
  const { code, out } = await verify({ slack: true }, env)
  expect(out).toContain('Entries up to #23 had been anchored before that')
  expect(code).toBe(0)
})

test('no backup is recorded if the app was started while the threads were read', async () => {
  const { env } = await started()
  let app: Store | undefined
  const whose = { url: 'https://emulated.slack.com/', team: 'Emulated', user: 'countersign' }
  const answer = JSON.stringify({ ok: true, user_id: 'U1', team_id: 'T1', bot_id: 'B1', ...whose, messages: [] })
  const slack = createServer((_, response) => {
    app ??= openStore(env.COUNTERSIGN_DB, undefined, key)
    response.setHeader('content-type', 'application/json').end(answer)
  })
  const port = await listensOn(slack)
  const { around, said } = listening({ ...env, SLACK_API_URL: `http://127.0.0.1:${port}/api/` })
  expect([await putBack({ slack: true }, around), said().err]).toEqual([2, expect.stringContaining('Stop it first')])
  expect(await app?.lastFact('log_put_back')).toBeNull()
  app?.close()
})

async function listensOn(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

test('with another database named, the cards of that one are read', async () => {
  const { env, checkpoints, post } = await started()
  for (const checkpoint of checkpoints) await post(checkpoint)
  const { path } = await historyFile()
  const ofAnother = await verify({ slack: true, db: env.COUNTERSIGN_DB }, { ...env, COUNTERSIGN_DB: path })
  expect([ofAnother.code, ofAnother.out]).toEqual([0, expect.stringContaining('Checked against 3 anchors.')])
})

test('without any, nobody can tell if the log is complete, and that is not a success', async () => {
  const { env } = await started()
  const { code, out } = await verify({ slack: true }, env)
  expect([code, out]).toEqual([2, expect.stringContaining('no anchor was found')])
})

test.each<[string, (env: Record<string, string>) => object, RegExp]>([
  ['there is no token', ({ SLACK_BOT_TOKEN: _, ...env }) => env, /needs SLACK_BOT_TOKEN/],
  [
    'Slack does not take it',
    (env) => ({ ...env, SLACK_BOT_TOKEN: 'xoxb-wrong' }),
    /does not accept the app's token for auth\.test \(invalid_auth\): check SLACK_BOT_TOKEN/,
  ],
])('says so when %s', async (_, settings, words) => {
  const { env } = await started()
  const { code, err } = await verify({ slack: true }, settings(env) as Record<string, string>)
  expect([code, err]).toEqual([2, expect.stringMatching(words)])
})

test('says which scope is missing, and that an export has no cards', async () => {
  const { env, slack } = await started()
  slack.scopes.delete('channels:history')
  expect(await verify({ slack: true }, env)).toMatchObject({ code: 2, err: expect.stringMatching('channels:history') })
  expect(await verify({ slack: true, export: 'export.ndjson' }, env)).toMatchObject({
    code: 2,
    err: expect.stringMatching('give it --anchors instead'),
  })
})

test.each<[number, string[]]>([
  [50, []],
  [51, ['Reading 51 threads in Slack, which lets an app read about 50 a minute …']],
])('says that it takes its time when there are more than Slack lets it read in a minute: %d', async (cards, words) => {
  const { path } = await historyFile()
  const db = rawConnection(path)
  db.exec(`update change_requests set card_channel = null`)
  db.exec(`create temp table one as select * from change_requests where id = 1`)
  for (let id = 101; id <= 100 + cards; id++) {
    db.exec(`update one set id = ${id}, origin = '${id}', card_channel = 'C1', card_ts = '${id}.0'`)
    db.exec('insert into change_requests select * from one')
  }
  const nowhere = { COUNTERSIGN_DB: path, SLACK_BOT_TOKEN: 'xoxb-wrong', SLACK_API_URL: 'http://127.0.0.1:1/api/' }
  const { code, err } = await verify({ slack: true }, nowhere)
  const [last, ...before] = err.split('\n').reverse()
  expect([code, before]).toEqual([2, words])
  expect(last).toMatch(/ Nothing was checked\.$/)
})

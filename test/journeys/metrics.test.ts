import { expect, test } from 'vitest'
import { startWorld, transports, type World } from '../support/journey.ts'
import { freePort } from '../support/port.ts'

/** The whole app, and what Prometheus would read from it. */
async function startScraped(options: Parameters<typeof startWorld>[0] = {}) {
  const port = await freePort()
  const world = await startWorld({ ...options, env: { HEALTH_PORT: String(port), ...options.env } })
  /** Later than an answer is kept. */
  const scrape = async () => {
    world.passes(6)
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ])
    return answer.text()
  }
  return { ...world, scrape }
}

const fromLog = (text: string) =>
  text.split('\n').filter((line) => /^countersign_(changes|change|approvals|drifts|log_e)/.test(line))

async function applies({ alice, bob, slack }: World & Pick<Awaited<ReturnType<typeof startScraped>>, 'alice' | 'bob'>) {
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  await bob.approves(card)
  await slack.waitFor(() => alice.dms().some((text) => text.includes('was applied')), 'the word to Alice')
}

test.each(transports)(
  'what became of changes is counted, and a restart takes nothing away: over %s',
  async (transport) => {
    const world = await startScraped({ transport })
    const { alice, scrape, restarts } = world
    await applies(world)
    await alice.asksFor('preview-reader', { name: 'reader' })
    const text = await scrape()
    for (const line of [
      'countersign_changes_asked_total{stack="website",rule="approvers"} 2',
      'countersign_changes_ended_total{stack="website",rule="approvers",outcome="applied"} 1',
      'countersign_changes_open{stack="website",status="pending",age="1h"} 1',
      'countersign_change_decision_seconds_count{stack="website",rule="approvers"} 1',
      'countersign_change_apply_seconds_count{stack="website",rule="approvers"} 1',
      'countersign_stack_writes_total{stack="website",answer="taken"} 1',
      'countersign_health{status="ok"} 1',
      'countersign_stack_reachable{stack="website"} 1',
    ])
      expect(text.split('\n')).toContain(line)
    expect(text).toMatch(/^countersign_slack_calls_total\{method="chat\.postMessage",error="none"\} [1-9]/m)
    expect(text).toMatch(/^countersign_stack_looks_total\{stack="website",answer="ok"\} [1-9]/m)
    expect(/^countersign_slack_connections [12]$/m.test(text)).toBe(transport === 'socket')
    const before = fromLog(text).filter((line) => !line.startsWith('countersign_log_entries'))
    await restarts({})
    expect(fromLog(await scrape()).filter((line) => !line.startsWith('countersign_log_entries'))).toEqual(before)
  },
)

test('the size of the database is told', async () => {
  const { scrape } = await startScraped()
  expect(await scrape()).toMatch(/^countersign_database_bytes [1-9]/m)
})

test('no person, token, reason or credential gets into a metric, whatever people and services say', async () => {
  const planted = 'xoxb-1-EXAMPLE-planted'
  const world = await startScraped({
    transport: 'socket',
    env: { AUDIT_KEY: 'an audit key that nobody may see, 32 long' },
  })
  const { alice, bob, slack, stack, scrape, env, until } = world
  const hostile = `"} 1\nplanted_total{x="*<!channel> ${planted}`
  const card = await alice.asksFor('ci-deploy', { name: 'ci"} 1', description: hostile, reason: `Because ${planted}` })
  slack.trouble.fail = { 'chat.update': planted.replaceAll('-', '_').toLowerCase(), 'users.info': 'a_made_up_error' }
  stack.trouble.refuse = { status: 422, body: { error_message: `No: ${stack.authtoken} ${planted}`, error_code: 141 } }
  await bob.approves(card)
  await until('the end', async () => (await world.store.get(1)).change.status === 'failed')
  stack.trouble.refuseReads = { status: 403, body: { error_message: `No: ${stack.authtoken}`, error_code: 901 } }
  await alice.says('/token list')
  await until('a call that failed', async () => (await scrape()).includes('error="other"'))
  const text = await scrape()
  expect(text).toContain('outcome="failed"} 1')
  const { botToken, appToken, signingSecret } = slack
  const secrets = [botToken, appToken, signingSecret, stack.authtoken, env.AUDIT_KEY!, planted, 'planted']
  for (const secret of [...secrets, 'ci-deploy', 'U0ALICE', 'U0BOB', 'a_made_up', 'channel>'])
    expect(text, secret).not.toContain(secret)
})

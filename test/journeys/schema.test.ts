import { expect } from 'vitest'
import { onFile } from '../support/engine.ts'
import { rawConnection } from '../support/file.ts'
import { startWorld } from '../support/journey.ts'
import { freePort } from '../support/port.ts'

onFile(
  'with a trigger in its database that drops refusals the app is read-only, and says why, until it is gone',
  async () => {
    const port = await freePort()
    const world = await startWorld({ transport: 'socket', env: { HEALTH_PORT: String(port) } })
    const { alice, bob, mallory, stack, config, until, audit } = world
    const health = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/health`)
      return { code: answer.status, body: await answer.json() }
    }
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    const raw = rawConnection(config.database)
    raw.exec(
      `create trigger quiet before insert on audit_events when new.type = 'refused' begin select raise(ignore); end`,
    )
    await until('the trigger to be noticed', async () => (await health()).code === 503)
    const why = expect.stringContaining('the trigger "quiet" on "audit_events" was planted')
    expect((await health()).body).toMatchObject({ status: 'read-only', log: { writable: false, why } })
    await mallory.presses(card, 'approve')
    await bob.presses(card, 'approve')
    expect(await bob.hears()).toEqual([expect.stringMatching(/is read-only: .*"quiet".*was planted/)])
    expect(stack.takenUpdates()).toBe(0)
    await alice.says('/token #1')
    expect(await alice.hears(2)).toEqual([
      expect.stringMatching(/is read-only: /),
      expect.stringContaining('This change is waiting for 1 approval.'),
    ])

    raw.exec('drop trigger quiet')
    await until('the app to go on', async () => (await health()).code === 200)
    await mallory.presses(card, 'approve')
    await until('the refusal', async () => (await audit()).includes('U0MALLORY refused'))
    expect(await audit()).toEqual(['app started', 'U0ALICE proposed', 'app schema_differed', 'U0MALLORY refused'])
    await bob.approves(card)
    await until('the update', () => stack.takenUpdates() === 1)
  },
)

onFile('while another program locks the database, a list says so once', async () => {
  const { alice, config, logs, until } = await startWorld({ transport: 'socket' })
  const raw = rawConnection(config.database)
  raw.exec('begin immediate')
  await alice.says('/token list')
  await until('the lock to be noticed', () => logs.some((line) => line.includes('keeps the database locked')))
  await alice.hears()
  for (const line of ['/token list', '/token history nonesuch']) {
    const heard = alice.toldPrivately().length
    await alice.says(line)
    const [first, second] = (await alice.hears(heard + 2)).slice(heard)
    expect(first).toContain('is read-only')
    expect(second).toContain('may be out of date')
    expect(second).not.toContain('is read-only')
  }
  raw.exec('rollback')
})

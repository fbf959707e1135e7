import { expect, test } from 'vitest'
import { startWorld } from '../support/journey.ts'
import { freePort } from '../support/port.ts'
import { rawPostgres } from '../support/postgres.ts'
import { twoRoles } from '../support/roles.ts'

test('an app whose role loses a right in PostgreSQL is read-only, names it once, and goes on by itself when it is granted', async () => {
  const { owner, app, role, granted } = await twoRoles()
  await granted()
  const port = await freePort()
  const world = await startWorld({ database: { app, direct: owner }, env: { HEALTH_PORT: String(port) } })
  const { alice, bob, mallory, slack, stack, logs, until, audit } = world
  const health = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health`)
    return { code: answer.status, body: await answer.json() }
  }
  const lines = (text: string) => logs.filter((line) => line.includes(text)).length
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  const raw = await rawPostgres(owner)
  await raw.query(`revoke select on homes from ${role}`)
  await slack.as(alice.id).openHome()
  await until('the right to be missed', async () => (await health()).code === 503)
  const why = expect.stringContaining(`the role ${role} lacks rights that Countersign uses (select on homes): run "`)
  for (const times of [1, 2, 3]) {
    await mallory.presses(card, 'approve')
    expect((await mallory.hears(times)).at(-1)).toMatch(/is read-only: .*select on homes/)
    expect(await health()).toMatchObject({ code: 503, body: { status: 'read-only', log: { writable: false, why } } })
  }
  expect([lines("The audit log can't be written"), lines('The audit log can be written again')]).toEqual([1, 0])
  await raw.query(`grant select on homes to ${role}`)
  await until('the app to go on', async () => (await health()).code === 200)
  await bob.approves(card)
  await until('the update', () => stack.takenUpdates() === 1)
  expect(await audit()).not.toContain('U0MALLORY refused')
  expect([lines("The audit log can't be written"), lines('The audit log can be written again')]).toEqual([1, 1])
})

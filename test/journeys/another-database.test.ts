import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import type { EmulatedSlack, Message } from '../../src/sandbox/slack/protocol.ts'
import { databaseIn } from '../support/engine.ts'
import { temporaryFile } from '../support/file.ts'
import { startWorld, transports } from '../support/journey.ts'
import type { Person } from '../support/person.ts'
import { freePort } from '../support/port.ts'

const toldIn = (logs: readonly string[]) => logs.filter((line) => line.includes('with another database, showed'))

/** Presses a button on a card, as if it had another value. */
async function pressesAs(slack: EmulatedSlack, person: Person, card: Message, value: string): Promise<string> {
  const told = person.toldPrivately().length
  const pressed = await person.presses(card, 'reject')
  const [action] = pressed.body.actions as object[]
  await slack.redeliver({ ...pressed, body: { ...pressed.body, actions: [{ ...action, value }] } })
  return (await person.hears(told + 1)).at(-1) ?? ''
}

test('a form that another process opened on another database is refused as that, and the log and /health say so too', async () => {
  const { alice, logs, joined } = await startWorld({ transport: 'socket' })
  const port = String(await freePort())
  await joined({ COUNTERSIGN_DB: await databaseIn(dirname(temporaryFile())), HEALTH_PORT: port })
  const elsewhere = async () => (await (await fetch(`http://127.0.0.1:${port}/health`)).json()).slack.elsewhere
  expect(await elsewhere()).toBeNull()
  for (const _ of ['once', 'and again']) {
    await alice.opens('ci-deploy')
    await alice.fillsIn({ reason: 'The pipeline moved' })
    await alice.submits()
    expect(alice.reads()).toContain('another Countersign process with another database opened it. Nothing was')
    while (alice.modal()) await alice.closeModal()
  }
  expect(toldIn(logs)).toEqual([expect.stringMatching(/"level":40.*Stop that process, or give it this database/)])
  expect(await elsewhere()).toMatch(/^20.*Z$/)
})

test.each(transports)(
  'a card whose change is not in the database is reported as such, and in the log once its place is known (%s)',
  async (transport) => {
    const { alice, bob, slack, logs, clockIsSet } = await startWorld({ transport })
    const card = await alice.asksFor('ci-deploy', { description: 'Only words' })
    expect(await pressesAs(slack, bob, card, '99:1')).toMatch(
      /^Countersign has no change #99: .* with another database posted it\. Nothing was done\./,
    )
    expect(toldIn(logs)).toHaveLength(1)
    clockIsSet(2 * 86_400)
    expect(await pressesAs(slack, bob, card, '1:1:0123456789abcdef')).toContain('is not what is stored as change #1')
    expect(toldIn(logs)).toHaveLength(2)
  },
)

test('a form that was opened long ago, or a card from before the start, does not point to another process', async () => {
  const { alice, bob, slack, logs, store, clockIsSet, restarts } = await startWorld({ transport: 'socket' })
  const card = await alice.asksFor('ci-deploy', { description: 'Only words' })
  await alice.opens('ci-deploy')
  await alice.fillsIn({ reason: 'The pipeline moved' })
  await store.forgetDrafts('9999-12-31')
  clockIsSet(3601)
  await alice.submits()
  expect(alice.reads()).toContain('Countersign does not know this form: it is too old')
  await restarts({})
  expect(await pressesAs(slack, bob, card, '99:1')).toContain('no change #99')
  expect(toldIn(logs)).toEqual([])
})

import { expect, test } from 'vitest'
import { Outage } from '../../src/domain/outside-trouble.ts'
import { answerErrors } from '../../src/slack/edge.ts'
import { alice } from '../support/world.ts'
import { startBolt } from './workspace.ts'

test('what a service outside answered is told in one short line, without a secret', async () => {
  const bolt = await startBolt({ botToken: 'xoxb-test', apiUrl: 'http://nowhere.invalid/api/' })
  bolt.use(answerErrors)
  bolt.view('form', async () => {
    throw new Outage(`the answer was <!DOCTYPE html>\n  xoxb-1-secret ${'x'.repeat(6000)}`)
  })
  const acks: unknown[] = []
  await bolt.processEvent({
    body: {
      type: 'view_submission',
      team: { id: 'T0SANDBOX' },
      user: { id: alice },
      view: { id: 'V1', type: 'modal', callback_id: 'form', state: { values: {} } },
    },
    ack: async (answer) => void acks.push(answer),
    customProperties: { delivery: { acked: false, late: false } },
  })
  const words = `The answer was <!DOCTYPE html> [secret] ${'x'.repeat(259)}…; it is logged as `
  expect(JSON.stringify(acks)).toContain(words)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startWorld, transports, type World } from '../support/journey.ts'
import { type Unexpected, unexpected } from '../support/unexpected.ts'
import { alice } from '../support/world.ts'

const from = { user: { id: alice, team_id: 'T0SANDBOX' }, trigger_id: '1.2.3' }
const ofAnother = 'This belongs to another version of Countersign, so nothing was done.'

const heardBy = ({ alice }: World) => [...alice.toldPrivately(), ...alice.dms()]

describe.each(transports)('unexpected input, over %s', (transport) => {
  test.each<[string, Unexpected, string]>([
    [
      'a command of another name',
      {
        kind: 'command',
        body: { command: '/tokens', text: '', user_id: alice, team_id: 'T0SANDBOX', channel_id: 'C0APPROVALS' },
      },
      'Countersign listens to /token, not to /tokens, so nothing was done.',
    ],
    [
      'a shortcut that is not known',
      { kind: 'shortcut', body: { ...from, type: 'shortcut', callback_id: 'old' } },
      ofAnother,
    ],
    [
      'a shortcut on a message',
      {
        kind: 'shortcut',
        body: { ...from, type: 'message_action', callback_id: 'old', channel: { id: 'C0APPROVALS' } },
      },
      ofAnother,
    ],
    [
      'a button',
      {
        kind: 'block_actions',
        body: { ...from, type: 'block_actions', actions: [{ type: 'button', action_id: 'old', block_id: 'b' }] },
      },
      ofAnother,
    ],
  ])('%s is acked, and the person is told why nothing happened', async (_, { kind, body }, words) => {
    const world = await startWorld({ transport })
    expect(await world.slack.send(kind, body)).toMatchObject({ outcome: 'acked', problem: null })
    await world.until('the words', () => heardBy(world).some((said) => said.includes(words)))
    expect(world.logs.filter((line) => JSON.parse(line).level >= 50)).toEqual([])
  })

  test('the options of a form of another version are an empty list, and a closed form is acked silently', async () => {
    const world = await startWorld({ transport })
    const { slack } = world
    const view = { id: 'V1', type: 'modal', callback_id: 'old', private_metadata: '' }
    const options = await slack.send('block_suggestion', {
      ...from,
      ...{ type: 'block_suggestion', action_id: 'old', block_id: 'b', value: 'x', view },
    })
    expect(options).toMatchObject({ outcome: 'acked', ackBody: { options: [] } })
    const closed = { ...from, type: 'view_closed', view, is_cleared: false }
    expect(await slack.send('view_closed', closed)).toMatchObject({ outcome: 'acked' })
    expect(await slack.send('view_closed', { ...closed, user: { id: 'U0GUS' } })).toMatchObject({ outcome: 'acked' })
    expect(
      await slack.send('event', { type: 'event_callback', team_id: 'T0SANDBOX', event: { type: 'of_next_year' } }),
    ).toMatchObject({ outcome: 'acked' })
    const cancelled = { ...from, type: 'dialog_cancellation', callback_id: 'old', channel: { id: 'C0APPROVALS' } }
    expect(await slack.send('block_actions', cancelled)).toMatchObject({ outcome: 'acked' })
    await slack.send('shortcut', { ...from, type: 'shortcut', callback_id: 'old' })
    await world.until('the words about that', () => heardBy(world).length > 0)
    expect(heardBy(world)).toEqual([expect.stringContaining(ofAnother)])
    expect(slack.as('U0GUS').messages('dm')).toEqual([])
  })

  test('anything, in any shape, is acked in time, nothing is decided, and the app goes on', async () => {
    const world = await startWorld({ transport })
    const { alice: person, slack, stack, logs, store } = world
    const isAcked = fc.asyncProperty(unexpected, async ({ kind, body }) => {
      expect(await slack.send(kind, body)).toMatchObject({ outcome: 'acked', problem: null })
    })
    await fc.assert(isAcked, { numRuns: 400 })
    await person.says('/token help')
    expect((await store.changes({ most: 1 })).length).toBe(0)
    expect(stack.takenUpdates()).toBe(0)
    expect(logs.filter((line) => JSON.parse(line).level >= 60)).toEqual([])
  })
})

test.each(['block_actions', 'shortcut', 'command'] as const)(
  'over Socket Mode, what has nothing in it is acked and told once in the log: %s',
  async (kind) => {
    const { slack, logs } = await startWorld({ transport: 'socket' })
    expect(await slack.send(kind, null as never)).toMatchObject({ outcome: 'acked' })
    expect(logs.filter((line) => JSON.parse(line).level >= 50)).toHaveLength(1)
  },
)

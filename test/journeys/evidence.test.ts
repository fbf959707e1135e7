import { describe, expect, test } from 'vitest'
import { startWorld, type World } from '../support/journey.ts'
import type { Person } from '../support/person.ts'
import { bob } from '../support/world.ts'

async function evidenceOf({ store }: World, type: string) {
  const event = (await store.events(1)).map((entry) => entry.event).find((event) => event.type === type)
  return event && 'pressed' in event ? event.pressed : undefined
}

/** The time of the last press by Slack's clock, as Slack writes it. */
function lastPress({ slack }: World): string {
  const body = slack.deliveries.findLast(({ kind }) => kind === 'block_actions')!.body
  return (body as unknown as { actions: [{ action_ts: string }] }).actions[0].action_ts
}

function homeOf({ slack }: World): string {
  const body = slack.deliveries.findLast(({ kind }) => kind === 'block_actions')!.body
  return (body.view as { id: string }).id
}

describe('evidence of decisions', () => {
  test('the log says which message was pressed, when by Slack’s clock, and what it showed', async () => {
    const world = await startWorld()
    const card = await world.alice.asksFor('ci-deploy', { name: 'ci' })
    await world.bob.presses(card, 'approve')
    const pressed = await evidenceOf(world, 'approved')
    const { change } = await world.store.get(1)
    expect(pressed).toEqual({
      channel: card.channel,
      message: card.ts,
      ts: lastPress(world),
      revision: 1,
      seal: change.approvals[0]?.seal,
    })
  })

  test('of a form, it says which form was sent, and which press had opened it', async () => {
    const world = await startWorld()
    const card = await world.alice.asksFor('ci-deploy', { name: 'ci' })
    await world.bob.presses(card, 'reject')
    const opened = { channel: card.channel, message: card.ts, ts: lastPress(world) }
    const form = await world.bob.modalCalled('reject_form')
    await world.bob.fillsIn({ rejection: 'Not now' })
    await world.bob.submits()
    expect(await evidenceOf(world, 'rejected')).toMatchObject({ view: form.id, opened, revision: 1 })
  })

  test('of a press on App Home, it says which Home that was', async () => {
    const world = await startWorld()
    await world.alice.asksFor('ci-deploy', { name: 'ci' })
    await world.bob.opensHome()
    await world.bob.pressesHome('approve_with_comment', '1:1')
    const opened = { view: homeOf(world), ts: lastPress(world) }
    const form = await world.bob.modalCalled('approve_form')
    await world.bob.submits()
    expect(await evidenceOf(world, 'approved')).toMatchObject({ view: form.id, opened, revision: 1 })
  })

  test('no text, reaction or message counts as a decision, whoever or whatever wrote it', async () => {
    const world = await startWorld()
    const card = await world.alice.asksFor('ci-deploy', { name: 'ci' })
    const before = await world.audit()
    for (const said of words) await sayEverywhere(world, world.bob, { ...card, said })
    expect(await world.audit()).toEqual(before)
    expect((await world.store.get(1)).change.status).toBe('pending')
    expect(world.stack.requests.filter(({ method }) => method === 'PUT')).toEqual([])
  })
})

const words = ['approve', 'Approve #1', '/token approve 1', 'lgtm', ':white_check_mark:', 'yes', '<@U0APP> approve 1']

type Said = { readonly channel: string; readonly ts: string; readonly said: string }

/** As people, bots and assistants can, where the app is told of it: in the channel, in the card's thread, to the app, as a reaction, as a command. */
async function sayEverywhere({ slack }: World, person: Person, { channel, ts, said }: Said): Promise<void> {
  const text = { text: said, channel, ts: '1799999999.000100' }
  const byAssistant = { user: bob, bot_id: 'B0HELPER', app_id: 'A0HELPER', subtype: 'bot_message' }
  for (const event of [
    { type: 'message', user: bob, ...text },
    { type: 'message', user: bob, ...text, thread_ts: ts },
    { type: 'message', ...byAssistant, ...text, thread_ts: ts },
    { type: 'message', user: bob, channel_type: 'im', ...text },
    { type: 'app_mention', user: bob, ...text, thread_ts: ts },
    { type: 'reaction_added', user: bob, reaction: '+1', item: { type: 'message', channel, ts } },
    { type: 'reaction_added', user: bob, reaction: 'white_check_mark', item: { type: 'message', channel, ts } },
    { type: 'assistant_thread_started', assistant_thread: { user_id: bob, channel_id: channel, thread_ts: ts } },
  ])
    await slack.send('event', { type: 'event_callback', team_id: slack.teamId, event })
  await person.says(`/token ${said.replace('/token ', '')}`)
}

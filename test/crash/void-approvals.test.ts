import { expect, test } from 'vitest'
import { pressOn } from '../support/press-on.ts'
import { expectSettled } from './checks.ts'
import { ask, cards } from './people.ts'
import { createWorld, slow, type World } from './world.ts'

test.concurrent.for(['after amended 1', 'after telling 2', 'before telling 3'])(
  'an app that dies (%s) once an edit has voided an approval tells the approver when it is back',
  { ...slow },
  async (killAt, context) => {
    const world = await createWorld(context, { approvals: 2 })
    const first = await world.start({ killAt })
    await ask(world)
    const [card] = await world.until(() => cards(world).length > 0 && cards(world), 'the card')
    await world.slack.as('U0BOB').press(card!, 'approve')
    await world.until(() => cards(world)[0]!.text.includes('approved by'), 'the approval')
    const editing = edit(world)
    expect(await first.exited).toMatchObject({ signal: 'SIGKILL' })
    await editing

    const second = await world.start()
    await second.ready
    world.passTime()
    // Slack took the message, and the app died before it could record that: nobody can tell, so it is sent again.
    const times = killAt === 'before telling 3' ? 2 : 1
    await world.until(() => words(world).length === times, 'the word to Bob')
    await world.until(() => JSON.stringify(cards(world)).includes('(revision 2)'), 'the card')
    await second.terminate()
    expect(words(world)).toHaveLength(times)
    await expectSettled(world, 'is waiting for 2 approvals')
  },
)

/** Alice edits the change that Bob has approved. */
async function edit({ slack, until }: World): Promise<void> {
  const alice = slack.as('U0ALICE')
  const [card] = alice.messages('C0APPROVALS')
  await pressOn(alice, card!, { action: 'amend' })
  await until(() => alice.modal()?.view.callback_id === 'edit_form', 'the form')
  await alice.fill('description:1', 'form_description', 'Something else')
  await alice.submit()
  await until(() => alice.modal()?.view.callback_id === 'preview', 'the preview')
  await alice.submit()
}

function words({ slack }: World) {
  return slack
    .as('U0BOB')
    .messages('dm')
    .filter(({ text }) => text.startsWith('Your approval of change #1'))
}

import type { Delivery, Message } from '../../src/sandbox/slack/protocol.ts'
import { pressOn } from '../support/press-on.ts'
import { channel, type World } from './world.ts'

/** The settings Alice wants for the token `ci-deploy`. */
export const wanted = { name: 'CI deploy', description: 'Deploys the website from CI' }

/** Alice asks for the change and Bob approves it. As people would, they repeat anything the app did not answer. */
export async function insist(world: World): Promise<void> {
  await ask(world)
  await approve(world)
}

/** Resolves once her forms are sent. */
export async function ask(world: World, edit = wanted, token = 'ci-deploy'): Promise<void> {
  const alice = world.slack.as('U0ALICE')
  const formIs = (id: string) => alice.modal()?.view.callback_id === id
  await insistUntil(
    world,
    'the form',
    () => formIs('edit_form'),
    () => alice.command(`/token edit ${token}`),
  )
  const isNameInSight = () => JSON.stringify(alice.modal()?.view.blocks).includes('"block_id":"name:1"')
  const openNaming = async () => {
    const pressed = await alice.press({ id: alice.modal()!.id }, 'form_open_naming')
    if (pressed?.outcome === 'acked')
      await world.until(() => isNameInSight() || world.slack.connections === 0, 'the name')
    return pressed
  }
  // The app may have opened a second, empty form for a command that it seemed to have missed.
  const send = async () => {
    if (formIs('edit_form')) {
      const pressed = isNameInSight() ? null : await openNaming()
      if (!isNameInSight()) return pressed
      await alice.fill('name:1', 'form_name', edit.name)
      await alice.fill('description:1', 'form_description', edit.description)
      await alice.fill('reason:1', 'form_reason', 'The new pipeline needs a clearer name')
    }
    return alice.submit()
  }
  await insistUntil(world, 'the preview', () => formIs('preview'), send)
  await insistUntil(world, 'all forms to close', () => !alice.modal(), send)
}

/** Resolves once the newest card takes no more clicks. He waits until Alice has been told. */
export async function approve(world: World): Promise<void> {
  const bob = world.slack.as('U0BOB')
  await world.until(() => cards(world).length > 0 && told(world, 'is waiting') > 0, 'the card, and a word to Alice')
  const newest = () => cards(world).at(-1)!
  await insistUntil(
    world,
    'the card without buttons',
    () => !canBeApproved(newest()),
    () => bob.press(newest(), 'approve'),
  )
}

/** Presses a button of a card until `done`: again if the app gave no answer, or died first. */
export function press(world: World, { ts }: Message, person: string, action: string, done: () => boolean) {
  const newest = () => cards(world).find((card) => card.ts === ts)!
  return insistUntil(world, `what ${action} does`, done, () => pressOn(world.slack.as(person), newest(), { action }))
}

/** Cancels from a card, and says yes when asked once more, until `done`. */
export function cancel(world: World, card: Message, person: string, done: () => boolean): Promise<void> {
  return sayYes(world, card, { person, action: 'cancel', form: 'cancel_form' }, done)
}

/** Takes a change over, in the same way. */
export function takeOver(world: World, card: Message, person: string, done: () => boolean): Promise<void> {
  return sayYes(world, card, { person, action: 'take_over', form: 'take_over_form' }, done)
}

/** Rebases it, in the same way. */
export function rebase(world: World, card: Message, person: string, done: () => boolean): Promise<void> {
  return sayYes(world, card, { person, action: 'rebase', form: 'rebase_form' }, done)
}

type Asked = { readonly person: string; readonly action: string; readonly form: string }

async function sayYes(world: World, { ts }: Message, asked: Asked, done: () => boolean): Promise<void> {
  const { person, action, form } = asked
  const actor = world.slack.as(person)
  const newest = () => cards(world).find((card) => card.ts === ts)!
  const isAsked = () => actor.modal()?.view.callback_id === form
  const ask = () => pressOn(actor, newest(), { action })
  await insistUntil(world, 'the question', () => isAsked() || done(), ask)
  await insistUntil(world, `what ${action} does`, done, () => (isAsked() ? actor.submit() : ask()))
}

/**
 * Acts once the app is there, and again if it gave no answer, died before `done` came true, or said that it could not.
 */
async function insistUntil(
  { slack, until }: World,
  what: string,
  done: () => boolean,
  act: () => Promise<Delivery | null>,
): Promise<void> {
  while (!done()) {
    await until(() => slack.connections > 0 || done(), 'the app')
    if (done()) return
    const [since, before] = [slack.deliveries.length, timesNotDone(slack)]
    if ((await act()) === null) throw new Error(`Nothing could be sent, on the way to ${what}.`)
    const taken = slack.deliveries[since]?.outcome === 'acked'
    if (taken) await until(() => done() || slack.connections === 0 || timesNotDone(slack) > before, what)
  }
}

/**
 * How often people were told that their act was not done: on a busy machine, a form or Slack's own answer comes too
 * late.
 */
function timesNotDone(slack: World['slack']): number {
  const seen = ['U0ALICE', 'U0BOB', 'U0CAROL'].flatMap((id) => slack.as(id).see().conversations)
  return seen
    .flatMap(({ messages }) => messages)
    .filter(({ ephemeral, text }) => ephemeral && /Nothing was opened|so nothing was done/.test(text)).length
}

/** Cards of 0.2.0 begin with it. */
const mention = /(?:^|\. )Change #/

export function cards({ slack }: World): readonly Message[] {
  return slack
    .as('U0CAROL')
    .messages(channel)
    .filter(({ text }) => mention.test(text))
}

function canBeApproved({ blocks }: Message): boolean {
  return JSON.stringify(blocks).includes('"action_id":"approve"')
}

export function hasButtons({ blocks }: Message): boolean {
  return blocks.some((block) => block.type === 'actions')
}

/** How often Alice was told this. */
export function told({ slack }: World, words: string): number {
  return slack
    .as('U0ALICE')
    .messages('dm')
    .filter(({ text }) => text.includes(words)).length
}

/** A card that can't be approved any more says so, and Alice was told. */
export function isOver(world: World, words: string): boolean {
  return cards(world).some((card) => card.text.includes(words) && !canBeApproved(card)) && told(world, words) > 0
}

/**
 * Resolves once the change is applied, or `over` is true. Passes the time of each try that was put off instead of
 * waiting.
 */
export async function untilApplied(world: World, over = () => isOver(world, 'was applied')): Promise<void> {
  for (let passed = 0; !over(); ) {
    const isPutOffAgain = () => isPutOff(world) && timesPutOff(world) > passed
    await world.until(() => over() || isPutOffAgain(), 'the outcome')
    if (over()) return
    passed = timesPutOff(world)
    world.passTime()
  }
}

function timesPutOff(world: World): number {
  return world.commits().filter((name) => name.startsWith('apply_interrupted ')).length
}

export function isPutOff(world: World): boolean {
  return cards(world).some(({ text }) => text.includes('not applied yet'))
}

export function saysApplied(card: Message): boolean {
  return card.text.includes('was applied') && !hasButtons(card)
}

/** Carol presses Approve wherever she still can: it decides nothing any more, and each such card is corrected. */
export async function pressStrays(world: World): Promise<void> {
  for (let stray = cards(world).find(canBeApproved); stray; stray = cards(world).find(canBeApproved)) {
    const { ts } = stray
    await world.slack.as('U0CAROL').press(stray, 'approve')
    await world.until(
      () => cards(world).some((card) => card.ts === ts && !hasButtons(card)),
      'the stray card to be redrawn',
    )
  }
}

import { expect } from 'vitest'
import type { Store } from '../../src/ports/store.ts'
import type { Choice, Delivery, EmulatedSlack, Message, Modal } from '../../src/sandbox/slack/protocol.ts'
import { buttonsIn, inputsIn, parts, reading } from '../slack/kit/drawn.ts'
import { eventually } from './eventually.ts'
import { pressOn } from './press-on.ts'

/** The values to fill in, by part of the form: `name`, `module.entry`, `date` … */
export type Filled = Readonly<Record<string, Choice>>

export type Person = ReturnType<typeof createPerson>

/** True for what the app says before an answer that has to wait. */
const isOnlyAhead = (said: string) => said.endsWith('the answer comes here then.')

/** The channel of the cards. */
export const approvals = 'C0APPROVALS'

/**
 * A person with a named method for everything people do here. The app must answer every act in time, and without
 * complaint.
 */
export function createPerson({ slack, store }: { slack: EmulatedSlack; store: Pick<Store, 'home'> }, id: string) {
  const actor = slack.as(id)
  return {
    ...actor,
    id,
    says,
    opens,
    fillsIn,
    submits,
    checks,
    asksFor,
    sends,
    presses,
    approves: (card: Message) => presses(card, 'approve'),
    cancels,
    takesOver,
    rebases,
    rejects,
    confirms,
    amends,
    reads,
    toldPrivately,
    hearsAhead,
    hears,
    answerTo,
    dms: () =>
      actor.messages('dm').map((message) => reading(message.blocks.length > 0 ? message.blocks : text(message))),
    cards,
    thread,
    form,
    looksInto,
    pressesInForm,
    inSight: (part: string) => inSight(part) !== undefined,
    errors,
    opensHome,
    readsHome,
    pressesHome,
    carries,
    card,
    readsCard: (seen: Message) => reading(card(seen).blocks),
    modalCalled,
  }

  async function says(line: string): Promise<void> {
    handled(await actor.command(line))
  }

  /** The private answer to this line, which is the next one they hear. */
  async function answerTo(line: string): Promise<string> {
    const before = toldPrivately().length
    await says(line)
    return (await hears(before + 1))[before]!
  }

  /** Types /token edit, and resolves with the form. */
  async function opens(name: string): Promise<Modal> {
    const before = actor.modal()?.id
    await says(`/token edit ${name}`)
    return modalCalled('edit_form', before)
  }

  /** The modal in front, once it has this callback and is not the one called `before`. */
  function modalCalled(callback: string, before?: string): Promise<Modal> {
    return slack.waitFor(() => {
      const modal = actor.modal()
      return modal?.view.callback_id === callback && modal.id !== before && modal
    }, `the modal ${callback} of ${id}`)
  }

  /** Opens the groups and picks the modules that it takes. */
  async function fillsIn(what: Filled): Promise<void> {
    for (const [part, value] of Object.entries(what)) await fillIn(part, value)
  }

  async function fillIn(part: string, value: Choice): Promise<void> {
    const [, module] = /^module\.(.+)$/.exec(part) ?? []
    const group = groupWith(part)
    if (!inSight(part) && group !== null) await looksInto(group)
    const picked = part === 'everything' ? part : module
    if (!inSight(part) && picked !== undefined) await fillIn('addModule', picked)
    if (!inSight(part) && (part === 'expiry' || part === 'date'))
      return expires(part === 'date' ? 'date' : String(value)).then(() =>
        part === 'date' ? fillIn(part, value) : undefined,
      )
    const input = inSight(part)
    if (!input) throw new Error(`The form has no ${part}.`)
    const { hash } = front()
    const delivery = await actor.fill(input.block_id, String(input.element.action_id), value)
    if (!delivery) return
    handled(delivery)
    await slack.waitFor(() => front().hash !== hash, 'the form to be redrawn')
  }

  function inSight(part: string) {
    return inputsIn(front().view.blocks).get(part)
  }

  /** Opens a group of the form, if it is there and closed. */
  async function looksInto(group: string): Promise<void> {
    if (closedGroups().includes(group)) await pressesInForm(`form_open_${group}`)
  }

  /** By the button that would make it something else. */
  function expiry(): { expiry?: 'date' | 'never' } {
    const buttons = buttonsIn(front().view.blocks)
    if (buttons.includes('form_never')) return { expiry: 'date' }
    return buttons.includes('form_on_a_day') ? { expiry: 'never' } : {}
  }

  function closedGroups(): string[] {
    return buttonsIn(front().view.blocks).flatMap((action) => /^form_open_(.+)$/.exec(action)?.[1] ?? [])
  }

  /** Presses a button of the form, and waits until it is redrawn. */
  async function pressesInForm(action: string): Promise<void> {
    const { id, hash } = front()
    handled(await actor.press({ id }, action))
    await slack.waitFor(() => front().hash !== hash, 'the form to be redrawn')
  }

  /** Makes the token expire on a day, or never, if the form says something else. */
  async function expires(when: string): Promise<void> {
    const action = when === 'date' ? 'form_on_a_day' : 'form_never'
    const buttons = buttonsIn(front().view.blocks)
    if (buttons.includes(action)) return pressesInForm(action)
    const isSo = when === 'date' ? inSight('date') !== undefined : buttons.includes('form_on_a_day')
    if (!isSo) throw new Error(`The form does not offer ${action}.`)
  }

  /**
   * The values of all inputs of the form, by part: those in sight, and those in sight once each group is opened. Access
   * counts only where it was picked or is asked to change.
   */
  async function form(): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = { ...expiry(), ...values(front()) }
    for (const group of closedGroups()) {
      await looksInto(group)
      Object.assign(found, expiry(), values(front()))
    }
    return found
  }

  async function submits(): Promise<Modal | undefined> {
    const delivery = await actor.submit()
    if (delivery) handled(delivery)
    return actor.modal()
  }

  /** Goes from the form to the preview. */
  async function checks(name: string, what: Filled): Promise<Modal> {
    await opens(name)
    await fillsIn({ reason: 'The pipeline moved', ...what })
    const modal = await submits()
    expect(front().errors).toEqual({})
    expect(modal?.view.callback_id).toBe('preview')
    return modal!
  }

  /** Asks for a change, all the way; every modal closes at the end. */
  async function sends(name: string, what: Filled): Promise<void> {
    await checks(name, what)
    expect(await submits()).toBeUndefined()
  }

  /** The same; resolves with the card once it is posted and this person has been told. */
  async function asksFor(name: string, what: Filled): Promise<Message> {
    const before = cards().length
    const told = actor.messages('dm').length
    await sends(name, what)
    await slack.waitFor(() => actor.messages('dm').length > told, 'the word about the change')
    return slack.waitFor(() => cards()[before], 'the card')
  }

  /** `value` is the button's value when it was seen, if the message may have been redrawn since. */
  async function presses(message: Message, action: string, value?: string): Promise<Delivery> {
    const delivery = await pressOn(actor, message, { action, value })
    handled(delivery)
    return delivery
  }

  /** Presses, and says yes when asked once more. */
  async function cancels(message: Message): Promise<void> {
    await presses(message, 'cancel')
    await modalCalled('cancel_form')
    await submits()
  }

  async function takesOver(message: Message): Promise<void> {
    await presses(message, 'take_over')
    await modalCalled('take_over_form')
    await submits()
  }

  async function rebases(message: Message): Promise<void> {
    await presses(message, 'rebase')
    await modalCalled('rebase_form')
    await submits()
  }

  async function rejects(message: Message, reason: string): Promise<void> {
    await presses(message, 'reject')
    await modalCalled('reject_form')
    handled((await actor.fill('rejection', 'rejection', reason)) ?? null)
    await submits()
  }

  /** Resolves with the new App Home's text, not with that of a Home published a moment before for another reason. */
  async function opensHome(): Promise<string> {
    const openedAt = async () => (await store.home(id))?.openedAt
    const before = await openedAt()
    handled(await actor.openHome())
    await eventually(async () => expect(await openedAt()).not.toBe(before))
    return readsHome()
  }

  function readsHome(): string {
    return reading(actor.home()?.blocks)
  }

  /** Presses a button on App Home: the one with that value, or on the change and revision `1:1`. */
  async function pressesHome(action: string, value?: string): Promise<void> {
    const marked = valuesOf(action, actor.home()?.blocks).find((carried) => carried.startsWith(`${value}:`))
    handled(await actor.press('home', action, marked ?? value))
  }

  /** The current value of a button on the card. */
  function carries(message: Message, action: string): string | undefined {
    return valuesOf(action, card(message).blocks)[0]
  }

  function valuesOf(action: string, drawn: unknown): string[] {
    return parts(drawn ?? []).flatMap((part) => (part.action_id === action && part.value ? [String(part.value)] : []))
  }

  /** The text of the modal in front. */
  function reads(): string {
    return reading(front().view.blocks)
  }

  /**
   * The messages that only this person got, outside modals and direct messages; without those that only say that an
   * answer takes a while, which come before any answer on a busy machine.
   */
  function toldPrivately(): string[] {
    return told().filter((said) => !isOnlyAhead(said))
  }

  /** The words of that many announcements that an answer takes a while, once they are there. */
  function hearsAhead(count = 1): Promise<string[]> {
    const said = () => told().filter(isOnlyAhead)
    return slack.waitFor(() => said().length >= count && said(), `${id} to be asked to wait ${count} times`)
  }

  function told(): string[] {
    return actor
      .see()
      .conversations.flatMap(({ messages }) => messages)
      .filter((message) => message.ephemeral)
      .map((message) => (message.blocks.length > 0 ? reading(message.blocks) : message.text))
  }

  /** The same, once there are that many. */
  async function hears(count = 1): Promise<string[]> {
    return slack.waitFor(() => toldPrivately().length >= count && toldPrivately(), `${id} to be told ${count} times`)
  }

  /** The errors at the inputs, by part. */
  function errors(): Record<string, string> {
    return Object.fromEntries(Object.entries(front().errors).map(([block, said]) => [partOf(block), said]))
  }

  function card({ ts }: Message): Message {
    const found = actor.messages(approvals).find((message) => message.ts === ts)
    if (!found) throw new Error(`The card ${ts} is gone.`)
    return found
  }

  function cards(): Message[] {
    return actor.messages(approvals).filter((message) => !message.ephemeral && !message.threadTs)
  }

  /** The messages in a card's thread, oldest first. */
  function thread({ ts }: Message): string[] {
    const replies = actor.messages(approvals).filter((message) => message.threadTs === ts)
    return replies.map((message) => reading(message.blocks))
  }

  /** Presses, and fills in the form that opens: a comment, and the token's name if the form asks for it. */
  async function confirms(message: Message, action: string, what: { name?: string; comment?: string }): Promise<void> {
    await presses(message, action)
    await modalCalled('approve_form')
    if (what.name !== undefined) handled(await actor.fill('token_name', 'token_name', what.name))
    if (what.comment !== undefined) handled(await actor.fill('comment', 'comment', what.comment))
    await submits()
  }

  /** Edits an open change from its card, and sends it. */
  async function amends(message: Message, what: Filled): Promise<void> {
    await presses(message, 'amend')
    await modalCalled('edit_form')
    await fillsIn(what)
    await submits()
    await modalCalled('preview')
    await submits()
  }

  function front(): Modal {
    const modal = actor.modal()
    if (!modal) throw new Error(`${id} has no modal open.`)
    return modal
  }
}

function text({ text }: Message) {
  return { type: 'text', text }
}

/** Expects that the app answered in time, and in a way that Slack could carry out. */
export function handled(delivery: Delivery | null): void {
  if (delivery) expect(delivery).toMatchObject({ outcome: 'acked', problem: null })
}

/** The values of a modal's inputs, by part: a text, the value of a choice, a date, or the values of several choices. */
function values(modal: Modal): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(modal.values).flatMap(([block, byAction]) =>
      Object.values(byAction).map((value) => [partOf(block), plain(value)]),
    ),
  )
}

function plain(state: Readonly<Record<string, unknown>>): unknown {
  const option = state.selected_option as { value: string } | null | undefined
  const options = state.selected_options as { value: string }[] | undefined
  return options?.map(({ value }) => value) ?? option?.value ?? state.selected_date ?? state.value ?? null
}

/** The group of the form that holds an input. */
function groupWith(part: string): string | null {
  return Object.keys(inGroups).find((group) => inGroups[group]!.test(part)) ?? null
}

const inGroups: Readonly<Record<string, RegExp>> = {
  naming: /^(name|description)$/,
  scope: /^(branches|aliases)/,
  access: /^(everything|addModule|module\.)/,
  expiry: /^(expiry|date|emailNotice)$/,
  rates: /^(rates|readRate|writeRate)$/,
}

function partOf(block: string): string {
  return block.replace(/:\d+$/, '')
}

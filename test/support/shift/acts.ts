import type { Delivery, EmulatedSlack, Message, Modal } from '../../../src/sandbox/slack/protocol.ts'
import { approvals } from '../person.ts'
import { pressOn } from '../press-on.ts'
import { alice, bob, carol, mallory } from '../world.ts'
import type { Shift } from './shift.ts'

/** Something that a person did, and if Slack says that the app acked it. */
export type Done = {
  readonly what: 'ask' | 'approve'
  readonly by: string
  readonly about: string
  readonly acked: boolean
  /** The change that a press which was acked did not move. */
  readonly unmoved?: number
}

/** People give up on a form that does not come. */
const patienceMs = 500

/** Everything that can happen next, with how often it does. */
export const acts: readonly (readonly [often: number, act: (shift: Shift) => unknown])[] = [
  [10, ask],
  [14, approve],
  [2, reject],
  [2, cancel],
  [2, editByHand],
  [2, ({ world }) => world.slack.resetLinks()],
  [1, ({ world }) => world.slack.dropSockets()],
  [1, cutLinks],
  [1, ({ world }) => world.alice.openHome()],
]

/** Asks for a new name that no other change has, in one line. */
async function ask({ world, draws, done }: Shift): Promise<void> {
  const by = draws.one([alice, alice, carol, mallory])
  const actor = world.slack.as(by)
  closeAll(actor)
  const about = `shift-${String(done.length).padStart(5, '0')}`
  const { uid } = draws.one(world.stack.tokens())
  const before = actor.modal()?.id
  const { outcome } = await actor.command(`/token rename ${uid} to ${about} because the pipeline moved`)
  // The preview of an earlier line may come only now.
  const isIts = (modal: Modal | undefined) => opened(modal, before, 'preview') && JSON.stringify(modal).includes(about)
  const preview = outcome === 'acked' && (await comes(world.slack, () => isIts(actor.modal())))
  const sent = preview ? await actor.submit() : null
  done.push({ what: 'ask', by, about, acked: isTaken(sent) })
}

/** A refusal is acked, too, with a page that says so. */
function isTaken(sent: Delivery | null): boolean {
  const { response_action: answer } = (sent?.ackBody ?? {}) as { response_action?: string }
  return sent?.outcome === 'acked' && (answer === undefined || answer === 'clear')
}

async function approve(shift: Shift): Promise<void> {
  const { draws, done } = shift
  const by = draws.one([bob, carol, alice])
  const card = draws.one(cards(shift).filter(isWaiting))
  if (!card) return
  const { outcome } = await press(shift, by, card, 'approve')
  const acked = outcome === 'acked'
  const id = changeOf(card)
  const { change } = await shift.world.store.get(id!)
  const isKept = change.status !== 'pending' || by === alice || by === change.requester
  done.push({ what: 'approve', by, about: `#${id}`, acked, ...(acked && !isKept && { unmoved: id! }) })
}

async function reject(shift: Shift): Promise<void> {
  const { world, draws } = shift
  const card = draws.one(cards(shift).filter(isWaiting))
  const actor = world.slack.as(draws.one([bob, carol]))
  if (!card) return
  const before = actor.modal()?.id
  await press(shift, actor.person, card, 'reject')
  if (!(await comes(world.slack, () => opened(actor.modal(), before, 'reject_form')))) return
  await actor.fill('rejection', 'rejection', 'not now')
  await actor.submit()
}

async function cancel(shift: Shift): Promise<void> {
  const { world, draws } = shift
  const card = draws.one(cards(shift).filter(isWaiting))
  const actor = world.slack.as(draws.one([alice, carol]))
  if (!card) return
  const before = actor.modal()?.id
  await press(shift, actor.person, card, 'cancel')
  if (await comes(world.slack, () => opened(actor.modal(), before, 'cancel_form'))) await actor.submit()
}

function editByHand({ world, draws, done }: Shift): void {
  const { uid } = draws.one(world.stack.tokens())
  world.stack.edit(uid, { description: `by hand, after ${done.length}` })
}

function cutLinks({ world: { slack } }: Shift): void {
  slack.cutLinks()
  slack.forgetGhosts()
}

function press({ world }: Shift, by: string, card: Message, action: string) {
  return pressOn(world.slack.as(by), card, { action })
}

export function cards({ world }: Pick<Shift, 'world'>): readonly Message[] {
  return world.slack
    .as(bob)
    .messages(approvals)
    .filter(({ ephemeral, threadTs }) => !ephemeral && !threadTs)
}

export function changeOf({ metadata }: Message): number | undefined {
  return (metadata as { event_payload?: { change?: number } } | undefined)?.event_payload?.change
}

export function isWaiting({ blocks }: Message): boolean {
  return JSON.stringify(blocks).includes('"approve"')
}

function opened(modal: Modal | undefined, before: string | undefined, callback: string) {
  return modal?.view.callback_id === callback && modal.id !== before && modal
}

function closeAll(actor: ReturnType<EmulatedSlack['as']>): void {
  while (actor.modal()) void actor.closeModal()
}

/** Null if it does not come. */
function comes<T>(slack: EmulatedSlack, probe: () => T | undefined | null | false): Promise<T | null> {
  return slack.waitFor(probe, 'what a person waits for', patienceMs).catch(() => null)
}

import type { Delivery, Message } from '../../../src/sandbox/slack/protocol.ts'
import { pressOn } from '../../support/press-on.ts'
import { changeOf, isWaiting } from '../../support/shift/acts.ts'
import { alice } from '../../support/world.ts'
import { channel } from '../world.ts'
import { createInsisting } from './insisting.ts'
import { isClosed } from './kept.ts'
import { idOf, type Lane, nameOf, uidOf } from './lanes.ts'
import type { Storm } from './storm.ts'

type Form = {
  readonly change: number
  readonly by: string
  readonly action: string
  readonly form: string
  /** The entry in the log. */
  readonly type: string
  readonly fill?: () => Promise<unknown>
}

/** People of a lane, at work on their changes. They repeat whatever gets no answer, as people would. */
export function createPeople(storm: Storm, lane: Lane) {
  const { world, until, kept } = storm
  const { slack } = world
  const { insist, told } = createInsisting(storm)
  return { ask, approve, isRefused, reject, cancel, amend, rebase, isRejected, untilStopped }

  /** Resolves once the app has taken it and its card is there. */
  async function ask(change: number): Promise<void> {
    const by = idOf(lane, alice)
    const actor = slack.as(by)
    const type = () => actor.command(`/token rename ${uidOf(change)} to ${nameOf(change)} because the pipeline moved`)
    const isOpen = () => actor.modal()?.view.callback_id === 'preview'
    let isTaken = false
    closeAll(by)
    const act = async () => {
      if (!isOpen()) {
        closeAll(by)
        return type()
      }
      const sent = await actor.submit()
      isTaken = sent !== null && isClosed(sent) && (await kept.isAsked(uidOf(change), sent))
      return sent
    }
    await insist({ by, what: `${nameOf(change)} to be taken`, done: () => isTaken, act, goesOn: isOpen })
    await until(`the card of ${nameOf(change)}`, () => cardOf(change))
  }

  /** Resolves once the card says so. */
  function approve(change: number, role: string): Promise<void> {
    const by = idOf(lane, role)
    const done = () => !isWaiting(cardOf(change)!) || says(change, new RegExp(`approved by <@${by}>`))
    const decision = { id: idIn(change), by, type: 'approved' }
    const act = () => press(change, by, 'approve')
    return insist({ by, what: `${by} to approve ${nameOf(change)}`, done, act, decision })
  }

  /** Somebody who may not approve tries to; resolves once they were told. */
  function isRefused(change: number, role: string): Promise<void> {
    const by = idOf(lane, role)
    const before = told(by)
    const done = () => told(by) > before
    return insist({ by, what: `${by} to be refused`, done, act: () => press(change, by, 'approve') })
  }

  function reject(change: number, role: string): Promise<void> {
    const by = idOf(lane, role)
    const fill = () => slack.as(by).fill('rejection', 'rejection', 'not now')
    const done = () => !isWaiting(cardOf(change)!)
    return inForm({ change, by, action: 'reject', form: 'reject_form', type: 'rejected', fill }, done)
  }

  function cancel(change: number): Promise<void> {
    const by = idOf(lane, alice)
    const done = () => says(change, /was cancelled/)
    return inForm({ change, by, action: 'cancel', form: 'cancel_form', type: 'cancelled' }, done)
  }

  function rebase(change: number, revision: number): Promise<void> {
    const by = idOf(lane, alice)
    const done = () => isRevision(change, revision)
    return inForm({ change, by, action: 'rebase', form: 'rebase_form', type: 'rebased' }, done)
  }

  function inForm({ change, by, action, form, type, fill }: Form, done: () => boolean): Promise<void> {
    const actor = slack.as(by)
    const isOpen = () => actor.modal()?.view.callback_id === form
    const act = async () => {
      if (!isOpen()) {
        closeAll(by)
        return press(change, by, action)
      }
      await fill?.()
      return actor.submit()
    }
    const decision = { id: idIn(change), by, type }
    closeAll(by)
    return insist({ by, what: `${by} to ${action} ${nameOf(change)}`, done, act, goesOn: isOpen, decision })
  }

  /** `revision`: the one that it becomes. */
  function amend(change: number, role: string, revision: number): Promise<void> {
    const by = idOf(lane, role)
    const actor = slack.as(by)
    const isOpen = (form: string) => actor.modal()?.view.callback_id === form
    const act = async () => {
      if (isOpen('preview')) return actor.submit()
      if (!isOpen('edit_form')) {
        closeAll(by)
        return press(change, by, 'amend')
      }
      await actor.fill('description:1', 'form_description', `Revision ${revision}`)
      return actor.submit()
    }
    const goesOn = () => isOpen('preview') || isOpen('edit_form')
    const done = () => isRevision(change, revision)
    closeAll(by)
    return insist({ by, what: `revision ${revision} of ${nameOf(change)}`, done, act, goesOn })
  }

  /** One whose answer was lost may have stayed open, though what it asked for was done. */
  function closeAll(by: string): void {
    const actor = slack.as(by)
    while (actor.modal()) void actor.closeModal()
  }

  function press(change: number, by: string, action: string): Promise<Delivery> {
    return pressOn(slack.as(by), cardOf(change)!, { action })
  }

  function cardOf(change: number): Message | undefined {
    return cardsOf(storm, change)[0]
  }

  /** The number that the app gave it. */
  function idIn(change: number): number {
    return changeOf(cardOf(change)!)!
  }

  function isRejected(change: number): boolean {
    return says(change, /was rejected/)
  }

  async function untilStopped(change: number): Promise<void> {
    await until(`${nameOf(change)} to be stopped`, () => says(change, /was stopped/))
  }

  function isRevision(change: number, revision: number): boolean {
    return says(change, new RegExp(`revision ${revision}\\b`))
  }

  function says(change: number, words: RegExp): boolean {
    return words.test(text(cardOf(change)!))
  }
}

export function cardsOf({ world: { slack } }: Pick<Storm, 'world'>, change: number): readonly Message[] {
  return slack
    .as(idOf(0, alice))
    .messages(channel)
    .filter((message) => !message.ephemeral && !message.threadTs && text(message).includes(nameOf(change)))
}

export function text({ text, blocks }: Message): string {
  return `${text} ${JSON.stringify(blocks)}`
}

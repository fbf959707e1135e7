import type { Delivery, EmulatedSlack, WhereMessage } from '../../src/sandbox/slack/protocol.ts'
import { alice, bob, carol } from '../support/world.ts'
import { interleaved, type Rounds, type Times, type Turn } from './interleaved.ts'
import { type OurSide, oneOfCrowd, type Side } from './sides.ts'
import { until } from './until.ts'

type Sides = { readonly ours: OurSide; readonly floor: Side }

/** From the delivery of `/token help` to its ack. */
export function helpTimes({ ours, floor }: Sides, rounds: Rounds): Promise<Times<'ours' | 'floor', 'ack'>> {
  return interleaved({ ours: help(ours.slack, 'response_url'), floor: help(floor.slack) }, rounds)
}

function help(slack: EmulatedSlack, then?: string): Turn<'ack'> {
  return async () => {
    slack.clear()
    const ack = ackTime(await slack.as(alice).command('/token help'))
    if (then) await answered(slack, then)
    return { ack }
  }
}

type FormSides = Sides & { readonly sameView: Side }
type FormTimes = Promise<Times<keyof FormSides, 'ack' | 'open'>>

/** From the delivery of `/token edit` for a known token to its ack, and to the call that opens the form. */
export function formTimes({ ours, floor, sameView }: FormSides, rounds: Rounds): FormTimes {
  const bare = ({ slack }: Side) => form(slack, async () => {})
  const turns = { ours: form(ours.slack, () => lookedAgain(ours)), floor: bare(floor), sameView: bare(sameView) }
  return interleaved(turns, rounds)
}

/** The view that our form for this token opens with. */
export async function formView(ours: OurSide): Promise<unknown> {
  await form(ours.slack, () => lookedAgain(ours))(0)
  return ours.slack.calls.find(({ method }) => method === 'views.open')!.args.view
}

async function lookedAgain({ stack }: OurSide): Promise<void> {
  await until(stack, 'the look behind the form', () => stack.requests.at(-1)?.status === 200)
  stack.clear()
}

function form(slack: EmulatedSlack, settled: () => Promise<void>): Turn<'ack' | 'open'> {
  return async (round) => {
    slack.clear()
    const delivery = await slack.as(oneOfCrowd(round)).command('/token edit ci-deploy')
    await answered(slack, 'views.open')
    await settled()
    return { ack: ackTime(delivery), open: timeTo(slack, 'views.open', delivery) }
  }
}

/** From the delivery of `/token show` to the call that opens the page. */
export async function pageTimes({ slack, stack }: OurSide, rounds: Rounds): Promise<{ open: number[] }> {
  const show: Turn<'open'> = async (round) => {
    slack.clear()
    const delivery = await slack.as(oneOfCrowd(round)).command('/token show ci-deploy')
    await answered(slack, 'views.open')
    await until(stack, 'the look behind the page', () => stack.requests.at(-1)?.status === 200)
    stack.clear()
    return { open: timeTo(slack, 'views.open', delivery) }
  }
  return (await interleaved({ ours: show }, rounds)).ours
}

type Cards = readonly WhereMessage[]
type ApprovalSides = { readonly [side in 'ours' | 'floor' | 'commit']: { slack: EmulatedSlack; cards: Cards } }
type ApprovalTimes = Promise<Times<'ours' | 'floor' | 'commit', 'ack' | 'done'>>

/**
 * From a press on Approve to its ack, and to the call that redraws its card. Another approval is still needed, so nothing
 * is applied.
 */
export function approvalTimes(sides: ApprovalSides, rounds: Rounds): ApprovalTimes {
  return pressTimes(sides, rounds, { approver: bob, thenCalls: 'chat.update' })
}

/** The same for the last approval: the change is applied after its ack. */
export function lastApprovalTimes(sides: ApprovalSides, rounds: Rounds): ApprovalTimes {
  return pressTimes(sides, rounds, { approver: carol, thenCalls: 'chat.postMessage' })
}

type Press = { approver: string; thenCalls: string }

function pressTimes({ ours, floor, commit }: ApprovalSides, rounds: Rounds, how: Press): ApprovalTimes {
  const { approver, thenCalls } = how
  const turns = {
    ours: press(ours, approver, thenCalls),
    floor: press(floor, approver),
    commit: press(commit, approver, 'chat.update'),
  }
  return interleaved(turns, rounds)
}

/** `done` is the call that follows the ack; the ack itself if nothing follows. */
function press(
  { slack, cards }: { slack: EmulatedSlack; cards: Cards },
  by: string,
  then?: string,
): Turn<'ack' | 'done'> {
  return async (round) => {
    slack.clear()
    const delivery = await slack.as(by).press(cards[round]!, 'approve')
    const ack = ackTime(delivery)
    if (!then) return { ack, done: ack }
    await answered(slack, then)
    return { ack, done: timeTo(slack, then, delivery) }
  }
}

export function ackTime({ kind, outcome, ackedAfterMs }: Delivery): number {
  if (ackedAfterMs === null) throw new Error(`A delivery (${kind}) was not acked: ${outcome}.`)
  return ackedAfterMs
}

function timeTo({ calls }: EmulatedSlack, method: string, { sentAt }: Delivery): number {
  return calls.find((call) => call.method === method)!.at - sentAt
}

function answered(slack: EmulatedSlack, method: string): Promise<void> {
  return until(slack, `an answer to ${method}`, () =>
    slack.calls.some((call) => call.method === method && call.answer?.ok),
  )
}

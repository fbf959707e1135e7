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

/** From the delivery of `/token edit` for a known token to its ack, and to the call that opens the form. */
export function formTimes({ ours, floor }: Sides, rounds: Rounds): Promise<Times<'ours' | 'floor', 'ack' | 'open'>> {
  const looksAgain = async () => {
    await until(ours.stack, 'the look behind the form', () => ours.stack.requests.at(-1)?.status === 200)
    ours.stack.clear()
  }
  return interleaved({ ours: form(ours.slack, looksAgain), floor: form(floor.slack, async () => {}) }, rounds)
}

function form(slack: EmulatedSlack, settled: () => Promise<void>): Turn<'ack' | 'open'> {
  return async (round) => {
    slack.clear()
    const delivery = await slack.as(oneOfCrowd(round)).command('/token edit ci-deploy')
    await answered(slack, 'views.open')
    await settled()
    const opened = slack.calls.find(({ method }) => method === 'views.open')!
    return { ack: ackTime(delivery), open: opened.at - delivery.sentAt }
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
    return { open: slack.calls.find(({ method }) => method === 'views.open')!.at - delivery.sentAt }
  }
  return (await interleaved({ ours: show }, rounds)).ours
}

type Cards = readonly WhereMessage[]
type ApprovalSides = { readonly [side in 'ours' | 'floor' | 'commit']: { slack: EmulatedSlack; cards: Cards } }
type ApprovalTimes = Promise<Times<'ours' | 'floor' | 'commit', 'ack'>>

/** From a press on Approve to its ack. Another approval is still needed, so nothing is applied. */
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
    commit: press(commit, approver),
  }
  return interleaved(turns, rounds)
}

function press({ slack, cards }: { slack: EmulatedSlack; cards: Cards }, approver: string, then?: string): Turn<'ack'> {
  return async (round) => {
    slack.clear()
    const ack = ackTime(await slack.as(approver).press(cards[round]!, 'approve'))
    if (then) await answered(slack, then)
    return { ack }
  }
}

function ackTime({ kind, outcome, ackedAfterMs }: Delivery): number {
  if (ackedAfterMs === null) throw new Error(`A delivery (${kind}) was not acked: ${outcome}.`)
  return ackedAfterMs
}

function answered(slack: EmulatedSlack, method: string): Promise<void> {
  return until(slack, `an answer to ${method}`, () =>
    slack.calls.some((call) => call.method === method && call.answer?.ok),
  )
}

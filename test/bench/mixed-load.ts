import { setTimeout as rest } from 'node:timers/promises'
import type { Delivery, Modal } from '../../src/sandbox/slack/protocol.ts'
import { bob, carol } from '../support/world.ts'
import { createSeen, type Seen } from './seen.ts'
import { crowd, type OurSide, oneOfMany } from './sides.ts'
import { until } from './until.ts'

export type MixedLoad = {
  readonly perSecond: number
  /** Seconds that don't count. */
  readonly warmUp: number
  readonly seconds: number
}

type What = 'help' | 'form' | 'line' | 'send' | 'approve'

/** `ackMs`: null if it was not acked, or could not even be sent. */
export type Sent = {
  readonly what: What
  readonly ackMs: number | null
  readonly trigger: unknown
  readonly token: string
}

/** Members of the crowd who ask for changes, while the others send commands: so nobody looks too often. */
const askers = 18
/** Of so many interactions, one asks for a change, one sends it, and one each are its approvals. */
const cycle = 20

/** How long people wait for what they need next: what has not come by then is lost. */
export const patienceMs = 20_000

/** How many tokens are needed: each change has its own. */
export function tokensFor({ perSecond, warmUp, seconds }: MixedLoad): number {
  return Math.ceil((perSecond * (warmUp + seconds)) / cycle)
}

/**
 * By the clock, however long the app takes for each: people ask for help, open forms, and ask for changes in a line, which
 * they send from its preview a second later; a second after that Bob approves, and then Carol. Resolves to what counts, and
 * to all, once each was acked or given up; and to what `held` resolved to when it began to count, and when all were sent.
 */
export async function mixed<Held>(side: OurSide, load: MixedLoad, held: () => Promise<Held>) {
  const { perSecond, warmUp, seconds } = load
  const seen = createSeen(side.slack)
  const act = acts(side, seen, Math.ceil(perSecond / cycle))
  const first = perSecond * warmUp
  const all: Promise<Sent | null>[] = []
  let start: Promise<Held> | undefined
  const began = performance.now()
  for (let i = 0; i < first + perSecond * seconds; i++) {
    if (i === first) start = held()
    if (i % perSecond === 0) seen.forget()
    const due = began + (i * 1000) / perSecond
    if (due > performance.now()) await rest(due - performance.now())
    all.push(act(i))
  }
  const end = await held()
  const sent = await Promise.all(all)
  const done = (some: typeof sent) => some.filter((one) => one !== null)
  return { counted: done(sent.slice(first)), all: done(sent), seen, start: await start!, end }
}

/** The interaction at each place; null for nothing, before the first change is ready for it. */
function acts({ slack }: OurSide, seen: Seen, second: number): (i: number) => Promise<Sent | null> {
  const lines: Promise<Sent>[] = []
  const sends: Promise<Sent>[] = []
  return async (i) => {
    const { command } = slack.as(crowd[askers + (i % (crowd.length - askers))]!.id)
    const turn = Math.floor(i / cycle)
    switch (i % cycle) {
      case 3:
        lines[turn] = line(turn)
        return lines[turn]
      case 8:
        if (turn < second) return null
        sends[turn - second] = send(turn - second)
        return sends[turn - second]!
      case 13:
        return turn < 2 * second ? null : approve(bob, turn - 2 * second)
      case 18:
        return turn < 3 * second ? null : approve(carol, turn - 3 * second)
      case 1:
      case 6:
      case 11:
      case 16:
        return interaction('form', name(turn), () => command(`/token edit ${name(turn)}`))
      default:
        return interaction('help', '', () => command('/token help'))
    }
  }

  function line(change: number): Promise<Sent> {
    const typed = `/token extend ${name(change)} 90d because the release is late`
    return interaction('line', name(change), () => asker(change).command(typed))
  }

  function send(change: number): Promise<Sent> {
    return interaction('send', name(change), async () => {
      await taken(lines[change])
      await until(slack, 'the preview', () => isPreview(asker(change).modal(), name(change)), patienceMs)
      return asker(change).submit()
    })
  }

  function approve(by: string, change: number): Promise<Sent> {
    return interaction('approve', name(change), async () => {
      await taken(sends[change])
      await until(slack, 'the card', () => seen.card(name(change)) !== undefined, patienceMs)
      return slack.as(by).press(seen.card(name(change))!, 'approve')
    })
  }

  function asker(change: number) {
    return slack.as(crowd[change % askers]!.id)
  }
}

/** Nothing can follow on what was not. */
async function taken(before: Promise<Sent> | undefined): Promise<void> {
  if ((await before)?.ackMs == null) throw new Error('What comes before it was not acked.')
}

function isPreview(modal: Modal | undefined, token: string): boolean {
  return modal?.view.callback_id === 'preview' && JSON.stringify(modal.view).includes(token)
}

async function interaction(what: What, token: string, act: () => Promise<Delivery | null>): Promise<Sent> {
  const delivery = await act().catch(() => null)
  const ackMs = delivery?.outcome === 'acked' ? delivery.ackedAfterMs : null
  return { what, token, ackMs, trigger: delivery?.body.trigger_id }
}

function name(change: number): string {
  return `${oneOfMany}${String(change).padStart(4, '0')}`
}

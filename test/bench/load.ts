import { setTimeout as rest } from 'node:timers/promises'
import type { Delivery, EmulatedSlack } from '../../src/sandbox/slack/protocol.ts'
import { percentile } from './numbers.ts'
import { ownRow, type Rows, row } from './rows.ts'
import { crowd, oneOfMany, type Side } from './sides.ts'
import type { Strain } from './strain.ts'
import { until } from './until.ts'

export type Load = {
  readonly tokens: number
  readonly perSecond: number
  /** Seconds of warm-up that don't count: both programs compile code they run often. */
  readonly warmUp: number
  readonly seconds: number
}

/** Members of the crowd who type into an open picker, while the others send commands. */
const typing = 20

/** The promise: the 99th percentile of acks, as a multiple of bare Bolt's; percent of a core; how many are lost. */
const targets = { p99: 5, core: 50, lost: 0 }

type Sides = { readonly ours: Side; readonly floor: Side }

/** The same interactions with both apps, one after the other, as if many people worked at once. */
export async function loadRows({ ours, floor }: Sides, load: Load): Promise<Rows> {
  const [own, bare] = [await under(load, ours), await under(load, floor)]
  const ack = (share: number, target: number | null) =>
    row({ ours: percentile(own.acks, share), floor: percentile(bare.acks, share), target, unit: 'ms' })
  const name = `load_${load.tokens}_tokens`
  return {
    [`${name}_ack_p50`]: ack(0.5, null),
    [`${name}_ack_p99`]: ack(0.99, targets.p99),
    [`${name}_core`]: ownRow({ ours: own.strain.corePercent, target: targets.core, unit: '%' }),
    [`${name}_unacked`]: ownRow({ ours: own.lost, target: targets.lost, unit: 'lost' }),
  }
}

type Borne = { readonly acks: readonly number[]; readonly lost: number; readonly strain: Strain }

async function under(load: Load, side: Side): Promise<Borne> {
  const app = await side.start()
  try {
    // Everybody is already known when it begins: Slack is asked who they are once in a while.
    for (const { id } of crowd) await side.slack.as(id).command('/token')
    await until(side.slack, 'every picker', () => crowd.slice(0, typing).every(({ id }) => side.slack.as(id).modal()))
    await interact(side.slack, { ...load, seconds: load.warmUp })
    await app.strain()
    const sent = await interact(side.slack, load)
    const strain = await app.strain()
    await until(side.slack, 'every outcome', () => sent.every(({ outcome }) => outcome !== 'waiting'))
    return { ...borneOf(sent), strain }
  } finally {
    await app.stop()
  }
}

type Outcome = Pick<Delivery, 'outcome' | 'ackedAfterMs'>

/**
 * By the clock, however long the app takes for each. The emulated Slack forgets its calls every second: with the views
 * of thousands of forms in its memory, this process would stand still for 30 ms at a time to collect garbage, and
 * measure that.
 */
async function interact(slack: EmulatedSlack, { tokens, perSecond, seconds }: Load): Promise<Outcome[]> {
  const sent: Outcome[] = []
  slack.clear()
  const began = performance.now()
  for (let i = 0; i < perSecond * seconds; i++) {
    if (i % perSecond === 0) sent.push(...takenFrom(slack))
    const due = began + (i * 1000) / perSecond
    if (due > performance.now()) await rest(due - performance.now())
    void one(slack, i, `${oneOfMany}${String((i * 7919) % tokens).padStart(4, '0')}`).catch(() => {})
  }
  return [...sent, ...takenFrom(slack)]
}

/** Deliveries still waiting for their ack are kept, so that they get it. */
function takenFrom(slack: EmulatedSlack): Outcome[] {
  const taken = slack.deliveries.map((delivery) => {
    const { outcome, ackedAfterMs } = delivery
    return outcome === 'waiting' ? delivery : { outcome, ackedAfterMs }
  })
  slack.clear()
  return taken
}

/** Of every ten: four forms, two people typing, a page, and three lists. */
function one(slack: EmulatedSlack, i: number, token: string): Promise<unknown> {
  const typist = slack.as(crowd[i % typing]!.id)
  const { command } = slack.as(crowd[typing + (i % (crowd.length - typing))]!.id)
  switch (i % 10) {
    case 4:
    case 9:
      return typist.suggest(typist.modal()!, 'pick_token', token.slice(0, -2))
    case 5:
      return command(`/token show ${token}`)
    case 6:
      return command('/token pending')
    case 7:
      return command('/token mine')
    case 8:
      return command('/token help')
    default:
      return command(`/token edit ${token}`)
  }
}

function borneOf(sent: readonly Outcome[]): Omit<Borne, 'strain'> {
  const acks = sent.flatMap(({ ackedAfterMs }) => ackedAfterMs ?? [])
  return { acks, lost: sent.filter(({ outcome }) => outcome !== 'acked').length }
}

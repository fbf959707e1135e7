import { alice } from '../support/world.ts'
import { median } from './numbers.ts'
import { ownRow, type Rows, row } from './rows.ts'
import { type OurSide, oneOfMany } from './sides.ts'
import { until } from './until.ts'

/** What is promised: how long the event loop may stand still, and how much longer a form takes with a thousand tokens more. */
const targets = { block: 50, form: 1.5 }

/** The longest that the event loop stands still during a look at all tokens, as `/token list` causes one. */
export async function lookRows(side: OurSide, tokens: number, rounds: number): Promise<Rows> {
  const app = await side.start()
  try {
    const blocks: number[] = []
    for (let i = 0; i <= rounds; i++) {
      await app.strain()
      side.slack.clear()
      await side.slack.as(alice).command('/token list')
      await answered(side, 'response_url')
      const { longestBlockMs } = await app.strain()
      // The first look finds every token new.
      if (i > 0) blocks.push(longestBlockMs)
    }
    return { [`look_at_${tokens}_block`]: ownRow({ ours: median(blocks), target: targets.block, unit: 'ms' }) }
  } finally {
    await app.stop()
  }
}

/** How long it takes until a form is opened, with the second many tokens beside the first. */
export async function formRows(fewer: OurSide, more: OurSide, samples: number): Promise<Rows> {
  const [floor, ours] = [await formTime(fewer, samples), await formTime(more, samples)]
  return { form_open_6000_to_5000_tokens: row({ ours, floor, target: targets.form, unit: 'ms' }) }
}

async function formTime(side: OurSide, samples: number): Promise<number> {
  const app = await side.start()
  try {
    await side.slack.as(alice).command('/token list')
    await answered(side, 'response_url')
    const times: number[] = []
    for (let i = 0; i < samples; i++) {
      side.slack.clear()
      const { sentAt } = await side.slack.as(alice).command(`/token edit ${oneOfMany}${String(i * 7).padStart(4, '0')}`)
      await answered(side, 'views.open')
      times.push(side.slack.calls.find(({ method }) => method === 'views.open')!.at - sentAt)
    }
    return median(times)
  } finally {
    await app.stop()
  }
}

function answered({ slack }: OurSide, method: string): Promise<void> {
  return until(slack, `an answer to ${method}`, () =>
    slack.calls.some((call) => call.method === method && call.answer?.ok),
  )
}

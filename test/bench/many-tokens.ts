import { alice } from '../support/world.ts'
import { median } from './numbers.ts'
import { blockRows, type Rows, row } from './rows.ts'
import { type OurSide, oneOfCrowd, oneOfMany } from './sides.ts'
import type { Strain } from './strain.ts'
import { until } from './until.ts'

/**
 * The promise: how long the event loop may stand still, and how much longer a form takes with a thousand more tokens.
 */
const targets = { block: 50, form: 1.5 }

/** The longest that the event loop stands still during a look at all tokens, like the one for `/token list`. */
export async function lookRows(side: OurSide, tokens: number, rounds: number): Promise<Rows> {
  const app = await side.start()
  try {
    const strains: Strain[] = []
    for (let i = 0; i <= rounds; i++) {
      await app.strain()
      side.slack.clear()
      await list(side)
      const strain = await app.strain()
      // The first look finds every token new.
      if (i > 0) strains.push(strain)
    }
    return blockRows(`look_at_${tokens}`, strains, targets.block)
  } finally {
    await app.stop()
  }
}

/** How long a form takes to open, with the second number of tokens compared to the first. */
export async function formRows(fewer: OurSide, more: OurSide, samples: number): Promise<Rows> {
  const [floor, ours] = [await formTime(fewer, samples), await formTime(more, samples)]
  return { form_open_6000_to_5000_tokens: row({ ours, floor, target: targets.form, unit: 'ms' }) }
}

async function formTime(side: OurSide, samples: number): Promise<number> {
  const app = await side.start()
  try {
    await list(side)
    const times: number[] = []
    for (let i = 0; i < samples; i++) {
      side.slack.clear()
      const edit = `/token edit ${oneOfMany}${String(i * 7).padStart(4, '0')}`
      const { sentAt, outcome } = await side.slack.as(oneOfCrowd(i)).command(edit)
      if (outcome !== 'acked') continue
      await answered(side, 'views.open')
      times.push(side.slack.calls.find(({ method }) => method === 'views.open')!.at - sentAt)
    }
    return median(times)
  } finally {
    await app.stop()
  }
}

/** Sent again if it got lost on a connection that was given up while the app stood still. */
async function list(side: OurSide): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const { outcome } = await side.slack.as(alice).command('/token list')
    if (outcome === 'acked') return answered(side, 'response_url')
  }
  throw new Error('No list was acked in ten tries.')
}

function answered({ slack }: OurSide, method: string): Promise<void> {
  return until(slack, `an answer to ${method}`, () =>
    slack.calls.some((call) => call.method === method && call.answer?.ok),
  )
}

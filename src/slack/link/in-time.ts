import { AsyncLocalStorage } from 'node:async_hooks'
import { NotInTime } from '../../domain/outside-trouble.ts'
import type { Delivery } from './delivery.ts'

type Waiting = { readonly delivery: Delivery; readonly isLate: () => Promise<typeof late> }

const late = Symbol('late')
const waiting = new AsyncLocalStorage<Waiting>()

/**
 * Does what a delivery asks for. Until the ack, everything that `inTime` waits for in there has these milliseconds
 * altogether: `watched-deliveries.ts` says how many.
 */
export function whileSlackWaits<T>(delivery: Delivery, withinMs: number, work: () => T): T {
  return waiting.run({ delivery, isLate: onceLate(withinMs) }, work)
}

/** Does work that several deliveries may wait for: it goes on when one of them is late, and the next can use it. */
export function inItsOwnTime<T>(work: () => T): T {
  return waiting.exit(work)
}

/**
 * An answer of Slack or a stack. Throws NotInTime if a delivery without an ack can't wait for it any longer: Slack
 * gives up after 3 seconds, and then the person would be told nothing.
 */
export async function inTime<T>(answer: Promise<T>, who: 'Slack' | 'Contentstack'): Promise<T> {
  const now = waiting.getStore()
  if (now === undefined || now.delivery.acked) return answer
  const first = await Promise.race([answer, now.isLate()])
  if (first === late) throw new NotInTime(`${who} did not answer in time`)
  return first
}

/** One timer for a delivery, and none if the answer is already there. */
function onceLate(withinMs: number): () => Promise<typeof late> {
  const end = performance.now() + withinMs
  let over: Promise<typeof late> | undefined
  return () => {
    over ??= new Promise((resolve) => setTimeout(resolve, Math.max(0, end - performance.now()), late).unref())
    return over
  }
}

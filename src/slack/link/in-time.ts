import { AsyncLocalStorage } from 'node:async_hooks'
import { NotInTime } from '../../domain/outside-trouble.ts'
import type { Delivery } from './delivery.ts'

type Waiting = { readonly delivery: Delivery; readonly isLate: () => Promise<typeof late> }

const late = Symbol('late')
const waiting = new AsyncLocalStorage<Waiting>()

/** Does what a delivery asks for. Until it is acked, all that `inTime` waits for in there has these milliseconds together. */
export function whileSlackWaits<T>(delivery: Delivery, withinMs: number, work: () => T): T {
  return waiting.run({ delivery, isLate: onceLate(withinMs) }, work)
}

/** Does what more than one delivery may wait for: it goes on when one of them is late, and is known to the next. */
export function inItsOwnTime<T>(work: () => T): T {
  return waiting.exit(work)
}

/**
 * What Slack or a stack answers. Throws NotInTime when a delivery that is not yet acked can't wait for it any longer: Slack gives
 * up after 3 seconds, and whoever acts would not be told anything.
 */
export async function inTime<T>(answer: Promise<T>, who: 'Slack' | 'Contentstack'): Promise<T> {
  const now = waiting.getStore()
  if (now === undefined || now.delivery.acked) return answer
  const first = await Promise.race([answer, now.isLate()])
  if (first === late) throw new NotInTime(`${who} did not answer in time`)
  return first
}

/** One timer for a delivery, and none for what is known already. */
function onceLate(withinMs: number): () => Promise<typeof late> {
  const end = performance.now() + withinMs
  let over: Promise<typeof late> | undefined
  return () => {
    over ??= new Promise((resolve) => setTimeout(resolve, Math.max(0, end - performance.now()), late).unref())
    return over
  }
}

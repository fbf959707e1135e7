import { setTimeout as sleep } from 'node:timers/promises'
import { LIMITS } from './limits.ts'
import type { Carried, Delivery, DeliveryKind } from './protocol.ts'
import { settle } from './settle.ts'
import type { Receipt, Transport } from './transport.ts'
import type { Workspace } from './workspace.ts'

type Body = Readonly<Record<string, unknown>>

/**
 * Sends payloads to the app and does what its acks ask for. Resolves once that is done, or Slack has given up waiting.
 */
export type Deliver = (kind: DeliveryKind, body: Body) => Promise<Delivery>

type Way = {
  /** The way payloads go now. */
  transport(): Transport
  readonly ackWithinMs: number
  /** Aborts when the workspace stops. */
  readonly stopped: AbortSignal
}

export function createDeliver(workspace: Workspace, way: Way): Deliver {
  async function attempt(kind: DeliveryKind, body: Body, retry: number, retryReason: string | null): Promise<Delivery> {
    const transport = way.transport()
    const started = { kind, body, sentAt: workspace.clock.now(), via: transport.via, retry }
    const delivery: Delivery = { ...started, outcome: 'waiting', ackedAfterMs: null, ackBody: undefined, problem: null }
    workspace.deliveries.push(delivery)
    workspace.changed()
    const signal = AbortSignal.any([AbortSignal.timeout(way.ackWithinMs), way.stopped])
    const since = performance.now()
    const carry = () => transport.send({ kind, body, retry, retryReason }, signal)
    note(delivery, await carried(workspace.trouble.carried?.(kind) ?? 'well', carry), performance.now() - since)
    settle(workspace, delivery)
    workspace.changed()
    return delivery
  }

  /** Only events are tried again: at once here, at Slack after 0, 1 and 5 minutes (slack.md §1.3). */
  return async function deliver(kind, body) {
    let delivery = await attempt(kind, body, 0, null)
    while (
      kind === 'event' &&
      delivery.outcome !== 'acked' &&
      !way.stopped.aborted &&
      delivery.retry < LIMITS.eventRetries
    ) {
      delivery = await attempt(kind, body, delivery.retry + 1, retryReason(delivery))
    }
    return delivery
  }
}

/** Slack gives up at once on what never arrives, so that nobody has to wait for it here. */
async function carried(how: Carried, carry: () => Promise<Receipt>): Promise<Receipt> {
  if (how === 'lost') return { kind: 'timed out' }
  if (typeof how === 'number') await sleep(how)
  const receipt = await carry()
  if (how === 'twice') await carry()
  return how === 'ack lost' ? { kind: 'timed out' } : receipt
}

function note(delivery: Delivery, receipt: Receipt, elapsedMs: number): void {
  delivery.outcome = receipt.kind
  if (receipt.kind === 'failed') delivery.problem = receipt.error
  if (receipt.kind !== 'acked') return
  delivery.ackedAfterMs = elapsedMs
  delivery.ackBody = receipt.body
}

function retryReason(delivery: Delivery): string {
  if (delivery.outcome === 'timed out') return delivery.via === 'http' ? 'http_timeout' : 'timeout'
  return delivery.outcome === 'failed' ? 'http_error' : 'connection_failed'
}

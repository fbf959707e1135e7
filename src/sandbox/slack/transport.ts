import type { DeliveryKind } from './protocol.ts'

export type Envelope = {
  readonly kind: DeliveryKind
  readonly body: Readonly<Record<string, unknown>>
  /** 0 at first; `retryReason` says why if not. */
  readonly retry: number
  readonly retryReason: string | null
}

/** The result of sending one payload. If nothing came by the time the signal aborts, there is no ack. */
export type Receipt =
  | { readonly kind: 'acked'; readonly body: unknown }
  | { readonly kind: 'no connection' }
  /** `error` is Slack's name for it, as people see it after a command. */
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'timed out' }

/** A way to the app. Never throws. */
export type Transport = {
  readonly via: 'socket' | 'http'
  send(envelope: Envelope, signal: AbortSignal): Promise<Receipt>
}

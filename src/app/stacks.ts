import { nameOfStack } from '../domain/change/known-stacks.ts'
import { attended } from '../workflow/looks/attended.ts'
import { byId, calledBy, required } from '../workflow/looks/known-stacks.ts'
import { sayingSinceWhen } from '../workflow/looks/missing-for.ts'
import type { ConnectedStack } from './connect.ts'
import type { OpenRecord } from './record.ts'

type Deps = Pick<OpenRecord, 'known' | 'whole'> & {
  readonly connected: readonly ConnectedStack[]
  readonly monotonic: () => number
  /** Called after each look at a token, with its failure, if any. */
  readonly attempted: (stack: string, uid: string, failure: unknown) => void
}

export type Stacks = ReturnType<typeof stacksById>

/** The stacks and their configuration, all by the ids that the log has for them. */
export function stacksById({ known, whole, connected, monotonic, attempted }: Deps) {
  const configured = byId(known, connected)
  const of = (id: string) => required(configured.get(id))
  const stacks = new Map(
    [...configured].map(([id, { api }]) => {
      const called = attended(calledBy(id, api), (uid, failure) => attempted(id, uid, failure))
      return [id, sayingSinceWhen(called, monotonic, (tokenUid) => whole.lastSeen({ stack: id, tokenUid }))]
    }),
  )
  return {
    stacks,
    stackFor: (id: string) => required(stacks.get(id)),
    policyFor: (id: string) => of(id).policy,
    channelFor: (id: string) => of(id).channel,
    hostFor: (id: string) => new URL(of(id).baseUrl).host,
    nameFor: (id: string) => nameOfStack(known, id),
    /** Asks each stack whether it lets the app in; `onFailure` is called for those that don't. */
    askAll: (onFailure: (id: string, failure: unknown) => void) =>
      Promise.all([...configured].map(([id, { api }]) => api.check().catch((failure) => onFailure(id, failure)))),
  }
}

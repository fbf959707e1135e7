import type { StackApi } from '../../../src/ports/stack.ts'
import type { Store } from '../../../src/ports/store.ts'
import { createRulingAnew } from '../../../src/workflow/rounds/rule-anew.ts'
import { type Outside, startCore } from '../core.ts'
import { createLife } from './life.ts'

const writes = /^(record|remember|note|card|requester|approver|tokenIs|wasAnchored)/

export type Process = Awaited<ReturnType<typeof startProcess>>

/** One process of the app that can be killed, even during its start; `store` is its own on the shared database. */
export function startProcess(outside: Outside, name: string, opened: Store) {
  const life = createLife()
  const store = life.within(opened, (call) => writes.test(call))
  const api: StackApi = life.within(outside.stack.api)
  const chat = { ...outside.chat, api: life.within(outside.chat.api) }
  const core = startCore({ ...outside, stack: { ...outside.stack, api }, chat }, name, store)
  const policy = outside.policy
  const ruledAnew = () =>
    createRulingAnew({ store, electorates: core.electorates, now: outside.clock.now, onFailure: () => {} }).turn()
  return { core, life, policy, ruledAnew }
}

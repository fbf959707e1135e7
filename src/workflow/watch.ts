import { noticeDrift } from '../domain/settle.ts'
import type { Token } from '../domain/token.ts'
import type { Store } from '../ports.ts'
import type { OnLook } from './looks.ts'

type Deps = {
  store: Store
  now: () => Date
  soon: (id: number) => void
  /** Told when what was seen could not be made known. Applying finds it all the same. */
  onFailure: (error: unknown) => void
}

/** Sees, in whatever is looked at, that a token has moved under a change that still waits: approvers must not decide on the past. */
export function createWatch({ store, now, soon, onFailure }: Deps) {
  return { seen, isNeeded }

  async function seen(...look: Parameters<OnLook>): Promise<void> {
    await stopWhatMoved(...look).catch(onFailure)
  }

  async function stopWhatMoved(tokens: readonly Token[], began: string): Promise<void> {
    for (const { stack, uid, settings } of tokens)
      for (const { change } of await store.openChanges({ stack, tokenUid: uid })) {
        if (!noticeDrift(change, settings, { began, at: at() })) continue
        await store.record(change.id, 'app', (stored) => noticeDrift(stored, settings, { began, at: at() }))
        soon(change.id)
      }
  }

  /** Whether anything waits that a look could be news for. */
  function isNeeded(): Promise<boolean> {
    return store.anythingPending()
  }

  function at(): string {
    return now().toISOString()
  }
}

import { noticeDrift } from '../domain/settle.ts'
import type { Token } from '../domain/token.ts'
import type { Store } from '../ports.ts'

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

  async function seen(tokens: readonly Token[]): Promise<void> {
    await stopWhatMoved(tokens).catch(onFailure)
  }

  async function stopWhatMoved(tokens: readonly Token[]): Promise<void> {
    for (const { change } of await store.openChanges()) {
      const token = tokens.find(({ stack, uid }) => stack === change.stack && uid === change.tokenUid)
      if (!token || !noticeDrift(change, token.settings, at())) continue
      await store.record(change.id, 'app', (stored) => noticeDrift(stored, token.settings, at()))
      soon(change.id)
    }
  }

  /** Whether anything waits that a look could be news for. */
  async function isNeeded(): Promise<boolean> {
    return (await store.openChanges()).some(({ change }) => change.status === 'pending')
  }

  function at(): string {
    return now().toISOString()
  }
}

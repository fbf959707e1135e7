import type { Change } from '../domain/change.ts'
import type { Chat, Store } from '../ports.ts'

export type Warn = { warn: (fields: object, text: string) => void }

type Deps = { store: Store; chat: Chat; log: Warn }

/**
 * Tells those who approved the revision before this one that their approval counts no more. The card says so as well, so
 * that a message which Slack does not take is only logged. `change` is as its new revision left it.
 */
export async function tellApproversOfVoid({ store, chat, log }: Deps, { id, revision }: Change): Promise<void> {
  const events = (await store.events(id)).map(({ event }) => event)
  const approvers = events.flatMap((event) =>
    event.type === 'approved' && event.revision === revision - 1 ? [event.by] : [],
  )
  const stored = await store.get(id)
  for (const person of new Set(approvers))
    await chat
      .tellApprovalVoid(person, stored)
      .catch((error) =>
        log.warn({ err: error, change: id }, 'An approver could not be told that their approval is void.'),
      )
}

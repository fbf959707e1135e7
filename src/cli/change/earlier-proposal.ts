import { sameAsk } from '../../domain/change/ask.ts'
import type { Change } from '../../domain/change/change.ts'
import type { Proposed } from '../../domain/change/event.ts'
import { idOfStack, type KnownStacks } from '../../domain/change/known-stacks.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChangeReads } from '../../ports/changes.ts'
import type { LogReads } from '../../ports/log.ts'
import { splitStack } from '../pick-token.ts'
import { edited } from '../typed-edit.ts'
import type { Proposal } from './proposal.ts'

/** `canonical`: the requester's id in the organisation. */
type Around = { readonly known: KnownStacks; readonly canonical: () => Promise<string> }

/**
 * The change that an earlier run with the same origin recorded; null if there is none. Throws a Refusal if that run
 * asked for something else: one of the two would be lost.
 */
export async function earlierProposal(
  store: ChangeReads & LogReads,
  proposal: Proposal,
  { known, canonical }: Around,
): Promise<Change | null> {
  if (proposal.origin === undefined) return null
  const found = await store.openedFrom(`terminal:${proposal.origin}`)
  if (!found) return null
  const { id } = found.change
  const [first] = await store.events(id)
  if (first?.event.type === 'proposed' && isSame(first.event, proposal, known)) {
    const { requester } = first.event
    if (requester === proposal.as || requester === (await canonical())) return found.change
  }
  throw new Refusal(
    'invalid',
    `--origin ${proposal.origin} was used for change #${id}, which asked for something else. Nothing was done: choose another.`,
  )
}

/** Compared over the token as it was then. */
function isSame(first: Proposed, proposal: Proposal, known: KnownStacks): boolean {
  const { stack, name } = splitStack(proposal.token)
  return (
    first.stack === idOfStack(known, stack) &&
    (first.tokenUid === name || first.before.name.trim().toLowerCase() === name.trim().toLowerCase()) &&
    sameAsk(first, { after: edited(first.before, proposal), reason: proposal.reason.trim() })
  )
}

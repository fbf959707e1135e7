import { type Place, places } from './blocks.ts'
import type { StoredMessage } from './messages.ts'
import type { Block, Where } from './protocol.ts'
import type { Typed } from './typed.ts'
import type { StoredView } from './views.ts'
import type { Workspace } from './workspace.ts'

/** Something with blocks that one person acts on. */
export type Surface = { readonly blocks: readonly Block[]; readonly typed: Typed; readonly key: string } & (
  | { readonly kind: 'message'; readonly message: StoredMessage }
  | { readonly kind: 'view'; readonly view: StoredView }
)

export function viewSurface(view: StoredView): Surface {
  return { kind: 'view', view, blocks: view.blocks, typed: view.typed, key: view.id }
}

/** The surface that the person sees there. Throws a plain sentence if there is nothing for them to see. */
export function surfaceFor(workspace: Workspace, person: string, where: Where): Surface {
  if (where === 'home') {
    const home = workspace.views.home(person)
    if (!home) throw new Error(`${person} sees an empty App Home: the app has published none. Open it first.`)
    return viewSurface(home)
  }
  if ('ts' in where) return messageSurface(workspace, person, where)
  const view = workspace.views.modals(person).find(({ id }) => id === where.id)
  if (!view) throw new Error(`${person} has no modal ${where.id} open: it was closed or is somebody else's.`)
  return viewSurface(view)
}

function messageSurface(workspace: Workspace, person: string, where: { channel: string; ts: string }): Surface {
  const room = workspace.directory.roomsOf(person).find(({ id }) => id === where.channel)
  if (!room) throw new Error(`${person} is not in ${where.channel}, and so sees nothing there.`)
  const message = workspace.messages.find(where.channel, where.ts)
  if (!message || (message.onlyFor !== null && message.onlyFor !== person)) {
    throw new Error(
      `${person} sees no message ${where.ts} in ${where.channel}: it was deleted or is for somebody else.`,
    )
  }
  const typed = workspace.messages.typed(message, person)
  return { kind: 'message', message, blocks: message.blocks, typed, key: `${message.channel} ${message.ts}` }
}

type Wanted = { readonly actionId: string; readonly blockId?: string | undefined; readonly buttonValue?: unknown }

/**
 * Finds the one element meant. `seen` are the blocks as the person saw them a moment ago: a click can be on its way
 * while the app redraws the message, so an element that is gone can still be pressed.
 */
export function findPlace(surface: Surface, wanted: Wanted, seen: readonly Block[] = []): Place {
  const matching = [surface.blocks, seen].map((blocks) => places(blocks).filter((place) => fits(place, wanted)))
  const found = matching.find((candidates) => candidates.length > 0) ?? []
  if (found.length === 1) return found[0]!
  const there = places(surface.blocks).map(({ block, element }) => `${block.block_id}/${element.action_id}`)
  const problem = found.length === 0 ? 'There is no such element' : 'Several elements fit: say which block'
  const name = [wanted.blockId, wanted.actionId].filter(Boolean).join('/')
  throw new Error(`${problem}: ${name} in ${surface.key}. There are: ${there.join(', ') || 'none'}.`)
}

function fits({ block, element }: Place, { actionId, blockId, buttonValue }: Wanted): boolean {
  if (element.action_id !== actionId) return false
  if (blockId !== undefined && block.block_id !== blockId) return false
  return element.type !== 'button' || buttonValue === undefined || element.value === buttonValue
}

import type { Place } from './blocks.ts'
import { choose, pickOption } from './choose.ts'
import { clientErrors } from './client-checks.ts'
import type { Deliver } from './delivery.ts'
import * as payloads from './payloads.ts'
import type { Actor, Choice, Delivery, Option, OptionGroup, PersonSpec, Where } from './protocol.ts'
import { isRecord } from './rules.ts'
import { findPlace, type Surface, surfaceFor, viewSurface } from './surfaces.ts'
import { offeredOptions } from './typed.ts'
import type { StoredView } from './views.ts'
import type { Workspace } from './workspace.ts'

export type Interactions = Pick<Actor, 'press' | 'suggest' | 'fill' | 'submit' | 'closeModal'>

/**
 * Everything one person does with blocks: pressing and choosing anywhere, filling in and sending the modal in front.
 */
export function createInteractions(workspace: Workspace, deliver: Deliver, self: () => PersonSpec): Interactions {
  const suggested = new Map<string, readonly Option[]>()
  return { press, suggest, fill, submit, closeModal }

  async function press(where: Where, actionId: string, choice?: Choice, blockId?: string): Promise<Delivery> {
    const surface = surfaceFor(workspace, self().id, where)
    const seen = where !== 'home' && 'ts' in where ? where.blocks : []
    const place = findPlace(surface, { actionId, blockId, buttonValue: choice }, seen)
    if (place.block.type === 'input' && place.block.dispatch_action !== true) {
      throw new Error(`${actionId} stands in an input that sends nothing until the modal is submitted: fill it in.`)
    }
    return act(surface, place, choice ?? null)
  }

  async function act(surface: Surface, place: Place, choice: Choice): Promise<Delivery> {
    const chosen = take(surface, place, choice)
    workspace.changed()
    const action = payloads.actionJson(workspace, place, chosen)
    return deliver('block_actions', payloads.actionsBody(workspace, self(), surface, action))
  }

  /** The value that the element sends; the surface keeps it too if the element keeps values. */
  function take(surface: Surface, place: Place, choice: Choice): Record<string, unknown> {
    const { block, element } = place
    if (element.type === 'button') return {}
    if (element.type === 'overflow') return { selected_option: pickOption(element, String(choice), []) }
    // An option that is already chosen stays chosen, whether or not it was among the last suggestions.
    const offered = [...(suggested.get(placeKey(surface, place)) ?? []), ...chosenOptions(surface, place)]
    const chooser = { workspace, suggested: offered }
    const value = choose(chooser, element, choice)
    surface.typed.set(block.block_id, element.action_id, value)
    return value
  }

  function chosenOptions(surface: Surface, { block, element }: Place): Option[] {
    const value = surface.typed.get(block.block_id, element.action_id)
    return [value?.selected_option, value?.selected_options].flat().filter(isRecord) as Option[]
  }

  async function suggest(where: Where, actionId: string, typed: string, blockId?: string) {
    const surface = surfaceFor(workspace, self().id, where)
    const place = findPlace(surface, { actionId, blockId })
    if (!place.element.type.endsWith('external_select')) {
      throw new Error(`${actionId} is a ${place.element.type}, which asks the app for no options.`)
    }
    if (typed.length < Number(place.element.min_query_length ?? 3)) return []
    const body = payloads.suggestionBody(workspace, self(), surface, place, typed)
    const offer = offerOf(await deliver('block_suggestion', body))
    suggested.set(placeKey(surface, place), (offeredOptions({ ...place.element, ...offer }) ?? []) as Option[])
    return offer.option_groups ?? offer.options ?? []
  }

  async function fill(blockId: string, actionId: string, value: Choice): Promise<Delivery | null> {
    const view = topModal()
    const surface = viewSurface(view)
    const place = findPlace(surface, { actionId, blockId })
    if (place.element.type === 'button') throw new Error(`${actionId} is a button: press it.`)
    const { [blockId]: _, ...otherErrors } = view.errors
    view.errors = otherErrors
    if (place.block.type !== 'input' || place.block.dispatch_action === true) return act(surface, place, value)
    take(surface, place, value)
    workspace.changed()
    return null
  }

  async function submit(): Promise<Delivery | null> {
    const view = topModal()
    if (!view.content.submit) throw new Error('The modal in front has no submit button.')
    if (view.busy) throw new Error('The modal in front is being sent already: its buttons are off until the answer.')
    view.errors = clientErrors(view.blocks, view.typed.values(view.blocks))
    view.busy = Object.keys(view.errors).length === 0
    workspace.changed()
    return view.busy ? deliver('view_submission', payloads.submissionBody(workspace, self(), view)) : null
  }

  async function closeModal(): Promise<Delivery | null> {
    const view = topModal()
    const body = payloads.closedBody(workspace, self(), view)
    if (view.content.clear_on_close) workspace.views.closeAll(view.person)
    else workspace.views.close(view)
    workspace.changed()
    return view.content.notify_on_close ? deliver('view_closed', body) : null
  }

  function topModal(): StoredView {
    const view = workspace.views.modals(self().id).at(-1)
    if (view) return view
    throw new Error(`${self().id} has no modal open.`)
  }
}

type Offer = { readonly options?: readonly Option[]; readonly option_groups?: readonly OptionGroup[] }

/** An answer that came too late or was refused offers nothing; the person was told. */
function offerOf({ outcome, problem, ackBody }: Delivery): Offer {
  return outcome === 'acked' && problem === null ? (ackBody as Offer) : { options: [] }
}

function placeKey(surface: Surface, { block, element }: Place): string {
  return JSON.stringify([surface.key, block.block_id, element.action_id])
}

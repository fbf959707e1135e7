import type { Place } from './blocks.ts'
import { choose, pickOption } from './choose.ts'
import { clientErrors } from './client-checks.ts'
import type { Deliver } from './delivery.ts'
import * as payloads from './payloads.ts'
import type { Room } from './people.ts'
import type { Actor, Choice, Delivery, Message, Option, OptionGroup, PersonSpec, Where } from './protocol.ts'
import { viewJson } from './shapes.ts'
import { see } from './sight.ts'
import { findPlace, type Surface, surfaceFor, viewSurface } from './surfaces.ts'
import { offeredOptions } from './typed.ts'
import type { StoredView } from './views.ts'
import type { Workspace } from './workspace.ts'

export type ActorParts = {
  readonly workspace: Workspace
  readonly deliver: Deliver
  sendEvent(event: Readonly<Record<string, unknown>>): Promise<Delivery>
}

/** Acts as one person. Somebody deactivated can still act: in earnest their last clicks may be on their way. */
export function createActor({ workspace, deliver, sendEvent }: ActorParts, person: string): Actor {
  const self = () => personCalled(workspace, person)
  const sight = () => see(workspace, person)
  const suggested = new Map<string, readonly Option[]>()
  const suggestedFor = (surface: Surface, place: Place) => suggested.get(placeKey(surface, place)) ?? []

  async function command(line: string, options: { readonly channel?: string } = {}): Promise<Delivery> {
    const [, name = '', text = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(line) ?? []
    if (!workspace.app.commands.some((known) => known.command === name)) {
      throw new Error(`${name || line} is not a valid command: the app registers none of that name.`)
    }
    refuseStranger(self(), 'run slash commands')
    return deliver('command', payloads.commandBody(workspace, self(), roomFor(options.channel), name, text.trimEnd()))
  }

  async function shortcut(callbackId: string): Promise<Delivery> {
    if (!workspace.app.shortcuts.some((known) => known.callbackId === callbackId)) {
      throw new Error(`There is no shortcut ${callbackId}: the app registers none of that name.`)
    }
    refuseStranger(self(), 'run shortcuts')
    return deliver('shortcut', payloads.shortcutBody(workspace, self(), callbackId))
  }

  async function openHome(): Promise<Delivery> {
    const home = workspace.views.home(person)
    const view = home ? { view: viewJson(workspace, home) } : {}
    const channel = workspace.directory.dmWith(person).id
    return sendEvent({ type: 'app_home_opened', user: person, channel, tab: 'home', ...view })
  }

  async function press(where: Where, actionId: string, choice?: Choice, blockId?: string): Promise<Delivery> {
    const surface = surfaceFor(workspace, person, where)
    const seen = where !== 'home' && 'ts' in where ? where.blocks : []
    const place = findPlace(surface, { actionId, blockId, buttonValue: choice }, seen)
    if (place.block.type === 'input' && place.block.dispatch_action !== true) {
      throw new Error(
        `${actionId} stands in an input block that sends nothing until the modal is submitted: fill it in.`,
      )
    }
    return act(surface, place, choice ?? null)
  }

  async function act(surface: Surface, place: Place, choice: Choice): Promise<Delivery> {
    const chosen = take(surface, place, choice)
    workspace.changed()
    const action = payloads.actionJson(workspace, place, chosen)
    return deliver('block_actions', payloads.actionsBody(workspace, self(), surface, action))
  }

  /** What the element sends, after keeping it where the element keeps values. */
  function take(surface: Surface, place: Place, choice: Choice): Record<string, unknown> {
    const { block, element } = place
    if (element.type === 'button') return {}
    if (element.type === 'overflow') return { selected_option: pickOption(element, String(choice), []) }
    const value = choose({ workspace, suggested: suggestedFor(surface, place) }, element, choice)
    surface.typed.set(block.block_id, element.action_id, value)
    return value
  }

  async function suggest(where: Where, actionId: string, typed: string, blockId?: string) {
    const surface = surfaceFor(workspace, person, where)
    const place = findPlace(surface, { actionId, blockId })
    if (!place.element.type.endsWith('external_select')) {
      throw new Error(`${actionId} is a ${place.element.type}, which asks the app for no options.`)
    }
    if (typed.length < Number(place.element.min_query_length ?? 3)) return []
    const body = payloads.suggestionBody(workspace, self(), surface, place, typed)
    const answer = offered(await deliver('block_suggestion', body))
    suggested.set(placeKey(surface, place), (offeredOptions({ ...place.element, ...answer }) ?? []) as Option[])
    return answer.option_groups ?? answer.options ?? []
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
    if (view.busy)
      throw new Error('The modal in front is being sent already: its buttons are off until it is answered.')
    view.errors = clientErrors(view.blocks, view.typed.values(view.blocks))
    view.busy = Object.keys(view.errors).length === 0
    workspace.changed()
    return view.busy ? deliver('view_submission', payloads.submissionBody(workspace, self(), view)) : null
  }

  async function closeModal(): Promise<Delivery | null> {
    const view = topModal()
    const body = payloads.closedBody(workspace, self(), view)
    if (view.content.clear_on_close) workspace.views.closeAll(person)
    else workspace.views.close(view)
    workspace.changed()
    return view.content.notify_on_close ? deliver('view_closed', body) : null
  }

  function say(channel: string, text: string): Message {
    const { id } = roomFor(channel)
    const { ts } = workspace.messages.post({ channel: id, author: person, text, blocks: [] })
    workspace.changed()
    return messages(id).find((message) => message.ts === ts)!
  }

  function messages(channel: string): readonly Message[] {
    const { id } = roomFor(channel)
    return sight().conversations.find((conversation) => conversation.id === id)?.messages ?? []
  }

  function roomFor(channel = 'general'): Room {
    if (channel === 'dm') return workspace.directory.dmWith(person)
    const mine = workspace.directory.roomsOf(person)
    const room = mine.find(({ id, name }) => id === channel || name === channel)
    if (room) return room
    throw new Error(
      `${person} is not in ${channel}, but in: ${mine.map(({ name }) => name).join(', ') || 'no channel'}.`,
    )
  }

  function topModal(): StoredView {
    const view = workspace.views.modals(person).at(-1)
    if (view) return view
    throw new Error(`${person} has no modal open.`)
  }

  function dismissNotices(): void {
    workspace.notices.dismiss(person)
    workspace.changed()
  }

  return {
    person,
    command,
    shortcut,
    openHome,
    press,
    suggest,
    fill,
    submit,
    closeModal,
    say,
    dismissNotices,
    see: sight,
    messages,
    modal: () => sight().modals.at(-1),
    home: () => sight().home,
    notices: () => sight().notices,
  }
}

type Offer = { readonly options?: readonly Option[]; readonly option_groups?: readonly OptionGroup[] }

/** An answer that came too late or was refused offers nothing; the person was told. */
function offered({ outcome, problem, ackBody }: Delivery): Offer {
  return outcome === 'acked' && problem === null ? (ackBody as Offer) : { options: [] }
}

function placeKey(surface: Surface, { block, element }: Place): string {
  return JSON.stringify([surface.key, block.block_id, element.action_id])
}

function personCalled({ directory }: Workspace, person: string): PersonSpec {
  const self = directory.people.get(person)
  if (self) return self
  throw new Error(`There is nobody called ${person}. There are: ${[...directory.people.keys()].join(', ')}.`)
}

/** People met through Slack Connect can press and fill in, but not this (slack.md §5). */
function refuseStranger(person: PersonSpec, what: string): void {
  if (person.isStranger)
    throw new Error(`${person.name} is of another workspace: people from there can't ${what} here.`)
}

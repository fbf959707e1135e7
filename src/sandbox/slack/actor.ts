import type { Deliver } from './delivery.ts'
import { createInteractions } from './interactions.ts'
import * as payloads from './payloads.ts'
import type { Room } from './people.ts'
import type { Actor, Delivery, Message, PersonSpec } from './protocol.ts'
import { deliveredId, viewJson } from './shapes.ts'
import { see, seeConversation, seeHome, seeModals } from './sight.ts'
import type { Workspace } from './workspace.ts'

export type ActorParts = {
  readonly workspace: Workspace
  readonly deliver: Deliver
  sendEvent(event: Readonly<Record<string, unknown>>): Promise<Delivery>
}

/** Acts as one person. Somebody deactivated can still act: in real life their last clicks may be on their way. */
export function createActor({ workspace, deliver, sendEvent }: ActorParts, person: string): Actor {
  const self = () => personCalled(workspace, person)
  self() // Nobody has that name: fail now, not when they first do something.
  return {
    ...createInteractions(workspace, deliver, self),
    person,
    command,
    shortcut,
    openHome,
    say,
    dismissNotices,
    see: () => see(workspace, person),
    messages,
    modal: () => seeModals(workspace, person).at(-1),
    home: () => seeHome(workspace, person),
    notices: () => [...workspace.notices.of(person)],
  }

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
    return sendEvent({ type: 'app_home_opened', user: deliveredId(self()), channel, tab: 'home', ...view })
  }

  function say(channel: string, text: string): Message {
    const { id } = roomFor(channel)
    const { ts } = workspace.messages.post({ channel: id, author: person, text, blocks: [] })
    workspace.changed()
    return messages(id).find((message) => message.ts === ts)!
  }

  function messages(channel: string): readonly Message[] {
    return seeConversation(workspace, roomFor(channel), person).messages
  }

  /** By id or name; the first channel if none is named. */
  function roomFor(channel?: string): Room {
    if (channel === 'dm') return workspace.directory.dmWith(person)
    const mine = workspace.directory.roomsOf(person)
    const room = channel === undefined ? mine[0] : mine.find(({ id, name }) => id === channel || name === channel)
    if (room) return room
    const names = mine.map(({ name }) => name).join(', ') || 'no channel'
    throw new Error(`${person} is not in ${channel ?? 'any channel'}, but in: ${names}.`)
  }

  function dismissNotices(): void {
    workspace.notices.dismiss(person)
    workspace.changed()
  }
}

function personCalled({ directory }: Workspace, person: string): PersonSpec {
  const self = directory.people.get(person)
  if (self) return self
  throw new Error(`There is nobody called ${person}. There are: ${[...directory.people.keys()].join(', ')}.`)
}

/** People met through Slack Connect can press and fill in, but not do this (slack.md §5). */
function refuseStranger({ name, isStranger }: PersonSpec, what: string): void {
  if (isStranger) throw new Error(`${name} is of another workspace: people from there can't ${what} here.`)
}

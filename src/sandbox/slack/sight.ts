import { copied } from '../copy.ts'
import type { StoredMessage } from './messages.ts'
import type { Room } from './people.ts'
import type { Conversation, Home, Message, Modal, ModalView, Sight } from './protocol.ts'
import { viewJson } from './shapes.ts'
import type { StoredView } from './views.ts'
import { identity, type Workspace } from './workspace.ts'

/** Everything that one person sees now, as plain JSON that later changes leave alone. */
export function see(workspace: Workspace, person: string): Sight {
  const { directory, notices, app } = workspace
  const self = directory.people.get(person)
  if (!self) throw new Error(`There is nobody called ${person}. There are: ${[...directory.people.keys()].join(', ')}.`)
  return {
    ...copied({
      person: self,
      people: [...directory.people.values()],
      userGroups: [...directory.userGroups.values()],
      notices: notices.of(person),
    }),
    app: { ...copied(app), botUserId: identity.botUserId },
    conversations: directory.roomsOf(person).map((room) => seeConversation(workspace, room, person)),
    modals: seeModals(workspace, person),
    home: seeHome(workspace, person),
  }
}

export function seeConversation(workspace: Workspace, room: Room, person: string): Conversation {
  const messages = workspace.messages
    .in(room.id)
    .filter(({ onlyFor }) => onlyFor === null || onlyFor === person)
    .map((message) => messageSight(workspace, message, person))
  const name = room.kind === 'dm' ? workspace.app.name : room.name
  return copied({ id: room.id, name, kind: room.kind, messages })
}

export function seeModals(workspace: Workspace, person: string): Modal[] {
  return copied(workspace.views.modals(person).map((view) => modal(workspace, view)))
}

export function seeHome(workspace: Workspace, person: string): Home | null {
  const home = workspace.views.home(person)
  return home ? copied(homeSight(home)) : null
}

function messageSight(workspace: Workspace, message: StoredMessage, person: string): Message {
  const { ts, channel, author, text, blocks, edited, onlyFor, threadTs, metadata } = message
  return {
    ts,
    channel,
    author,
    text,
    blocks,
    edited: edited !== null,
    ephemeral: onlyFor !== null,
    ...(threadTs && { threadTs }),
    ...(metadata ? { metadata } : {}),
    values: workspace.messages.typed(message, person).values(blocks),
  }
}

function modal(workspace: Workspace, view: StoredView): Modal {
  const { id, rootId, hash, errors, busy } = view
  const values = view.typed.values(view.blocks)
  return { id, rootId, hash, view: modalView(workspace, view), values, errors, busy }
}

function modalView(workspace: Workspace, view: StoredView): ModalView {
  const json = viewJson(workspace, view) as Omit<ModalView, 'submit' | 'close'>
  const { type, title, blocks, callback_id, private_metadata, external_id, clear_on_close, notify_on_close } = json
  const { submit, close } = view.content as Pick<ModalView, 'submit' | 'close'>
  const buttons = { ...(submit && { submit }), ...(close && { close }) }
  return {
    type,
    title,
    blocks,
    callback_id,
    private_metadata,
    external_id,
    clear_on_close,
    notify_on_close,
    ...buttons,
  }
}

function homeSight(view: StoredView): Home {
  const { id, hash, blocks, content, typed } = view
  const { callback_id = '', private_metadata = '' } = content as { callback_id?: string; private_metadata?: string }
  return { id, hash, blocks, callback_id, private_metadata, values: typed.values(blocks) }
}

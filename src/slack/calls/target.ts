import type { BlockAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { openModal, type Shown, updateModal } from './views.ts'

/** Where a view goes: into a new modal, or in place of one that is open. */
export type Target = { trigger_id: string } | { view_id: string }

/** A button in a modal replaces its content; anywhere else it opens a modal. */
export function targetOf({ view, trigger_id }: BlockAction): Target {
  return view?.type === 'modal' ? { view_id: view.id } : { trigger_id }
}

export function showIn(client: WebClient, target: Target, view: ModalView): Promise<Shown> {
  return 'trigger_id' in target ? openModal(client, target.trigger_id, view) : updateModal(client, target, view)
}

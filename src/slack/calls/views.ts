import type { HomeView, ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { shaped } from './answers.ts'

/** A modal that Slack shows; `hash` stands for its content, if Slack gave one. */
export type Shown = { readonly id: string; readonly hash: string | undefined }

/** Opens a modal for whoever has just caused `trigger_id`. Throws Slack's answer, as all of these do. */
export function openModal(client: WebClient, trigger_id: string, view: ModalView): Promise<Shown> {
  return shownBy(client, 'views.open', { trigger_id, view })
}

/** Redraws a modal. With a `hash`, only if it still shows that content. */
export function updateModal(client: WebClient, at: Place, view: ModalView): Promise<Shown> {
  return shownBy(client, 'views.update', { ...at, view })
}

export async function publishHome(client: WebClient, user_id: string, view: HomeView): Promise<void> {
  await drawnBy(client, 'views.publish', { user_id, view })
}

type Place = { readonly view_id: string; readonly hash?: string | undefined }
type Drawn = { readonly view: ModalView | HomeView } & Readonly<Record<string, unknown>>

const answer = z.object({ view: z.object({ id: z.string().min(1), hash: z.string().optional().catch(undefined) }) })

/** A yes that does not say which modal is shown counts as no answer: then nothing could replace one that is loading. */
async function shownBy(client: WebClient, method: string, drawn: Drawn): Promise<Shown> {
  const { view } = shaped(method, answer, await drawnBy(client, method, drawn))
  return { id: view.id, hash: view.hash }
}

/**
 * The view goes as text: the client walks through anything else value by value, for a debug line that is never written,
 * and a form has thousands of values. Source: `redact` in `makeRequest` of @slack/web-api 8.2.
 */
function drawnBy(client: WebClient, method: string, { view, ...rest }: Drawn): Promise<unknown> {
  return client.apiCall(method, { ...rest, view: JSON.stringify(view) })
}

import type { App } from '@slack/bolt'
import type { PlainTextOption } from '@slack/types'
import type { DraftStore } from '../../ports/drafts.ts'
import { actions } from '../kit/ids.ts'
import { nameOptions } from '../kit/options.ts'
import type { FormDrafts } from './form-drafts.ts'
import { type Names, namesOffered } from './form-parts.ts'

type Deps = { bolt: Pick<App, 'options'>; store: DraftStore; drafts: Pick<FormDrafts, 'askedBy'> }

/**
 * Branches and aliases for a select that has too many to bring them along, so that Slack asks for them while somebody types:
 * the same that a short select would have, and none in a form that is not theirs.
 */
export function registerNameTypeAhead({ bolt, store, drafts }: Deps): void {
  for (const names of ['branches', 'aliases'] as const)
    bolt.options(actions[names], async ({ ack, body, payload }) => {
      const id = 'view' in body ? body.view?.private_metadata : undefined
      await ack({ options: await optionsFor({ of: names, id, person: body.user.id, typed: payload.value }) })
    })

  async function optionsFor({ of, id, person, typed }: Asking): Promise<PlainTextOption[]> {
    const draft = id === undefined ? null : await store.draft(id)
    if (draft?.person !== person) return []
    const opened = await drafts.askedBy(draft)
    return nameOptions(namesOffered(opened, of), typed, of === 'aliases' ? opened.facts : {})
  }
}

type Asking = { of: Names; id: string | undefined; person: string; typed: string }

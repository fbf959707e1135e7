import type { App } from '@slack/bolt'
import { suggest } from '../domain/find.ts'
import type { Store } from '../ports.ts'
import type { Looks } from '../workflow/looks.ts'
import type { FindToken } from './find-token.ts'
import { limits } from './views/blocks.ts'
import { actions } from './views/ids.ts'
import { nameOptions, tokenOptions } from './views/options.ts'

type Deps = { bolt: App; store: Store; looks: Looks; findToken: FindToken }

/** Selects that Slack asks the app for while somebody types: always answered from the last look, within Slack's 3 seconds. */
export function registerTypeAhead({ bolt, store, looks, findToken }: Deps): void {
  bolt.options(actions.pickToken, async ({ ack, payload }) => {
    const tokens = suggest(await looks.known(), payload.value, limits.options)
    await ack({ options: tokenOptions(await looks.titled(tokens), '') })
    findToken.refreshLater(looks.refreshStale())
  })

  for (const action of [actions.branches, actions.aliases] as const)
    bolt.options(action, async ({ ack, body, payload }) => {
      const draft = 'view' in body && body.view ? await store.draft(body.view.private_metadata) : null
      const facts = draft?.person === body.user.id ? await store.knownFacts(draft.stack) : null
      const isBranch = action === actions.branches
      const names = (isBranch ? facts?.branches : facts?.aliases) ?? []
      await ack({ options: nameOptions(names, payload.value, isBranch || !facts ? {} : facts) })
    })
}

import { callOf } from '../../domain/token/find.ts'
import type { Health } from '../../workflow/log/health.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { targetOf } from '../calls/target.ts'
import { pressedValue } from '../edge/press.ts'
import type { Routes } from '../edge/routes.ts'
import { actions, modals } from '../kit/ids.ts'
import type { FindToken } from '../token-page/find-token.ts'
import { loadingView, readPick } from '../tokens/picker.ts'
import { lineWith, readWaiting } from '../tokens/waiting.ts'
import { type Asking, tellingIn } from './typed.ts'

type Deps = {
  routes: Routes
  looks: Pick<Looks, 'known'>
  finder: Pick<FindToken, 'openPicker' | 'knownToken' | 'tellIn'>
  health: Pick<Health, 'words'>
  run: (line: string, asking: Asking) => Promise<void>
}

/** The choice of a token for a line that named none: then the line goes on as if the token had been typed. */
export function registerGoOn({ routes, looks, finder, health, run }: Deps): void {
  routes.pressed(actions.chooseForLine, async ({ ack, body, client }) => {
    await ack()
    await finder.openPicker(client, targetOf(body), 'edit', readWaiting(pressedValue(body)))
  })

  routes.submitted(modals.pickForLine, async ({ ack, body, view, client }) => {
    const token = await finder.knownToken(readPick(view.state.values))
    const waiting = readWaiting(view.private_metadata) ?? { verb: 'edit', rest: '' }
    await ack({ response_action: 'update', view: loadingView('edit') })
    const line = lineWith(waiting, callOf(await looks.known())(token))
    const asking = { person: body.user.id, client, target: { view_id: view.id }, said: health.words() }
    const going = run(line, { ...asking, tell: tellingIn(client, view.id) })
    await going.catch((error: unknown) => finder.tellIn(client, view.id, error))
  })
}

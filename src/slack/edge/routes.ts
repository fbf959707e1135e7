import type {
  AllMiddlewareArgs,
  App,
  BlockAction,
  SlackActionMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt'
import { ofAnotherVersion } from './unhandled.ts'

type Press = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs
type Submission = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs
type Listener<Args> = (args: Args) => Promise<void>

export type Routes = {
  /** Listens to the button, select or input with this `action_id`. */
  pressed(id: string, listener: Listener<Press>): void
  /** Listens to the modal with this `callback_id` when it is sent. */
  submitted(id: string, listener: Listener<Submission>): void
}

/**
 * The listeners for what people press and send, by id. Bolt would run every listener's own check on each delivery; here
 * one lookup finds the right one. If nobody listens, to a button on another version's card, for example, the person
 * gets a Refusal; Bolt would leave them without an answer.
 */
export function createRoutes(bolt: Pick<App, 'action' | 'view'>): Routes {
  const presses = new Map<string, Listener<Press>>()
  const submissions = new Map<string, Listener<Submission>>()
  bolt.action<BlockAction>({ type: 'block_actions' }, (args) => listener(presses, args.action.action_id)(args))
  bolt.view<ViewSubmitAction>({ type: 'view_submission', callback_id: /^/ }, (args) =>
    listener(submissions, args.view.callback_id)(args),
  )
  return {
    pressed: (id, listener) => void presses.set(id, listener),
    submitted: (id, listener) => void submissions.set(id, listener),
  }
}

function listener<Args>(known: ReadonlyMap<string, Listener<Args>>, id: string): Listener<Args> {
  const found = known.get(id)
  if (found) return found
  throw ofAnotherVersion()
}

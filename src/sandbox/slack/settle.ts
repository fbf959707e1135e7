import { takeAnswer } from './modal-answers.ts'
import { trouble } from './notices.ts'
import type { Delivery, DeliveryKind } from './protocol.ts'
import { respond } from './respond.ts'
import { isRecord } from './rules.ts'
import { inWords, validateSuggestions } from './validate.ts'
import type { Workspace } from './workspace.ts'

/** Does what an ack asks for, and tells the person if there was none or it asked for nonsense. */
export function settle(workspace: Workspace, delivery: Delivery): void {
  const notice = settlements[delivery.kind]?.(workspace, delivery)
  if (notice) workspace.notices.tell(actorOf(delivery), notice)
}

/**
 * Returns Slack's message to the person, or null. Nobody is told about a lost event, nor about a close that the app
 * missed.
 */
type Settlement = (workspace: Workspace, delivery: Delivery) => string | null

const settlements: Partial<Record<DeliveryKind, Settlement>> = {
  command: settleCommand,
  view_submission: settleSubmission,
  block_suggestion: settleSuggestion,
  block_actions: settleInteraction,
  shortcut: settleInteraction,
}

function actorOf({ body }: Delivery): string {
  return isRecord(body.user) ? String(body.user.id) : String(body.user_id)
}

function settleCommand(workspace: Workspace, delivery: Delivery): string | null {
  const failure = (error: string) => `${delivery.body.command} failed with the error ${error}`
  if (delivery.outcome !== 'acked') return failure(commandError(delivery))
  if (isEmpty(delivery.ackBody)) return null
  const target = { person: actorOf(delivery), channel: String(delivery.body.channel_id), messageTs: null }
  const error = respond(workspace, target, delivery.ackBody)
  if (!error) return null
  delivery.problem = `The ack's message was refused: ${error}`
  return failure(error)
}

/**
 * It is not documented what people see if no Socket Mode connection is open (slack.md, open points): here, a failure.
 */
function commandError({ outcome, problem }: Delivery): string {
  return outcome === 'timed out' ? 'operation_timeout' : (problem ?? 'dispatch_failed')
}

function settleSubmission(workspace: Workspace, delivery: Delivery): string | null {
  const view = isRecord(delivery.body.view) ? workspace.views.find(String(delivery.body.view.id)) : undefined
  if (view) view.busy = false
  if (delivery.outcome !== 'acked') return trouble
  if (view) delivery.problem = takeAnswer(workspace, view, delivery.ackBody)
  return delivery.problem && trouble
}

function settleSuggestion(_: Workspace, delivery: Delivery): string | null {
  if (delivery.outcome !== 'acked') return trouble
  const problems = validateSuggestions(delivery.ackBody)
  if (problems.length === 0) return null
  delivery.problem = `The options were refused: ${inWords(problems)}`
  return trouble
}

function settleInteraction(_: Workspace, delivery: Delivery): string | null {
  return delivery.outcome === 'acked' ? null : trouble
}

/** Over a socket, an ack without an answer carries an empty object. */
function isEmpty(ackBody: unknown): boolean {
  if (ackBody === undefined || ackBody === null || ackBody === '') return true
  return isRecord(ackBody) && Object.keys(ackBody).length === 0
}

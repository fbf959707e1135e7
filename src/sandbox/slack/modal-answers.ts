import { LIMITS } from './limits.ts'
import { isRecord } from './rules.ts'
import { inWords } from './validate.ts'
import { readView } from './view-content.ts'
import type { StoredView, ViewContent } from './views.ts'
import type { Workspace } from './workspace.ts'

/**
 * Does what the ack of a submission asks for (slack.md §1.3): an empty one closes the view; `errors`, `update`, `push`
 * and `clear` do what they say. Returns what is wrong with the answer, or null; a wrong one changes nothing.
 */
export function takeAnswer(workspace: Workspace, view: StoredView, answer: unknown): string | null {
  if (answer === undefined || answer === null || answer === '') return close(workspace, view)
  if (!isRecord(answer)) return 'The answer is no object.'
  switch (answer.response_action) {
    case undefined:
      return close(workspace, view)
    case 'errors':
      return showErrors(view, answer.errors)
    case 'update':
      return withView(workspace, answer.view, view, (content) => workspace.views.update(view, content))
    case 'push':
      return push(workspace, view, answer.view)
    case 'clear':
      workspace.views.closeAll(view.person)
      return null
    default:
      return `There is no response_action ${JSON.stringify(answer.response_action)}.`
  }
}

function close(workspace: Workspace, view: StoredView): null {
  workspace.views.close(view)
  return null
}

function showErrors(view: StoredView, errors: unknown): string | null {
  if (!isRecord(errors) || Object.keys(errors).length === 0) return 'errors must say at least one.'
  const inputs = view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id)
  for (const [blockId, error] of Object.entries(errors)) {
    if (!inputs.includes(blockId)) return `errors names ${blockId}, which is no input block of this view.`
    if (typeof error !== 'string' || error === '') return `errors says nothing at ${blockId}.`
  }
  view.errors = errors as Record<string, string>
  return null
}

function push(workspace: Workspace, view: StoredView, next: unknown): string | null {
  if (workspace.views.modals(view.person).length >= LIMITS.modalStack) return 'push_limit_reached'
  return withView(workspace, next, undefined, (content) => workspace.views.push(view.person, content))
}

function withView(
  workspace: Workspace,
  next: unknown,
  instead: StoredView | undefined,
  show: (content: ViewContent) => void,
): string | null {
  const read = readView(workspace, next, 'modal', instead)
  if ('problems' in read) return inWords(read.problems)
  show(read.content)
  return null
}

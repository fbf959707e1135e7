import { LIMITS } from '../limits.ts'
import { viewJson } from '../shapes.ts'
import type { Trigger } from '../triggers.ts'
import { readView } from '../view-content.ts'
import type { StoredView, ViewContent } from '../views.ts'
import type { Workspace } from '../workspace.ts'
import { type Answer, type Method, no, refuse, yes } from './answer.ts'
import { type Args, text } from './args.ts'

/** If another modal is open, the new one replaces it: only views.push stacks. */
export const openView: Method = {
  token: 'bot',
  run: (workspace, args) =>
    withTrigger(workspace, args, ({ person }, content) => shown(workspace, workspace.views.open(person, content))),
}

export const pushView: Method = {
  token: 'bot',
  run: (workspace, args) =>
    withTrigger(workspace, args, ({ person, viewId }, content) => {
      const stack = workspace.views.modals(person)
      // The trigger must come from an open modal. Slack's error otherwise is not documented.
      if (!stack.some(({ id }) => id === viewId)) return no('invalid_trigger_id')
      if (stack.length >= LIMITS.modalStack) return no('push_limit_reached')
      return shown(workspace, workspace.views.push(person, content))
    }),
}

export const updateView: Method = {
  token: 'bot',
  run(workspace, args) {
    const external = text(args, 'external_id')
    const view = external ? workspace.views.findExternal(external) : workspace.views.find(text(args, 'view_id') ?? '')
    if (!view) return no('not_found')
    return redraw(workspace, args, view, view.content.type === 'home' ? 'home' : 'modal')
  },
}

export const publishView: Method = {
  token: 'bot',
  run(workspace, args) {
    const person = workspace.directory.person(text(args, 'user_id') ?? '')?.id
    if (person === undefined) return no('user_not_found')
    const home = workspace.views.home(person)
    if (home) return redraw(workspace, args, home, 'home')
    const read = readView(workspace, args.view, 'home')
    if ('problems' in read) return refuse('invalid_arguments', read.problems)
    return shown(workspace, workspace.views.publish(person, read.content))
  },
}

function withTrigger(
  workspace: Workspace,
  args: Args,
  act: (trigger: Trigger, content: ViewContent) => Answer,
): Answer {
  const read = readView(workspace, args.view, 'modal')
  if ('problems' in read) return refuse('invalid_arguments', read.problems)
  const trigger = workspace.triggers.exchange(args.trigger_id)
  return typeof trigger === 'string' ? no(trigger) : act(trigger, read.content)
}

function redraw(workspace: Workspace, args: Args, view: StoredView, type: 'modal' | 'home'): Answer {
  const read = readView(workspace, args.view, type, view)
  if ('problems' in read) return refuse('invalid_arguments', read.problems)
  const hash = text(args, 'hash')
  if (hash && hash !== view.hash) return no('hash_conflict')
  workspace.views.update(view, read.content)
  return shown(workspace, view)
}

function shown(workspace: Workspace, view: StoredView): Answer {
  return yes({ view: viewJson(workspace, view) })
}

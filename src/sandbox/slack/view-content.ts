import { isRecord, type Problem } from './rules.ts'
import { validateView } from './validate.ts'
import type { StoredView, ViewContent } from './views.ts'
import type { Workspace } from './workspace.ts'

/** A view that Slack takes on this surface, or its complaint. `instead` is the view that it replaces. */
export function readView(
  workspace: Workspace,
  view: unknown,
  type: 'modal' | 'home',
  instead?: StoredView,
): { readonly content: ViewContent } | { readonly problems: readonly Problem[] } {
  if (!isRecord(view)) return { problems: [{ pointer: '/view', message: 'must provide an object' }] }
  if (view.type !== type) return { problems: [{ pointer: '/view/type', message: `must be ${type}` }] }
  const problems = validateView(view, workspace)
  if (problems.length > 0) return { problems }
  const twin = view.external_id ? workspace.views.findExternal(String(view.external_id)) : undefined
  if (twin && twin !== instead) {
    return { problems: [{ pointer: '/view/external_id', message: 'already in use', error: 'duplicate_external_id' }] }
  }
  return { content: view as ViewContent }
}

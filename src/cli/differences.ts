import { diff } from '../domain/token/diff.ts'
import type { Settings } from '../domain/token/token.ts'
import { isolated } from '../words/text.ts'

/** `Name: ci → ci-deploy; Expires: never → 2027-01-31`, in which right-to-left letters can't turn an arrow around. */
export function differences(edit: { readonly before: Settings; readonly after: Settings }): string {
  const fields = diff(edit.before, edit.after)
  return fields.map(({ label, before, after }) => `${label}: ${isolated(before)} → ${isolated(after)}`).join('; ')
}

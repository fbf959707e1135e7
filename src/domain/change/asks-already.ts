import { same } from '../token/diff.ts'
import type { Edit } from '../token/field.ts'
import { rebase } from '../token/rebase.ts'
import { withoutTargets } from '../token/targets.ts'
import { asideBecause, type Change } from './change.ts'

/** Those of these changes to the token that ask for this edit already: made to the token as it is, they leave the same. */
export function asksAlready<T extends { readonly change: Change }>(open: readonly T[], { before, after }: Edit): T[] {
  const asked = withoutTargets(after)
  return open.filter(
    ({ change }) => asideBecause(change) === null && same(withoutTargets(rebase(change, before)), asked),
  )
}

import { diff, type FieldChange } from './diff.ts'
import type { Edit, FieldKey } from './field.ts'
import { eachField, fields, partOf } from './fields.ts'
import { withoutTargets, withTargets } from './targets.ts'
import type { Settings } from './token.ts'

/**
 * The same edit over the token as it is now: fields that the edit touched are as it asked, all others as they were
 * found.
 */
export function rebase(edit: Edit, live: Settings): Settings {
  const { before, after } = edit
  const touched = new Set(diff(before, after).map((field) => field.key))
  const over = eachField(({ key, isKept, merge, take }) => {
    if (isKept) return live[key]
    return merge ? merge(edit, live) : take(live, after, touched)
  })
  return withTargets({ ...over, ...otherExpiryOf(live) }, over.aliases, [live, after])
}

/** `base` with these fields as they are in `from`. */
export function withFields(base: Settings, from: Settings, keys: ReadonlySet<FieldKey>): Settings {
  const settings = { ...eachField(({ take }) => take(base, from, keys)), ...otherExpiryOf(base) }
  return withTargets(settings, settings.aliases, keys.has('aliases') ? [from, base] : [base, from])
}

/** Never edited, so it always stays as it is on the token. */
export function otherExpiryOf({ otherExpiry }: Settings): Pick<Settings, 'otherExpiry'> {
  return otherExpiry === undefined ? {} : { otherExpiry }
}

/** The reason an edit can't be made to the token as it is now; null if it can. */
export function whyNoRebase({ before, after }: Edit, live: Settings): string | null {
  for (const { key } of diff(before, after)) {
    const why = fields[partOf(key).setting].whyStays?.(live) ?? null
    if (why !== null) return why
  }
  return null
}

/** Fields that both the edit and somebody else have changed. An alias that points elsewhere changes none. */
export function collisions({ before, after }: Edit, live: Settings): FieldChange[] {
  const drifted = new Set(diff(withoutTargets(before), live).map((field) => field.key))
  return diff(before, after).filter((field) => drifted.has(field.key))
}

/** True if a rebase, when both have changed it, applies the edit's additions and removals to what is there now. */
export function isMerged({ key }: FieldChange): boolean {
  return fields[partOf(key).setting].merge !== undefined
}

import type { FieldKey } from './field.ts'
import { parts } from './fields.ts'
import type { Settings } from './token.ts'

/** One field that differs, in words. `key` is stable and unique within a diff. */
export type FieldChange = {
  readonly key: FieldKey
  readonly label: string
  readonly before: string
  readonly after: string
}

/**
 * Compares by meaning: the order of branches, modules and keys makes no difference. An alias that points to another
 * branch does, if both sides say where it points; so does a field about expiry that the app does not understand, if
 * both sides list those fields.
 */
export function diff(before: Settings, after: Settings): FieldChange[] {
  const others = otherExpiryMoved(before, after)
  const then = describe(before, others)
  return describe(after, others)
    .map(({ key, label, value, meaning }, i) => ({
      key,
      label,
      before: then[i]!.value,
      after: value,
      same: then[i]!.meaning === meaning && !parts[i]!.differsBesides?.(before, after),
    }))
    .filter((field) => !field.same)
    .map(({ key, label, before, after }) => ({ key, label, before, after }))
}

/** True if both sides list the fields about expiry that the app does not understand, and the lists differ. */
export function otherExpiryMoved({ otherExpiry: then }: Settings, { otherExpiry: now }: Settings): boolean {
  return then !== undefined && now !== undefined && then.join('\n') !== now.join('\n')
}

export function same(a: Settings, b: Settings): boolean {
  return diff(a, b).length === 0
}

export type FieldInWords = {
  readonly key: FieldKey
  readonly label: string
  readonly value: string
  /** For a list, each entry of the value. */
  readonly names?: readonly string[] | undefined
  /** Equal for two settings exactly if the field means the same in both, apart from where aliases point. */
  readonly meaning: string
}

/**
 * Every field in words, always the same fields in the same order. `withOthers` adds the fields about expiry that the
 * app does not understand. One card asks for the same few settings dozens of times, so those are kept.
 */
export function describe(settings: Settings, withOthers = false): readonly FieldInWords[] {
  const known = lately.find((one) => one.settings === settings && one.withOthers === withOthers)
  if (known) return known.fields
  const fields = inWords(settings, withOthers)
  if (lately.length === mostKept) lately.shift()
  lately.push({ settings, withOthers, fields })
  return fields
}

/** Before, after, live, and as the stack keeps it. */
const mostKept = 4
const lately: { settings: Settings; withOthers: boolean; fields: readonly FieldInWords[] }[] = []

function inWords(settings: Settings, withOthers: boolean): FieldInWords[] {
  return parts.map(({ key, label, reads }) => {
    const read = reads(settings, withOthers)
    if (typeof read === 'string') return { key, label, value: read, meaning: read, names: undefined }
    const { value, meaning, names } = read
    return { key, label, value, meaning, names }
  })
}

import { isBlank } from '../text.ts'
import { diff } from './diff.ts'
import type { Asked, FieldErrors } from './field.ts'
import { fields, settingKeys } from './fields.ts'

/**
 * Characters that a change may ask for in all, its reason included. One card must show an approver everything, and
 * Slack takes only so much in a message, without saying how much: this is well below anything it ever refused.
 */
const cardLimit = 8000

/** Says what prevents asking for `after`, field by field, in words for the person who fills in the form. */
export function check(asked: Asked): FieldErrors {
  const errors: Record<string, string> = {}
  for (const { key, check } of checked) {
    const found = check(asked)
    if (typeof found === 'string') errors[key] = found
    else Object.assign(errors, found)
  }
  const reason = reasonError(asked.reason) ?? lengthError(asked)
  return reason === undefined ? errors : { ...errors, reason }
}

const checked = settingKeys.flatMap((key) => {
  const { check } = fields[key]
  return check === undefined ? [] : [{ key, check }]
})

/** The errors as one text: one that two fields share is said once. */
export function errorsInWords(errors: Readonly<Record<string, string>>): string {
  return [...new Set(Object.values(errors))].join(' ')
}

function reasonError(reason: string): string | undefined {
  return isBlank(reason) ? 'Say why: approvers read it to decide, and it goes into the log.' : undefined
}

function lengthError({ before, after, reason }: Asked): string | undefined {
  const asked = diff(before, after).map((field) => field.after)
  const length = [...asked, reason].reduce((sum, text) => sum + text.length, 0)
  return length > cardLimit
    ? `This is too long to show to an approver in full (${length} characters, and at most ${cardLimit} fit): ask for it in parts.`
    : undefined
}

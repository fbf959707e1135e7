import type { Ask } from '../../domain/change/ask.ts'
import { check } from '../../domain/token/check.ts'
import { same } from '../../domain/token/diff.ts'
import type { FieldErrors } from '../../domain/token/field.ts'
import { pointing } from '../../domain/token/targets.ts'
import { reasonStart } from '../../words/reverts.ts'
import type { Asked } from './form-drafts.ts'
import { type FormErrors, settingsOf } from './form-state.ts'

/** Reads what a form asks for, or what is wrong with it. */
export function askOf(
  asked: Pick<Asked, 'draft' | 'form' | 'facts'>,
  now: Date,
): { ask: Ask } | { errors: FormErrors } {
  const { draft, form, facts } = asked
  const { before, reverts } = draft
  const read = settingsOf(form, before)
  const [after, unread] = 'errors' in read ? [read.unsound, read.errors] : [read.settings, {}]
  const unsound = asFormErrors(check({ before, after, reason: form.reason, facts, now }))
  const errors = { ...unsound, ...unread }
  if (Object.keys(errors).length > 0) return { errors }
  if (reverts !== null && form.reason.trim() === reasonStart(reverts).trim())
    return {
      errors: { reason: 'Say why it should be undone: approvers read it to decide, and it goes into the log.' },
    }
  if (same(before, after))
    return {
      errors: { reason: 'Nothing would change: the token is already as this form says. Change a field first.' },
    }
  return { ask: { after: pointing({ before, after }, facts).after, reason: form.reason.trim(), reverts } }
}

function asFormErrors({ permissions, expiresOn, ...others }: FieldErrors): FormErrors {
  return { ...others, ...(permissions && { everything: permissions }), ...(expiresOn && { date: expiresOn }) }
}

import { notReverted } from '../../domain/change/revert.ts'
import { check } from '../../domain/token/check.ts'
import type { Settings, StackFacts } from '../../domain/token/token.ts'
import { type FormState, settingsOf } from './form-state.ts'

type Revert = { before: Settings; earlier: Settings; form: FormState; facts: StackFacts; now: Date }

/** Says what keeps the token from being as it was `earlier`, though the form asks for that; null if nothing does. */
export function revertNotice({ before, earlier, form, facts, now }: Revert): string | null {
  const read = settingsOf(form, before)
  const notes = 'errors' in read ? Object.values(read.errors) : notesOn(read.settings)
  return notes.length > 0 ? notes.join('\n') : null

  function notesOn(after: Settings): string[] {
    const errors = Object.values(check({ before, after, reason: form.reason, facts, now }))
    const kept = notReverted(earlier, after)
    return [
      ...errors,
      ...(kept.length > 0 ? [`This form can't bring back, and leaves as it is: ${kept.join(', ')}.`] : []),
    ]
  }
}

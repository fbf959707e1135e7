import type { Refusing } from '../../domain/policy/always-refused.ts'
import type { StackFacts } from '../../domain/token/token.ts'
import type { Draft } from '../../ports/drafts.ts'
import type { Piece } from '../../words/pieces.ts'
import type { Drawn } from './form-inputs.ts'
import type { FormErrors, FormState } from './form-state.ts'

/** Everything a form is drawn from. */
export type Opened = {
  readonly draft: Pick<Draft, 'id' | 'before' | 'afresh' | 'change' | 'reverts'>
  readonly form: FormState
  readonly facts: StackFacts
  readonly now: Date
  /** Tells which choices the policy can only refuse; if it is left out, none. */
  readonly refuses?: Refusing
  /** See `uidEndOf`. */
  readonly uidEnd?: string | null
  /** The groups whose inputs are in sight, and what was picked in them; the latest is the last. */
  readonly open?: readonly string[]
  /** Found when the form was sent, in groups that were closed. */
  readonly errors?: FormErrors
  /** Something the requester must know before going on: the token was changed meanwhile, for example. */
  readonly notice?: string
  /** True if whoever sends it can then no longer decide on the change. */
  readonly costsVote?: true
  /** How a quick command was understood: everything except the reason is filled in. */
  readonly understood?: readonly Piece[]
}

export function drawnOf({ draft, form }: Opened): Drawn {
  return { afresh: draft.afresh, form }
}

import type { Reverts } from '../domain/change/reverts.ts'
import { line, type Piece } from './pieces.ts'

function undone({ kind, number }: Reverts): string {
  return kind === 'change' ? `#${number}` : `the edit made elsewhere (entry ${number} of the log)`
}

/** The start of a revert's reason; whoever asks goes on from there. */
export function reasonStart(reverts: Reverts): string {
  return `Revert to before ${undone(reverts)}: `
}

/**
 * For the preview and the card. The form may have been edited before it was sent, so this says only what it was meant
 * to be.
 */
export function revertInWords(reverts: Reverts | null): Piece[] {
  return reverts === null ? [] : [line(`Asked for as a revert to before ${undone(reverts)}.`)]
}

export function revertInForm(reverts: Reverts | null): Piece[] {
  if (reverts === null) return []
  return [
    line(`This form asks for all settings as they were before ${undone(reverts)}, so later edits are undone too.`),
    line('The next step shows what that changes. It is sent, decided and applied like any other change.'),
  ]
}

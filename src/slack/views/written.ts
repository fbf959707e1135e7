import type { Change } from '../../domain/change.ts'
import { diff, type FieldChange } from '../../domain/diff.ts'
import { writtenBy } from '../../domain/write.ts'
import { line, type Piece } from './layout.ts'
import type { Words } from './words.ts'

type Applied = Extract<Change, { status: 'applied' }>

/**
 * What is known of what a change wrote, as a sentence without its full stop. Every text about what was or was not written
 * takes it from here, and it says no more than was seen.
 */
export function writtenInWords(change: Change): Words {
  const written = writtenBy(change)
  switch (written.kind) {
    case 'nothing':
      return ['nothing was written']
    case 'perhaps':
      return ['an update was sent ', { at: written.sentAt }, ' and may still arrive until ', { at: written.until }]
    case 'taken':
      return ['the stack said that it took the update sent ', { at: written.sentAt }]
    case 'seen':
      return [
        'an update was sent ',
        { at: written.sentAt },
        ', and the token was found as it asked ',
        { at: written.seenAt },
      ]
  }
}

/** The same of a change that is still open: nothing to say as long as nothing was sent. */
export function sentSoFar(change: Change): Words {
  return writtenBy(change).kind === 'nothing' ? [] : ['; ', ...writtenInWords(change)]
}

/** That what was asked for is not exactly what came of it, as the rest of a sentence that says that it was applied. */
export function appliedOtherwise(change: Applied): Words {
  const { made, moved } = differences(change)
  return [
    ...(made.length > 0 ? [', but the stack keeps some of it otherwise than asked for'] : []),
    ...(moved.length > 0 ? ['; the token was changed elsewhere meanwhile'] : []),
  ]
}

/** Whether what was asked for is, to the letter, what the stack has taken. */
export function wasWrittenAsAsked(change: Change): boolean {
  return change.status === 'applied' && change.written && differences(change).made.length === 0
}

/** Field by field, what the stack made of it and what somebody else changed meanwhile. */
export function otherThanAsked(change: Applied): Piece[] {
  const { made, moved } = differences(change)
  return [
    ...(made.length > 0 ? [line('What the stack keeps:'), ...made.map(instead)] : []),
    ...(moved.length > 0 ? [line('What was changed elsewhere meanwhile:'), ...moved.map(instead)] : []),
  ]
}

function instead({ label, before, after }: FieldChange): Piece {
  return line({ strong: label }, ': ', { said: after }, ' instead of ', { said: before })
}

/** Of a field that nobody asked to change, only another writing is the doing of this change: an update carries the whole token. */
function differences(change: Applied) {
  const { after, stored = after, live = stored } = change
  return { made: diff(after, stored), moved: diff(stored, live) }
}

import { same } from '../../domain/token/diff.ts'
import type { StoredChange } from '../../ports/changes.ts'
import type { Edited } from '../../ports/telling.ts'
import { changedFields } from '../../words/fields.ts'
import { line, type Piece, quote } from '../../words/pieces.ts'
import { standing } from '../../words/standing.ts'
import { shortLine } from '../../words/text.ts'
import { verdict } from '../../words/verdict.ts'
import { about } from '../../words/which-token.ts'
import type { Words } from '../../words/words.ts'
import { escaped, limits, type Message } from '../kit/blocks.ts'
import { changedInText } from '../kit/in-text.ts'
import { pack } from '../kit/layout.ts'
import { inText } from '../kit/rich.ts'
import { linkTo, type Shown } from './outcome.ts'

/**
 * For somebody who asked for a change that another person has edited, or who now asks for it in place of others: what
 * is different.
 */
export function editedMessage(stored: StoredChange, edit: Edited, person: string, shown: Shown): Message {
  const said = [...whatHappened(stored, edit, person, shown), ' It ', ...standing(stored.change, shown.others), '.']
  return {
    text: textOf(inText(said), edit),
    blocks: pack([[line(...said)], difference(stored, edit), linkTo(shown.cardLink)], limits.messageBlocks),
  }
}

function whatHappened({ change }: StoredChange, edit: Edited, person: string, shown: Shown): Words {
  const { by, type } = edit
  const yours = person === change.requester || edit.from.includes(person)
  const did = type === 'taken_over' ? 'took over' : 'edited'
  const then =
    type === 'taken_over'
      ? `: what it asks for stays the same, and is asked for in their name. It is revision ${change.revision} now`
      : `: it is revision ${change.revision} now`
  const which: Words = [yours ? 'your change ' : 'change ', ...about(change, shown)]
  return [{ person: by }, ` ${did} `, ...which, ...(yours ? [] : [', which you had a hand in']), then, '.']
}

function difference({ change }: StoredChange, { was, is, by }: Edited): Piece[] {
  const reason = was.reason === is.reason ? [] : [line('The reason, by ', { person: by }, ':'), quote(is.reason)]
  const earlier = was.reason === is.reason ? [] : [line('It was:'), quote(was.reason)]
  return [...fields(was, is), ...reason, ...earlier, line(...verdict(change))]
}

function fields(was: Edited['was'], is: Edited['is']): Piece[] {
  if (same(was.after, is.after)) return []
  return [line('What it asks for now, instead of what it asked for before:'), ...changedFields(turned(was, is))]
}

function textOf(said: string, { was, is }: Edited): string {
  const reason = was.reason === is.reason ? '' : ` Reason: ${escaped(shortLine(is.reason, 100))}.`
  if (same(was.after, is.after)) return `${said}${reason}`
  const lead = `${said} Before and now: `
  return `${lead}${changedInText(turned(was, is), limits.fallback - lead.length - reason.length - 20)}.${reason}`
}

/** The difference between what the two revisions would write. */
function turned(was: Edited['was'], is: Edited['is']) {
  return { before: was.after, after: is.after }
}

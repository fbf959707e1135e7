import type { KnownBlock } from '@slack/types'
import type { Overview } from '../../ports/past.ts'
import { line, type Piece } from '../../words/pieces.ts'
import { count, shortLine } from '../../words/text.ts'
import { enumerated } from '../../words/words.ts'
import { few } from '../../workflow/log/health.ts'
import { header } from '../kit/blocks.ts'
import { homeLine } from '../kit/home-line.ts'
import { pack } from '../kit/layout.ts'
import { type ShownLook, unseenLine } from '../tokens/shown-looks.ts'

/**
 * A part of the settings that can't work now, in one sentence: a channel that no card can be posted in, or rules that
 * nobody can fulfil.
 */
export type Closed = {
  readonly of: 'channel' | 'policy'
  /** The sentence, around the titles of the stacks that it is about. */
  readonly before: string
  readonly stacks: readonly string[]
  readonly after: string
}

export type Health = {
  readonly looks: readonly ShownLook[]
  readonly verified: Overview['verified']
  readonly closedRules: readonly Closed[]
  /** Parts of the database that can't be read, for example `change #3`. */
  readonly unreadable: readonly string[]
}

/**
 * Says for each stack if it can be looked at and when its tokens were last listed (a single one may have been looked at
 * since), which parts of the policies are closed, and how the last check of the log ended.
 */
export function healthLines({ looks, verified, closedRules, unreadable }: Health): KnownBlock[] {
  const lines = [...notRead(unreadable), ...closedLines(closedRules), ...looks.map(lookLine), logLine(verified)]
  return [header('Health'), ...pack([lines], 10)]
}

function notRead(unreadable: readonly string[]): Piece[] {
  const what = shortLine(few(unreadable), 300)
  return unreadable.length === 0
    ? []
    : [
        line(
          { strong: "Can't be read" },
          ` from the database, and left out here: ${what}. Tell whoever runs Countersign.`,
        ),
      ]
}

const mostClosed = 5

/** A channel that no card can be posted in stops nobody from deciding on changes that wait: Home offers that too. */
const whatItMeans = {
  channel:
    'Nothing can be asked for or edited there until that is fixed. What already waits can still be decided on, here too.',
  policy: "Changes that need it can't be asked for or approved until that is fixed.",
} as const satisfies Record<Closed['of'], string>

function closedLines(all: readonly Closed[]): Piece[] {
  return (['channel', 'policy'] as const).flatMap((of) =>
    closedOf(
      of,
      all.filter((one) => one.of === of),
    ),
  )
}

function closedOf(of: Closed['of'], all: readonly Closed[]): Piece[] {
  const shown = all.slice(0, mostClosed).map(closedLine)
  const more = all.length > mostClosed ? ` (${count(all.length - mostClosed, 'more', 'more')} like this.)` : ''
  return all.length === 0 ? [] : [...shown, line(`${whatItMeans[of]} Tell whoever runs Countersign.${more}`)]
}

function closedLine({ before, stacks, after }: Closed): Piece {
  const named = enumerated(
    stacks.map((said) => [{ said }]),
    mostClosed,
  )
  return homeLine({ strong: 'Closed' }, ': ', shortLine(before, 300), ...named, shortLine(after, 300))
}

function lookLine({ stackTitle, at, failed, shut, unlisted = false }: ShownLook): Piece {
  const stack = { said: stackTitle }
  if (at === null && !failed) return homeLine(stack, ': its tokens have not been listed yet.')
  if (!failed) return homeLine(stack, ' can be reached; all its tokens were last listed ', { at: at! }, '.')
  return unseenLine({ stackTitle, at, shut, unlisted })
}

function logLine(verified: Overview['verified']): Piece {
  if (verified === null) return line('The audit log has not been verified yet.')
  const { at, fact } = verified
  const entries = count(fact.size, 'entry', 'entries')
  if (!fact.intact || fact.complete === false)
    return line(
      { strong: 'The audit log has been tampered with' },
      ', as a check found ',
      { at },
      ': tell whoever runs Countersign.',
    )
  const whole = fact.complete === null ? 'intact; it is not known whether it is complete' : 'intact and complete'
  return line('The audit log was verified ', { at }, `: ${entries}, ${whole}.`)
}

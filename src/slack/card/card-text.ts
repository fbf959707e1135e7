import { isOrphaned } from '../../domain/change/askers.ts'
import { asideBecause, type Change, hasEnded } from '../../domain/change/change.ts'
import { tokenHasMoved } from '../../domain/change/status.ts'
import { collisions } from '../../domain/token/rebase.ts'
import { withOwnTargets } from '../../domain/token/targets.ts'
import { headline } from '../../words/headline.ts'
import { approvalsInWords, brief } from '../../words/requirement.ts'
import { cardlessInWords, type OtherChange, orphanedInWords, standing } from '../../words/standing.ts'
import { about, type Which } from '../../words/which-token.ts'
import { givenBy, type Words } from '../../words/words.ts'
import { limits } from '../kit/blocks.ts'
import { changedInText, verdictBelowInText } from '../kit/in-text.ts'
import { inText } from '../kit/rich.ts'

type Around = Which & { readonly others: readonly OtherChange[] }

const verdictRoom = 700
/** The least that the list of fields takes, when they are only counted. */
const fieldsRoom = 60

/**
 * The card for people who see no blocks: whole sentences; if the list of fields does not fit, the fields are only
 * counted.
 */
export function cardText(change: Change, around: Around): string {
  const first = `${inText(headline(change, around.uidEnd))}.`
  const where = inText(whatStands(change, around))
  const rest = [
    ...waitingFor(change),
    ...cardlessInWords(change),
    inText(['Reason', ...givenBy(change), ': ', { said: change.reason }, '.']),
  ].join(' ')
  const room = limits.fallback - first.length - where.length - rest.length - fieldsRoom
  const sentences = [first, verdictBelowInText(change, Math.min(verdictRoom, room)), where, rest]
    .filter(Boolean)
    .join(' ')
  const asks = hasEnded(change) ? 'asked' : 'asks'
  return `${sentences} It ${asks} for: ${changedInText(change, limits.fallback - sentences.length - 20)}.`
}

function whatStands(change: Change, { others, ...which }: Around): Words {
  const entered: Words =
    change.enteredBy === undefined ? [] : [' (entered at a terminal by ', { person: change.enteredBy }, ')']
  const asked: Words = ['Change ', ...about(change, which), ' by ', { person: change.requester }, ...entered]
  return [...asked, ' ', ...standing(change, others), '.']
}

function waitingFor(change: Change): string[] {
  if (asideBecause(change) !== null) return []
  if (change.status === 'drifted') return [...orphanedInWords(change, brief.people).map(inText), ...driftInText(change)]
  if (change.status !== 'pending') return []
  if (isOrphaned(change)) return orphanedInWords(change, brief.people).map(inText)
  return approvalsInWords(change).map(inText)
}

const driftRoom = 500

/** Says how the token has moved, and what can be done about it. */
export function driftInText(change: Extract<Change, { status: 'drifted' }>): string[] {
  const both = collisions(change, change.live).map(({ label }) => label)
  return [
    ...(tokenHasMoved(change)
      ? [
          `The token has moved: ${changedInText({ before: withOwnTargets(change.before), after: withOwnTargets(change.live) }, driftRoom)}.`,
        ]
      : []),
    ...(both.length > 0 ? [`Changed by both: ${both.join(', ')}.`] : []),
    'It can be rebased or cancelled on its card.',
  ]
}

import { revisedSince } from '../../domain/change/approvers-to-tell.ts'
import type { Change } from '../../domain/change/change.ts'
import { rebasedOver } from '../../domain/change/status.ts'
import type { StoredChange } from '../../ports/changes.ts'
import { line } from '../../words/pieces.ts'
import { standing } from '../../words/standing.ts'
import { verdict } from '../../words/verdict.ts'
import { about } from '../../words/which-token.ts'
import type { Words } from '../../words/words.ts'
import { limits, type Message } from '../kit/blocks.ts'
import { verdictInText } from '../kit/in-text.ts'
import { pack } from '../kit/layout.ts'
import { inText } from '../kit/rich.ts'
import { linkTo, type Shown } from './outcome.ts'

/** For somebody who approved an earlier revision: nothing they agreed to counts for the new content. */
export function revisedMessage(
  { change }: StoredChange,
  { cardLink, others, ...which }: Shown,
  approvedAt: string,
): Message {
  const said: Words = [
    'Your approval of change ',
    ...about(change, which),
    ` no longer counts: the change has been ${revised(change, approvedAt)} and is revision ${change.revision} now. `,
    change.status === 'pending' ? 'Look at it again. It ' : 'It ',
    ...standing(change, others),
    '.',
  ]
  return {
    text: [inText(said), verdictInText(change, 1000)].join(' '),
    blocks: pack([[line(...said), line(...verdict(change)), ...linkTo(cardLink)]], limits.messageBlocks),
  }
}

function revised(change: Change, approvedAt: string): string {
  const how = revisedSince(change, approvedAt)
  return how === 'rebased' && change.rebased
    ? `rebased since, ${rebasedOver(change.rebased, change.id)},`
    : `${how} since,`
}

/**
 * For somebody who may no longer decide: what they approved has not changed, and the clause `why` says why their
 * approval is not enough.
 */
export function approvalLostMessage(
  { change }: StoredChange,
  { cardLink, others, ...which }: Shown,
  why: string,
): Message {
  const said: Words = [
    'Your approval of change ',
    ...about(change, which),
    ' no longer counts. When the approvals were counted again, it was left out for this reason: ',
    { said: why },
    '. The change ',
    ...standing(change, others),
    '. If that is wrong, tell whoever runs Countersign.',
  ]
  return { text: inText(said), blocks: pack([[line(...said), ...linkTo(cardLink)]], limits.messageBlocks) }
}

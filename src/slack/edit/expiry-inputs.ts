import type { ActionsBlock, Button, KnownBlock } from '@slack/types'
import { countedFrom } from '../../domain/quick/verbs/extend.ts'
import { dayOf, endsItsDay, expiryInWords, laterBy, whyExpiryStays } from '../../domain/token/expiry.ts'
import { knownField } from '../../words/fields.ts'
import { line, type Piece, quote } from '../../words/pieces.ts'
import { button } from '../kit/blocks.ts'
import { actions, type Later, laterActions } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { checkInput, dateInput } from './form-inputs.ts'
import { drawnOf, type Opened } from './opened.ts'

export function expiryInputs(opened: Opened): KnownBlock[] {
  const { form, draft } = opened
  const stays = whyExpiryStays(draft.before)
  const notice = checkInput(drawnOf(opened), {
    part: 'emailNotice',
    label: 'E-mail notice',
    action: actions.emailNotice,
    says: 'An e-mail from Contentstack 7 days before expiry',
    checked: form.emailNotice,
  })
  if (stays !== null)
    return [...pack([[...knownField('Expires', expiryInWords(draft.before.expiresOn)), quote(stays)]], 5), notice]
  return [...pack([[untilNow(opened)]], 1), ...(form.expiry === 'date' ? [day(opened)] : []), until(opened), notice]
}

/** The expiry that the token has, and what the buttons count from. */
function untilNow({ draft: { before }, now }: Opened): Piece {
  const { expiresOn } = before
  const from = countedFrom(expiresOn, now)
  const today = `The buttons count from today, ${dayOf(now.toISOString())} (UTC).`
  if (expiresOn === null) return line({ strong: 'Now' }, `: never expires. ${today}`)
  const said = { said: expiryInWords(expiresOn) }
  if (from === null) return line({ strong: 'Now' }, ': expires ', said, `. ${today}`)
  if (from.isToday) return line({ strong: 'Now' }, ': expired ', said, ` and no longer works. ${today}`)
  return line({ strong: 'Now' }, ': expires ', said, '. The buttons count from that day, however often you press them.')
}

/** The day on which the token would expire that much later than it does; later than today if that is over. */
export function laterDay({ draft: { before }, now }: Pick<Opened, 'draft' | 'now'>, length: Later): string | null {
  const from = countedFrom(before.expiresOn, now)?.day ?? now.toISOString().slice(0, 10)
  return laterBy(from, { count: Number.parseInt(length, 10), unit: length.endsWith('y') ? 'y' : 'd' })
}

function day(opened: Opened): KnownBlock {
  const { form, draft } = opened
  const unread = draft.before.expiresOn !== null && form.date === null
  return dateInput(drawnOf(opened), {
    part: 'date',
    label: 'Expires on',
    hint: `The token stops working at ${endsItsDay(draft.before.expiresOn) ? 'the end of that day (UTC)' : 'midnight UTC as that day begins'}.`,
    action: actions.date,
    date: form.date,
    ...(unread && { optional: true }),
  })
}

/** Other expiries, each with one press. */
function until(opened: Opened): ActionsBlock {
  return {
    type: 'actions',
    block_id: 'until',
    elements: [
      ...(Object.keys(laterActions) as Later[]).flatMap((length) => later(opened, length)),
      opened.form.expiry === 'date'
        ? button({ text: 'Never', action: actions.expiresNever })
        : button({ text: 'On a day…', action: actions.expiresOnADay }),
    ],
  }
}

const lengths: Readonly<Record<Later, string>> = {
  '30d': '30 days',
  '90d': '90 days',
  '180d': '180 days',
  '1y': '1 year',
}

function later(opened: Opened, length: Later): Button[] {
  const day = laterDay(opened, length)
  if (day === null) return []
  const isFromExpiry = countedFrom(opened.draft.before.expiresOn, opened.now)?.isToday === false
  const text = isFromExpiry ? `+${lengths[length]}` : `In ${lengths[length]}`
  return [button({ text, action: laterActions[length], label: `${text}: on ${day}` })]
}

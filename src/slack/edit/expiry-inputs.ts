import type { ActionsBlock, Button, KnownBlock } from '@slack/types'
import { expiresLater, neverExpires } from '../../domain/policy/choices.ts'
import type { Choice } from '../../domain/policy/when.ts'
import { countedFrom } from '../../domain/quick/verbs/extend.ts'
import {
  dayOf,
  endsItsDay,
  expiryInWords,
  instantOf,
  laterBy,
  movedTo,
  whyExpiryStays,
} from '../../domain/token/expiry.ts'
import { knownField } from '../../words/fields.ts'
import { line, type Piece, quote } from '../../words/pieces.ts'
import { button } from '../kit/blocks.ts'
import { actions, type Later, laterActions } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { checkInput, dateInput } from './form-inputs.ts'
import { drawnOf, type Opened } from './opened.ts'
import { notOffered, type RefusedChoice, refusedChoice, whyRefused } from './refused-choices.ts'

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
  return [
    ...(form.expiry === 'date' && isCountedFromItsDay(opened) ? [] : pack([[untilNow(opened)]], 1)),
    ...(form.expiry === 'date' ? [day(opened)] : []),
    until(opened),
    ...notOffered(refusedExpiries(opened)),
    notice,
  ]
}

/** Then the hint below the day says all that `untilNow` would, and the form is a line shorter. */
function isCountedFromItsDay({ draft: { before }, now }: Opened): boolean {
  return countedFrom(before.expiresOn, now)?.isToday === false
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
  return line({ strong: 'Now' }, ': expires ', said, '. The buttons count from that day.')
}

/** The day on which the token would expire that much later than it does; later than today if that is over. */
export function laterDay({ draft: { before }, now }: Pick<Opened, 'draft' | 'now'>, length: Later): string | null {
  const from = countedFrom(before.expiresOn, now)?.day ?? now.toISOString().slice(0, 10)
  return laterBy(from, { count: Number.parseInt(length, 10), unit: length.endsWith('y') ? 'y' : 'd' })
}

function day(opened: Opened): KnownBlock {
  const { form, draft } = opened
  const { expiresOn } = draft.before
  const unread = expiresOn !== null && form.date === null
  const isNow = isCountedFromItsDay(opened)
    ? `Now ${expiryInWords(expiresOn)}, and the buttons count from that day. `
    : ''
  return dateInput(drawnOf(opened), {
    part: 'date',
    label: 'Expires on',
    hint: `${isNow}The token stops working at ${endsItsDay(expiresOn) ? 'the end of that day (UTC)' : 'midnight UTC as that day begins'}.`,
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
      ...(opened.form.expiry === 'never' ? [button({ text: 'On a day…', action: actions.expiresOnADay })] : []),
      ...(opened.form.expiry === 'date' && whyRefused(opened, never(opened)) === null
        ? [button({ text: 'Never', action: actions.expiresNever })]
        : []),
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
  if (day === null || whyRefused(opened, onDay(opened, day)) !== null) return []
  const text = laterInWords(opened, length)
  return [button({ text, action: laterActions[length], label: `${text}: on ${day}` })]
}

function laterInWords({ draft, now }: Opened, length: Later): string {
  return countedFrom(draft.before.expiresOn, now)?.isToday === false ? `+${lengths[length]}` : `In ${lengths[length]}`
}

function refusedExpiries(opened: Opened): RefusedChoice[] {
  const days = (Object.keys(laterActions) as Later[]).flatMap((length) => {
    const day = laterDay(opened, length)
    return day === null ? [] : refusedChoice(opened, [laterInWords(opened, length)], onDay(opened, day))
  })
  return [...days, ...refusedChoice(opened, ['Never'], never(opened))]
}

/** Null for a token that never expires as it is. */
function never({ draft }: Opened): Choice | null {
  return draft.before.expiresOn === null ? null : neverExpires
}

/** Null for a day that gives the token a shorter life, such as its first expiry. */
function onDay({ draft, now }: Opened, day: string): Choice | null {
  const { expiresOn } = draft.before
  const instant = instantOf(movedTo(day, expiresOn))
  return expiresOn === null || instant === null ? null : expiresLater(instant, now)
}

import type { ActionsBlock, KnownBlock } from '@slack/types'
import { endsItsDay, expiryInWords, whyExpiryStays } from '../../domain/token/expiry.ts'
import { knownField } from '../../words/fields.ts'
import { quote } from '../../words/pieces.ts'
import { button } from '../kit/blocks.ts'
import { actions, laterActions } from '../kit/ids.ts'
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
  return [...(form.expiry === 'date' ? [day(opened)] : []), until(opened), notice]
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

/** Other expiries, each with one press. Without a day to count from, a length counts from today. */
function until({ form }: Opened): ActionsBlock {
  const counted = form.expiry === 'date' && form.date !== null
  const later = (length: string, action: string) =>
    counted
      ? button({ text: `+${length}`, action, label: `${length} longer` })
      : button({ text: `In ${length}`, action })
  return {
    type: 'actions',
    block_id: 'until',
    elements: [
      later('30 days', laterActions['30d']),
      later('90 days', laterActions['90d']),
      later('1 year', laterActions['1y']),
      form.expiry === 'date'
        ? button({ text: 'Never', action: actions.expiresNever })
        : button({ text: 'On a day…', action: actions.expiresOnADay }),
    ],
  }
}

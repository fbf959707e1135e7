import { endedStatuses } from '../../domain/change/change.ts'
import { tooFew } from '../../domain/change/news.ts'
import { everywhere } from '../anchored.ts'
import { type On, statement } from './statements.ts'

const ended = endedStatuses.map((status) => `'${status}'`).join(', ')

/** The value at a key of a change's state. Most have neither key, and to read so many of them as JSON takes longest by far. */
const found = (key: string) => `case when strpos(state, '"${key}"') > 0 then in_json(state, '${key}') end`

/** The news for the requester: see `newsOf`. */
const news = `case
  when status not in ('pending', 'approved', 'applying') then status || ' ' || revision
  when (${found('barredAskers')}) is not null then 'stopped ' || revision
  when (${found('edited')}) is not null then 'edited ' || in_json(state, 'edited', 'revision')
  else 'sent' end`

// The caller works out what is due: the clock may have been set back since that was written down.
const find = statement<{ id: number }>(
  'unfinished',
  `select id from change_requests
   where status in ('approved', 'applying')
     or card_seq is null or card_seq <> seq or told is null or replace(told, '${tooFew}', '') <> (${news})
     or id in (select change_id from void_approvals where telling is not null)
     or id in (select change_id from left_cards)
     or status in (${ended}) and (anchored is null or anchored <> '${everywhere}')
   order by id`,
)

/**
 * Finds the numbers of changes that are on the way to their stack, have a card that is missing, behind or left
 * elsewhere, have somebody who still has to be told something, or are over and not anchored.
 */
export async function unfinishedIn(on: On): Promise<number[]> {
  return (await find(on)).map(({ id }) => id)
}

import { endedStatuses } from '../../domain/change/change.ts'
import { tooFew } from '../../domain/change/news.ts'
import { everywhere } from '../anchored.ts'
import type { Database } from './database.ts'
import { inJson } from './in-json.ts'
import { preparedWhenUsed } from './when-used.ts'

/**
 * Finds the numbers of changes that are on the way to their stack, have a card that is missing, behind or left
 * elsewhere, have somebody who still has to be told something, or are over and not anchored. In SQL and prepared once,
 * since every round asks for it.
 */
export function prepareUnfinished({ $client }: Database): () => number[] {
  const sqlite = preparedWhenUsed($client)
  // The caller works out what is due: the clock may have been set back since that was written down.
  const find = sqlite
    .prepare<[], number>(`
      select id from change_requests
      where status in ('approved', 'applying')
        or card_seq is null or card_seq <> seq or told is null or replace(told, '${tooFew}', '') <> (${news})
        or id in (select change_id from void_approvals where telling is not null)
        or id in (select change_id from left_cards)
        or status in (${ended}) and (anchored is null or anchored <> '${everywhere}')
      order by id
    `)
    .pluck()
  return () => find.all()
}

const ended = endedStatuses.map((status) => `'${status}'`).join(', ')

/** The news for the requester: see `newsOf`. */
const news = `case
  when status not in ('pending', 'approved', 'applying') then status || ' ' || revision
  when ${inJson('state', '$.barredAskers')} is not null then 'stopped ' || revision
  when ${inJson('state', '$.edited')} is not null then 'edited ' || (${inJson('state', '$.edited.revision')})
  else 'sent' end`

import { distinct } from '../../domain/look-alikes.ts'
import { line, type Piece } from '../../words/pieces.ts'
import type { Words } from '../../words/words.ts'
import { type OpenShown, openChangeWords } from '../card/open-change.ts'
import type { Message } from '../kit/blocks.ts'
import { message } from '../tokens/token-text.ts'
import { noPast, openLines, type PastPage, pastPageSize } from './page.ts'
import { pastInBrief, pastInText } from './past.ts'

type History = {
  readonly name: string
  /** When its stack said that it is gone; left out while it is there. */
  readonly goneAt?: string
  readonly stackTitle: string
  readonly open: readonly OpenShown[]
  readonly past: PastPage
  /** The token as the reader named it, for the next page. */
  readonly typed: string
}

/** `/token history`: what is asked for, and a page of what became of a token, newest first. */
export function tokenHistory({ name, goneAt, stackTitle, open, past, typed }: History): Message {
  const heading: Words = ['History of token ', { said: distinct(name) }, ' on ', { said: stackTitle }]
  const gone: Words[] = goneAt === undefined ? [] : [['The token is gone: the stack said so ', { at: goneAt }]]
  return message(
    [...heading, '.'],
    [
      [line(...heading), ...gone.map((words) => line(...words))],
      [line({ strong: 'Open changes' }), ...openLines(open)],
      [line({ strong: 'Past' }), ...(past.total === 0 ? [line(noPast)] : [])],
      ...past.shown.map(pastInBrief),
      turning(past, typed),
    ],
    [...gone, ...open.map(openChangeWords), ...past.shown.map(pastInText)],
  )
}

/** `Page 2 of 7. Older: /token history ci-deploy 3` */
function turning({ skipped, total }: PastPage, typed: string): Piece[] {
  const pages = Math.ceil(total / pastPageSize)
  const page = Math.floor(skipped / pastPageSize) + 1
  if (pages < 2) return []
  const older: Words = page < pages ? [' Older: ', { said: `/token history ${typed} ${page + 1}` }] : []
  return [line(`Page ${page} of ${pages}.`, ...older)]
}

/** The page at the end of a line: `ci-deploy 2` is page 2 of `ci-deploy`, unless a token has that very name. */
export function readPage(text: string): { name: string; page: number } | null {
  const read = /^(.+?)\s+(\d{1,6})$/s.exec(text.trim())
  return read ? { name: read[1]!, page: Math.max(1, Number(read[2])) } : null
}

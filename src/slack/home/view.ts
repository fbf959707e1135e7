import type { HomeView } from '@slack/types'
import { hasEnded } from '../../domain/change/change.ts'
import type { Stretch } from '../../domain/stretch.ts'
import { soonDays } from '../../domain/token/filter.ts'
import type { ListedChange } from '../../words/listed.ts'
import { line, quote } from '../../words/pieces.ts'
import { count } from '../../words/text.ts'
import { askedByYou, type EndedChange, endedLines, endedTable, waitingForYou } from '../changes/listed.ts'
import { button } from '../kit/blocks.ts'
import { actions, type HomeList } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import type { TitledToken } from '../kit/options.ts'
import { type Health, healthLines } from './home-health.ts'
import { homeList } from './home-list.ts'
import { editsToLookAt, expiringTokens, type ListedEdit } from './home-tokens.ts'

/** How many entries of each list go on a page: together they fit Slack's 100 blocks. Source: slack.md §2. */
export const homePages: Readonly<Record<HomeList, number>> = { needs: 5, yours: 5, recent: 10, expiring: 8, outside: 5 }

export type Home = {
  /** The reason nothing can be asked for or decided at present, in words; null if it can. */
  readonly closed: string | null
  /** Open changes that this person can decide on now. */
  readonly needs: Stretch<ListedChange>
  /** How many open changes could not be checked for that. */
  readonly unclear: number
  /** Open changes that this person asked for. */
  readonly yours: Stretch<ListedChange>
  /** Changes that have ended. */
  readonly recent: Stretch<ListedChange>
  readonly expiring: Stretch<TitledToken>
  readonly outside: Stretch<ListedEdit>
  readonly health: Health
}

/**
 * App Home for one person. `tables`: true if Slack takes a table there. Its list of blocks by surface says it does; its
 * older pages name tables for messages only. Source: slack.md §3.
 */
export function homeView(home: Home, { tables }: { tables: boolean }): HomeView {
  const { closed, needs, unclear, yours, recent, expiring, outside, health } = home
  return {
    type: 'home',
    blocks: [
      ...pack([closed === null ? [] : [quote(closed)], introduction], 2),
      {
        type: 'actions',
        elements: [
          button({ text: 'Edit a token', action: actions.editAToken, style: 'primary' }),
          button({ text: 'Show a token', action: actions.showAToken }),
          button({ text: 'Report', action: actions.report, label: 'Report on changes, for approvers' }),
        ],
      },
      ...homeList({
        list: 'needs',
        title: 'Needs you',
        none: 'Nothing is waiting for you.',
        shown: needs,
        draw: waitingForYou,
      }),
      ...(unclear > 0 ? pack([[line(unclearInWords(unclear))]], 1) : []),
      ...homeList({
        list: 'yours',
        title: 'Yours',
        none: 'You have no open changes.',
        shown: yours,
        draw: askedByYou,
      }),
      ...homeList({
        list: 'recent',
        title: 'Recently changed',
        none: 'No change has ended yet.',
        shown: recent,
        draw: (changes) => (tables ? endedTable : endedLines)(changes.flatMap(ended)),
      }),
      ...homeList({
        list: 'expiring',
        title: 'Expiring soon',
        none: `No known token expires within ${soonDays} days.`,
        shown: expiring,
        draw: expiringTokens,
        turn: ['Sooner', 'Later'],
      }),
      ...homeList({
        list: 'outside',
        title: 'Outside edits to look at',
        none: 'None.',
        shown: outside,
        draw: editsToLookAt,
      }),
      ...healthLines(health),
    ],
  }
}

const introduction = [
  line('Ask here for an edit to a Contentstack management token. Approvers decide in the channel, or here.'),
  line('Countersign writes exactly what they approved. The secret value is never shown or changed.'),
]

function unclearInWords(unclear: number): string {
  return `Countersign could not tell just now whether ${count(unclear, 'more change needs', 'more changes need')} you: look at their cards.`
}

function ended({ stored: { change }, ...rest }: ListedChange): EndedChange[] {
  return hasEnded(change) ? [{ change, ...rest }] : []
}

/** For somebody who may do nothing here, with the reason. */
export function closedHome(why: string): HomeView {
  return { type: 'home', blocks: pack([[quote(why)]], 40) }
}

import type { Change } from '../../../src/domain/change/change.ts'
import { type Stretch, stretchOf } from '../../../src/domain/stretch.ts'
import type { OutsideEdit } from '../../../src/ports/past.ts'
import { firstLines } from '../../../src/slack/changes/change-text.ts'
import { type Home, homePages } from '../../../src/slack/home/view.ts'
import type { HomeList } from '../../../src/slack/kit/ids.ts'
import type { ListedChange } from '../../../src/words/listed.ts'
import { settings } from '../../support/world.ts'
import { at } from '../kit/asked.ts'
import { stored } from '../kit/drawn.ts'

export const cardLink = 'https://slack.example/card'

export function listed(change: Change, link: string | null = cardLink, stackTitle = 'Website'): ListedChange {
  return { stored: stored(change), stackTitle, link }
}

/** The items in an answer's list. */
export function listOf<T>(...items: readonly T[]): Stretch<T> {
  return stretchOf(items, firstLines)
}

/** One page of a list on Home. */
export function pageOf<T>(list: HomeList, items: readonly T[], page = 0): Stretch<T> {
  return stretchOf(items, { page, size: homePages[list] })
}

export function outsideEdit(changes: Partial<OutsideEdit['fact']> = {}): OutsideEdit {
  const [before, after] = [settings(), settings({ description: 'By hand' })]
  const edit = {
    type: 'outside_edit',
    stack: 'website',
    tokenUid: 't1',
    before,
    after,
    by: 'blt1',
    editedAt: at,
  } as const
  return { seq: 7, at: '2026-06-01T10:00:00.000Z', fact: { ...edit, ...changes } }
}

/** A Home with nothing on it except what is given. */
export function homeOf(changes: Partial<Home> = {}): Home {
  return {
    closed: null,
    needs: pageOf('needs', []),
    unclear: 0,
    yours: pageOf('yours', []),
    recent: pageOf('recent', []),
    expiring: pageOf('expiring', []),
    outside: pageOf('outside', []),
    health: { looks: [], verified: null, closedRules: [], unreadable: [] },
    ...changes,
  }
}

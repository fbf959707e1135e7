import type { Button, KnownBlock } from '@slack/types'
import type { Stretch } from '../../domain/stretch.ts'
import { line } from '../../words/pieces.ts'
import { count } from '../../words/text.ts'
import { button, context, header } from '../kit/blocks.ts'
import { actions, type HomeList, pageValue } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'

type List<T> = {
  readonly list: HomeList
  readonly title: string
  /** Shown if it is empty. */
  readonly none: string
  readonly shown: Stretch<T>
  readonly draw: (items: readonly T[]) => KnownBlock[]
  /** The labels of the buttons that turn the page back and on. */
  readonly turn?: readonly [string, string]
}

/** One list on App Home, with buttons to turn its pages if it has several. */
export function homeList<T>({ list, title, none, shown, draw, turn = ['Newer', 'Older'] }: List<T>): KnownBlock[] {
  if (shown.total === 0) return [header(title), ...pack([[line(none)]], 1)]
  return [header(title), ...draw(shown.items), ...pages()]

  function pages(): KnownBlock[] {
    const { page, size, total, items } = shown
    if (total <= size) return []
    const before = page * size
    const buttons = [
      ...(page > 0 ? [turning(turn[0], actions.newer, page - 1)] : []),
      ...(before + items.length < total ? [turning(turn[1], actions.older, page + 1)] : []),
    ]
    return [
      context(`${before + 1} to ${before + items.length} of ${count(total, 'entry', 'entries')}`),
      { type: 'actions', elements: buttons },
    ]
  }

  function turning(text: string, action: string, page: number): Button {
    return button({ text, action, value: pageValue({ list, page }), label: `${title}: ${text}` })
  }
}

import type { ActionsBlock, Button, KnownBlock } from '@slack/types'
import { distinct } from '../../domain/look-alikes.ts'
import type { Token } from '../../domain/token/token.ts'
import { line } from '../../words/pieces.ts'
import { oneLine } from '../../words/text.ts'
import { button } from '../kit/blocks.ts'
import { actions, tokenValue } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'

/** The place a choice leads to: the form, or the token's page. */
export type Offers = 'edit' | 'show'

const ways = {
  show: { text: 'Show', action: actions.showToken },
  edit: { text: 'Edit…', action: actions.editThisToken },
} as const

/** Buttons to a token's page and to its form. */
export function waysTo(token: Token, to: readonly Offers[] = ['show', 'edit']): ActionsBlock {
  return { type: 'actions', elements: to.map((way) => wayTo(token, way)) }
}

/** The same for somebody who could not open its form, for the reason `whyNot`. */
export function openWays(token: Token, whyNot: string | null): KnownBlock[] {
  if (whyNot === null) return [waysTo(token)]
  return [...pack([[line(whyNot)]], 1), waysTo(token, ['show'])]
}

export function wayTo(token: Token, way: Offers): Button {
  const name = oneLine(distinct(token.settings.name))
  return button({ ...ways[way], value: tokenValue(token), label: `${ways[way].text.replace('…', '')} ${name}` })
}

import type { ActionsBlock, Button, KnownBlock } from '@slack/types'
import { distinct } from '../../domain/look-alikes.ts'
import type { Token } from '../../domain/token/token.ts'
import { line } from '../../words/pieces.ts'
import { oneLine } from '../../words/text.ts'
import { button } from '../kit/blocks.ts'
import { actions, type Begun, begunValue, tokenValue } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'

/** The place a choice leads to: the form, or the token's page. */
export type Offers = 'edit' | 'show'

const ways = {
  show: { text: 'Show', action: actions.showToken },
  edit: { text: 'Edit…', action: actions.editThisToken },
} as const

/** Buttons to a token's page and to its form, which `begun` has begun to fill in. */
export function waysTo(
  token: Token,
  to: readonly Offers[] = ['show', 'edit'],
  begun: Begun | null = null,
): ActionsBlock {
  return { type: 'actions', elements: to.map((way) => wayTo(token, way, begun)) }
}

/** The same for somebody who could not open its form, for the reason `whyNot`. */
export function openWays(token: Token, whyNot: string | null, begun: Begun | null = null): KnownBlock[] {
  if (whyNot === null) return [waysTo(token, undefined, begun)]
  return [...pack([[line(whyNot)]], 1), waysTo(token, ['show'])]
}

export function wayTo(token: Token, way: Offers, begun: Begun | null = null): Button {
  const name = oneLine(distinct(token.settings.name))
  const value = begun !== null && way === 'edit' ? begunValue(token, begun) : tokenValue(token)
  return button({ ...ways[way], value, label: `${ways[way].text.replace('…', '')} ${name}` })
}

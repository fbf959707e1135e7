import type { ActionsBlock } from '@slack/types'
import { distinct } from '../../domain/look-alikes.ts'
import type { Token } from '../../domain/token/token.ts'
import { oneLine } from '../../words/text.ts'
import { button } from '../kit/blocks.ts'
import { actions, tokenValue } from '../kit/ids.ts'
import type { Offers } from './near.ts'

const ways = {
  show: { text: 'Show', action: actions.showToken },
  edit: { text: 'Edit…', action: actions.editThisToken },
} as const

/** Buttons to a token's page and to its form. */
export function waysTo(token: Token, to: readonly Offers[] = ['show', 'edit']): ActionsBlock {
  const name = oneLine(distinct(token.settings.name))
  const value = tokenValue(token)
  const elements = to.map((way) => button({ ...ways[way], value, label: `${ways[way].text.replace('…', '')} ${name}` }))
  return { type: 'actions', elements }
}

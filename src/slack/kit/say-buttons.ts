import type { ActionsBlock, Button } from '@slack/types'
import { button, limits } from './blocks.ts'
import { sayActions } from './ids.ts'

/** A line that works after `/token`, and the label of the button that stands for it. */
export type Offer = { readonly line: string; readonly label: string }

/** Rows of buttons that are read at a glance. */
const mostRows = 3
export const mostSayButtons = mostRows * sayActions.length

/** A button for each line, in rows, for no more than that. Those that are too long for a button have to be typed. */
export function sayButtons(offers: readonly Offer[]): ActionsBlock[] {
  const fit = offers.filter(fitsButton).slice(0, mostSayButtons)
  return Array.from({ length: Math.ceil(fit.length / sayActions.length) }, (_, row) => {
    const inRow = fit.slice(row * sayActions.length, (row + 1) * sayActions.length)
    return { type: 'actions', elements: inRow.map(sayButton) }
  })
}

/** `place`: its position in the row. */
export function sayButton({ line, label }: Offer, place = 0): Button {
  return button({ text: label, action: sayActions[place]!, value: line, label: `${label}: /token ${line}` })
}

export function fitsButton({ line }: Offer): boolean {
  return line.length <= limits.buttonValue
}

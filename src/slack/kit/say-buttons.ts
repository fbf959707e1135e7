import type { ActionsBlock, Button } from '@slack/types'
import { button, limits } from './blocks.ts'
import { sayActions } from './ids.ts'

/** A line that works after `/token`, and the label of the button that stands for it. */
export type Offer = { readonly line: string; readonly label: string }

/** A button for each line. Those that are too long for a button have to be typed. */
export function sayButtons(offers: readonly Offer[]): ActionsBlock[] {
  const elements = offers.filter(fitsButton).slice(0, sayActions.length).map(sayButton)
  return elements.length === 0 ? [] : [{ type: 'actions', elements }]
}

/** `place`: its position in the row. */
export function sayButton({ line, label }: Offer, place = 0): Button {
  return button({ text: label, action: sayActions[place]!, value: line, label: `${label}: /token ${line}` })
}

export function fitsButton({ line }: Offer): boolean {
  return line.length <= limits.buttonValue
}

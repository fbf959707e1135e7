import { html } from './html.js'
import { Text } from './text.js'

/** A notice inside a modal. Screen readers read it when it appears. */
export function Alert({ block }) {
  const level = block.level ?? 'default'
  return html`<div class=${`alert ${level}`} role=${level === 'error' ? 'alert' : 'status'}><${Text} object=${block.text} /></div>`
}

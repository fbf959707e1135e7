import { withEmoji } from './emoji.js'
import { html } from './html.js'
import { Mrkdwn } from './mrkdwn.js'

/** A text object: plain text as it is, or Slack's markup. */
export function Text({ object }) {
  if (!object) return null
  return object.type === 'mrkdwn' ? html`<${Mrkdwn} text=${object.text} />` : html`${plain(object)}`
}

/** Only the words of a text object, for a button or a label. */
export function plain(object) {
  if (!object) return ''
  return object.type === 'plain_text' && object.emoji !== false ? withEmoji(object.text) : object.text
}

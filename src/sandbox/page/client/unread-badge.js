import { html } from './html.js'

/** How many messages wait, unless none do. */
export function Unread({ count }) {
  return count > 0 && html`<span class="badge">${count}<span class="unseen"> unread</span></span>`
}

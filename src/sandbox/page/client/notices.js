import { useContext } from 'preact/hooks'
import { Acting } from './acting.js'
import { html } from './html.js'

/** Slack's own messages to the person, and this page's when something could not be done. */
export function Notices({ told, onForget }) {
  const { sight, act } = useContext(Acting)
  const note = (text, from, onClose) => html`<div class="notice" key=${`${from}${text}`} role="alert">
    <p><b>${from}</b> ${text}</p>
    <button class="quiet close" aria-label="Dismiss" onClick=${onClose}>×</button>
  </div>`

  return html`<div class="notices">
    ${[...new Set(sight.notices)].map((text) => note(text, 'Slack:', () => act({ do: 'dismiss notices' })))}
    ${told.map((text) => note(text, 'This page:', onForget))}
  </div>`
}

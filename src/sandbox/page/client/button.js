import { useContext, useState } from 'preact/hooks'
import { useConfirm } from './confirm.js'
import { html } from './html.js'
import { Surface } from './surface.js'
import { plain } from './text.js'

export function Button({ block, element }) {
  const surface = useContext(Surface)
  const [waiting, setWaiting] = useState(false)
  const [dialog, confirmed] = useConfirm()
  const text = plain(element.text)

  async function press() {
    if (waiting || !(await confirmed(element.confirm))) return
    if (element.url) window.open(element.url, '_blank', 'noreferrer,noopener')
    setWaiting(true)
    await surface.press(block, element, element.value)
    setWaiting(false)
  }

  return html`<button
      type="button"
      class=${`button ${element.style ?? ''}`}
      aria-label=${element.accessibility_label}
      aria-busy=${waiting}
      onClick=${press}
    >
      ${waiting && html`<span class="spinner" aria-hidden="true"></span>`}${text}
    </button>
    ${dialog}`
}

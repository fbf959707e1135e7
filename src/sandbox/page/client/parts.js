import { useRef } from 'preact/hooks'
import { html } from './html.js'
import { Unread } from './unread-badge.js'

/** On a narrow window one part of the page is shown at a time; these choose it. `parts` are `{ name, label, count? }`. */
export function PartTabs({ parts, chosen, onChoose }) {
  const list = useRef(null)
  const at = parts.findIndex(({ name }) => name === chosen)

  function onKeyDown(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const next = (at + step + parts.length) % parts.length
    onChoose(parts[next].name)
    list.current.children[next].focus()
  }

  return html`<div class="part-tabs" role="tablist" aria-label="Parts of the page" ref=${list} onKeyDown=${onKeyDown}>
    ${parts.map(
      ({ name, label, count = 0 }) => html`<button
        key=${name}
        role="tab"
        id=${`part-tab-${name}`}
        aria-selected=${name === chosen}
        aria-controls=${`part-${name}`}
        tabindex=${name === chosen ? 0 : -1}
        onClick=${() => onChoose(name)}
      >${label}${' '}<${Unread} count=${count} /></button>`,
    )}
  </div>`
}

/** A part of the page: a tab's own on a narrow window, else one beside the others. */
export function Part({ name, chosen, narrow, children }) {
  return html`<div
    class="part"
    id=${`part-${name}`}
    role=${narrow ? 'tabpanel' : undefined}
    aria-labelledby=${narrow ? `part-tab-${name}` : undefined}
    hidden=${narrow && name !== chosen}
  >${children}</div>`
}

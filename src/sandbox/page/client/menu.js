import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { html } from './html.js'

/** A button that opens a menu of `{ name, detail?, run }`: below it, or above where that shows more. */
export function Menu({ label, look, items, busy = false, upwards = false, children }) {
  const [open, setOpen] = useState(false)
  const box = useRef(null)
  const isCutOff = useCutOff(box, open)
  useEffect(() => {
    if (!open) return
    box.current.querySelector('[role=menuitem]')?.focus({ preventScroll: true })
    const away = (event) => box.current?.contains(event.target) || setOpen(false)
    document.addEventListener('pointerdown', away)
    return () => document.removeEventListener('pointerdown', away)
  }, [open])

  function onKeyDown(event) {
    const all = [...box.current.querySelectorAll('[role=menuitem]')]
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (open && event.key === 'Escape') leave(event)
    if (!open || !step) return
    event.preventDefault()
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus()
  }

  function leave(event) {
    event.preventDefault()
    setOpen(false)
    box.current.querySelector('button').focus()
  }

  return html`<span class="menu-anchor" ref=${box} onKeyDown=${onKeyDown}>
    <button
      type="button"
      class=${look}
      aria-label=${label}
      title=${label}
      aria-haspopup="menu"
      aria-expanded=${open}
      aria-busy=${busy}
      onClick=${() => setOpen(!open)}
    >${children}</button>
    ${open && html`<div class=${upwards || isCutOff ? 'menu upwards' : 'menu'} role="menu" aria-label=${label}>${items.map((item) => html`<${Item} item=${item} onDone=${() => setOpen(false)} />`)}</div>`}
  </span>`
}

/** True if the menu does not fit below its button in the part of the page that scrolls, but above it. */
function useCutOff(box, open) {
  const [isCutOff, setCutOff] = useState(false)
  useLayoutEffect(() => {
    if (!open) return setCutOff(false)
    const menu = box.current.querySelector('[role=menu]').getBoundingClientRect()
    const frame = (box.current.closest('.messages, .app-tab, .modal-body') ?? document.body).getBoundingClientRect()
    const above = box.current.getBoundingClientRect().top - frame.top
    setCutOff(menu.bottom > frame.bottom && above > menu.height)
  }, [open])
  return isCutOff
}

function Item({ item, onDone }) {
  const run = () => {
    onDone()
    item.run()
  }
  return html`<button type="button" role="menuitem" aria-label=${item.name} onClick=${run}>
    <span>${item.name}</span>${item.detail && html`<small>${item.detail}</small>`}
  </button>`
}

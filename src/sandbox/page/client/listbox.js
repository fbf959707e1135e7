import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { html } from './html.js'

const most = 280

/** The options of a combobox. It floats over everything, since a modal's body would cut it off. */
export function Listbox({ id, anchor, groups, note, active, chosen, many, onPick }) {
  const list = useRef(null)
  const place = useFloating(anchor)
  useLayoutEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [active])
  let index = -1
  const option = (one) => {
    index += 1
    return html`<li
      key=${one.value}
      id=${`${id}-${index}`}
      role="option"
      aria-selected=${chosen.includes(one.value)}
      class=${index === active ? 'active' : ''}
      onClick=${() => onPick(one)}
    ><span>${one.name}${one.detail && html`<small>${one.detail}</small>`}</span></li>`
  }

  return html`<ul
    id=${`${id}-list`}
    class="listbox"
    role="listbox"
    aria-multiselectable=${many || undefined}
    ref=${list}
    style=${place}
    onMouseDown=${(event) => event.preventDefault()}
  >
    ${groups.every(({ options }) => options.length === 0) && html`<li class="note">${note}</li>`}
    ${groups.map(({ label, options }) => html`${label && html`<li class="group" role="presentation">${label}</li>`}${options.map(option)}`)}
  </ul>`
}

function useFloating(anchor) {
  const [place, setPlace] = useState({ visibility: 'hidden' })
  useLayoutEffect(() => {
    const put = () => setPlace(under(anchor.current.closest('.combobox').getBoundingClientRect()))
    put()
    window.addEventListener('scroll', put, true)
    window.addEventListener('resize', put)
    return () => {
      window.removeEventListener('scroll', put, true)
      window.removeEventListener('resize', put)
    }
  }, [])
  return place
}

/** Below the field, or above it if there is more room. */
function under({ left, top, bottom, width }) {
  const room = window.innerHeight - bottom - 12
  const upwards = room < 160 && top > room
  const maxHeight = `${Math.min(most, upwards ? top - 12 : room)}px`
  const vertical = upwards ? { bottom: `${window.innerHeight - top + 4}px` } : { top: `${bottom + 4}px` }
  return { left: `${left}px`, width: `${width}px`, maxHeight, ...vertical }
}

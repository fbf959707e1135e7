import { useId, useRef, useState } from 'preact/hooks'
import { html } from './html.js'
import { Listbox } from './listbox.js'
import { useOffered } from './offered.js'
import { plain } from './text.js'

/**
 * A text field that opens a list of options. `chosen` are `{ value, name }`; `onChoose` gets those that are chosen from
 * now on.
 */
export function Combobox({ block, element, id, notes, wrong, required, label, many, chosen, clearable, onChoose }) {
  const ownId = useId()
  const field = useRef(null)
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const { groups, note } = useOffered(block, element, open, typed)
  const options = groups.flatMap((group) => group.options)
  const values = chosen.map(({ value }) => value)
  const placeholder = plain(element.placeholder) || 'Choose an option'

  function show() {
    setOpen(true)
    setActive(0)
  }

  function hide() {
    setOpen(false)
    setTyped('')
  }

  function onFrame(event) {
    if (event.target !== event.currentTarget) return
    field.current.focus()
    show()
  }

  function onInput(event) {
    show()
    setTyped(event.target.value)
  }

  const without = (value) => chosen.filter((one) => one.value !== value)

  function pick({ value, name }) {
    setTyped('')
    if (!many) setOpen(false)
    if (!many) return onChoose([{ value, name }])
    onChoose(values.includes(value) ? without(value) : [...chosen, { value, name }])
  }

  function onKeyDown(event) {
    if (event.key === 'Backspace' && many && typed === '' && chosen.length > 0) return onChoose(chosen.slice(0, -1))
    if (event.key === 'Escape' && !open) return
    const run = keys[event.key]
    if (!run) return
    event.preventDefault()
    run()
  }

  const move = (step) => (open ? setActive((active + step + options.length) % Math.max(options.length, 1)) : show())
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => (open && options[active] ? pick(options[active]) : show()),
    Escape: hide,
  }

  return html`<div class=${`combobox ${many ? 'many' : ''} ${chosen.length > 0 ? 'filled' : ''}`} onClick=${onFrame}>
    ${many && chosen.map((one) => html`<${Chip} key=${one.value} name=${one.name} onRemove=${() => onChoose(without(one.value))} />`)}
    <input
      ref=${field}
      id=${id}
      role="combobox"
      autocomplete="off"
      aria-expanded=${open}
      aria-controls=${`${ownId}-list`}
      aria-autocomplete="list"
      aria-activedescendant=${open && options[active] ? `${ownId}-${active}` : undefined}
      aria-describedby=${notes}
      aria-invalid=${wrong || undefined}
      aria-required=${required || undefined}
      aria-label=${id ? undefined : label || placeholder}
      data-focus=${element.focus_on_load || undefined}
      placeholder=${many ? (chosen.length > 0 ? '' : placeholder) : (chosen[0]?.name ?? placeholder)}
      value=${open || many ? typed : (chosen[0]?.name ?? '')}
      onClick=${() => !open && show()}
      onInput=${onInput}
      onBlur=${hide}
      onKeyDown=${onKeyDown}
    />
    ${clearable && !many && chosen.length > 0 && html`<button type="button" class="quiet clear" aria-label="Clear" onClick=${() => onChoose([])}>×</button>`}
    <span class="caret" aria-hidden="true">▾</span>
    ${open && html`<${Listbox} id=${ownId} anchor=${field} groups=${groups} note=${note} active=${active} chosen=${values} many=${many} onPick=${pick} />`}
  </div>`
}

function Chip({ name, onRemove }) {
  return html`<span class="chip">${name}<button type="button" class="quiet" aria-label=${`Remove ${name}`} onClick=${onRemove}>×</button></span>`
}

import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import { html } from './html.js'
import { Surface } from './surface.js'
import { plain } from './text.js'

/**
 * A text field. Text being typed stays here until the person moves on or submits, so neither a redraw of the page nor
 * an update by the app can take it away in the middle of a word.
 */
export function TextInput({ block, element, id, notes, wrong, required, label }) {
  const surface = useContext(Surface)
  const stored = surface.values[block.block_id]?.[element.action_id]?.value ?? ''
  const [typed, setTyped] = useState(null)
  const field = useRef(null)
  const key = `${block.block_id} ${element.action_id}`

  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(null)
  }, [stored])

  function onInput({ target: { value } }) {
    setTyped(value)
    surface.unsaved.set(key, () => surface.choose(block, element, value))
  }

  function handIn() {
    const save = surface.unsaved.get(key)
    surface.unsaved.delete(key)
    return save?.()
  }

  function onKeyDown(event) {
    const enter = event.key === 'Enter' && !event.isComposing
    if (!enter || (element.multiline && !event.ctrlKey && !event.metaKey)) return
    event.preventDefault()
    if (element.dispatch_action_config?.trigger_actions_on?.includes('on_enter_pressed') || block.dispatch_action)
      handIn()
    else event.target.form?.requestSubmit()
  }

  const props = {
    ref: field,
    id,
    value: typed ?? stored,
    placeholder: plain(element.placeholder),
    'aria-describedby': notes,
    'aria-invalid': wrong || undefined,
    'aria-required': required || undefined,
    'aria-label': id ? undefined : label,
    'data-focus': element.focus_on_load || undefined,
    maxlength: element.max_length,
    onInput,
    onBlur: handIn,
    onKeyDown,
  }
  return element.multiline
    ? html`<textarea rows="3" ...${props}></textarea>`
    : html`<input type="text" inputmode=${inputModes[element.type]} autocomplete="off" ...${props} />`
}

const inputModes = { number_input: 'decimal', email_text_input: 'email', url_text_input: 'url' }

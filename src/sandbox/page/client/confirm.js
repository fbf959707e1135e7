import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { html } from './html.js'
import { Text } from './text.js'

/**
 * `[dialog, confirmed]`: `confirmed(object)` asks first if the element has a confirm object, and resolves to the
 * answer.
 */
export function useConfirm() {
  const [asked, setAsked] = useState(null)
  const ask = (object, resolve) => {
    const answer = (yes) => {
      setAsked(null)
      resolve(yes)
    }
    setAsked({ object, answer })
  }
  const confirmed = (object) => (object ? new Promise((resolve) => ask(object, resolve)) : true)
  const dialog = asked && html`<${Confirm} ...${asked} />`
  return [dialog, confirmed]
}

function Confirm({ object, answer }) {
  const id = useId()
  const box = useRef(null)
  useEffect(() => {
    const before = document.activeElement
    box.current.showModal()
    return () => before?.focus()
  }, [])

  return html`<dialog class="confirm" ref=${box} aria-labelledby=${id} onCancel=${() => answer(false)} onKeyDown=${(event) => event.stopPropagation()}>
    <h2 id=${id}>${object.title.text}</h2>
    <div class="text"><${Text} object=${object.text} /></div>
    <footer>
      <button type="button" class="button" onClick=${() => answer(false)}>${object.deny.text}</button>
      <button type="button" class=${`button ${object.style ?? 'primary'}`} onClick=${() => answer(true)}>${object.confirm.text}</button>
    </footer>
  </dialog>`
}

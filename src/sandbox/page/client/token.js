import { useEffect, useRef, useState } from 'preact/hooks'
import { EditByHand } from './edit-by-hand.js'
import { html } from './html.js'
import { tokenInWords } from './token-words.js'

/** One token as the stack has it now. A value that changes lights up for a moment. */
export function Token({ token, behaviour, ask }) {
  const [editing, setEditing] = useState(false)
  return html`<article class="token" aria-label=${`Token ${token.name}`} data-testid=${`token-${token.uid}`}>
    <header>
      <h3><${Value} text=${token.name} /></h3>
      <button class="quiet edit" aria-expanded=${editing} onClick=${() => setEditing(!editing)}>Edit by hand</button>
    </header>
    ${editing && html`<${EditByHand} token=${token} ask=${ask} onDone=${() => setEditing(false)} />`}
    <dl>
      ${tokenInWords(token, behaviour).map(
        ({ label, value }) => html`<div key=${label}><dt>${label}</dt><dd><${Value} text=${value} /></dd></div>`,
      )}
    </dl>
    <${AsJson} token=${token} />
  </article>`
}

function AsJson({ token }) {
  const [open, setOpen] = useState(false)
  return html`<details onToggle=${(event) => setOpen(event.target.open)}>
    <summary>As JSON</summary>
    ${open && html`<pre>${JSON.stringify(token, null, 2)}</pre>`}
  </details>`
}

function Value({ text }) {
  const before = useRef(text)
  const [changes, setChanges] = useState(0)
  useEffect(() => {
    if (before.current !== text) setChanges((count) => count + 1)
    before.current = text
  }, [text])
  return html`<span key=${changes} class=${changes > 0 ? 'value changed' : 'value'}>${text}</span>`
}

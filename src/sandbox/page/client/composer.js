import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import { Acting } from './acting.js'
import { useCommandList } from './command-list.js'
import { html } from './html.js'
import { Menu } from './menu.js'

/** The field for messages and slash commands, with the app's shortcuts beside it. */
export function Composer({ conversation, draft, onDraft }) {
  const { sight, act, tell } = useContext(Acting)
  const field = useRef(null)
  const [waiting, setWaiting] = useState(0)
  const { id: channel, name } = conversation
  const list = useCommandList(sight.app.commands, draft, take)
  const shortcuts = sight.app.shortcuts.map((one) => ({
    name: one.name,
    detail: one.description,
    run: () => during(act({ do: 'shortcut', callbackId: one.callbackId })),
  }))
  // A draft put here by the page, by the first steps for example, only waits for Enter.
  useEffect(() => void (draft !== '' && field.current.focus()), [draft])

  function take(command) {
    onDraft(`${command} `)
    field.current.focus()
  }

  async function during(work) {
    setWaiting((count) => count + 1)
    const { ok } = await work
    setWaiting((count) => count - 1)
    return ok
  }

  async function send() {
    const text = draft.trim()
    if (text === '') return
    const command = text.startsWith('/')
    if (command && !sight.app.commands.some((one) => one.command === text.split(/\s/)[0]))
      return tell(`${text.split(/\s/)[0]} is not a valid command. Type / to see which there are.`)
    onDraft('')
    const ok = await during(act(command ? { do: 'command', text, channel } : { do: 'say', text, channel }))
    if (!ok) onDraft(text)
  }

  function onKeyDown(event) {
    if (list.onKeyDown(event)) return
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    send()
  }

  return html`<div class="composer">
    ${list.node}
    <div class="composer-box">
      <${Menu} label="Shortcuts" look="quiet lightning" upwards items=${shortcuts}><${Lightning} /><//>
      <textarea
        ref=${field}
        rows="1"
        aria-label=${`Message to #${name}`}
        placeholder=${`Message #${name}, or type / for commands`}
        value=${draft}
        ...${list.aria}
        onInput=${(event) => onDraft(event.target.value)}
        onKeyDown=${onKeyDown}
      ></textarea>
      ${waiting > 0 && html`<span class="spinner dark" role="status" aria-label="Waiting for the app"></span>`}
      <button type="button" class="quiet send" aria-label="Send" title="Send" disabled=${draft.trim() === ''} onClick=${send}><${Plane} /></button>
    </div>
  </div>`
}

function Lightning() {
  return html`<svg viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" aria-hidden="true">
    <path d="M13 2L4 14h7l-1 8 9-12h-7z" />
  </svg>`
}

function Plane() {
  return html`<svg viewBox="0 0 24 24" width="18" height="18" fill="currentColor" aria-hidden="true"><path d="M3 20l18-8L3 4v6l10 2-10 2z" /></svg>`
}

import { useContext, useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
import { Acting } from './acting.js'
import { Blocks } from './blocks.js'
import { html } from './html.js'
import { modalSurface } from './modal-surface.js'
import { Surface } from './surface.js'
import { plain } from './text.js'

/** The modal in front; `below` are those it covers. */
export function Modal({ modal, below }) {
  const { act } = useContext(Acting)
  const [sending, setSending] = useState(false)
  const id = useId()
  const box = useRef(null)
  const { view } = modal
  const pending = useRef({ queue: Promise.resolve(true), unsaved: new Map() }).current
  const surface = useMemo(() => modalSurface(modal, pending, act), [modal, act])
  const busy = sending || modal.busy
  useFocus(box, modal.hash)
  useFirstError(box, modal.errors, busy)
  useEscape(close)
  useEffect(() => () => void surface.handIn(), [])

  async function submit(event) {
    event.preventDefault()
    if (busy) return
    setSending(true)
    await surface.submit()
    setSending(false)
  }

  function close() {
    return act({ do: 'close', modal: modal.id })
  }

  async function closeAll() {
    for (const one of [modal, ...[...below].reverse()]) await act({ do: 'close', modal: one.id })
  }

  return html`<div class="veil">
    <section class="modal" role="dialog" aria-labelledby=${id} tabindex="-1" ref=${box}>
      <header>
        ${below.length > 0 && html`<button type="button" class="quiet" title="Back to the previous form" aria-label="Back to the previous form" onClick=${close}>←</button>`}
        <h2 id=${id}>${plain(view.title)}</h2>
        <button type="button" class="quiet" title="Close" aria-label=${below.length > 0 ? 'Close all' : 'Close the form'} onClick=${closeAll}>×</button>
      </header>
      <form novalidate onSubmit=${submit}>
        <div class="modal-body" role="group" aria-labelledby=${id} tabindex="0">
          <${Surface.Provider} value=${surface}><${Blocks} blocks=${view.blocks} /><//>
        </div>
        <footer>
          <button type="button" class="button" onClick=${close}>${view.close ? plain(view.close) : below.length > 0 ? 'Back' : 'Close'}</button>
          ${
            view.submit &&
            html`<button type="submit" class="button primary" aria-busy=${busy} disabled=${busy}>
              ${busy && html`<span class="spinner" aria-hidden="true"></span>`}${plain(view.submit)}
            </button>`
          }
        </footer>
      </form>
    </section>
  </div>`
}

/**
 * Focuses the element that asks for it, otherwise the first field. If a redraw took the focused element away, the first
 * field that came with it.
 */
function useFocus(box, hash) {
  const known = useRef(null)
  useEffect(() => {
    const before = known.current
    const fields = [...box.current.querySelectorAll('[data-block] :is(input, textarea)')]
    known.current = new Set(fields.map(blockOf))
    const focused = document.activeElement
    if (focused !== document.body && focused !== box.current && box.current.contains(focused)) return
    const added = before && fields.find((field) => !before.has(blockOf(field)))
    if (added) added.focus()
    else (box.current.querySelector('[data-focus]') ?? fields[0] ?? box.current).focus({ preventScroll: true })
  }, [hash])
}

const blockOf = (field) => field.closest('[data-block]').dataset.block

/** An error may be out of view: the person is taken to the first one. */
function useFirstError(box, errors, busy) {
  const wrong = Object.keys(errors).length > 0
  useEffect(() => {
    const first = wrong && !busy && box.current.querySelector('.wrong')
    if (!first) return
    first.scrollIntoView({ block: 'center' })
    first.querySelector('input, textarea')?.focus({ preventScroll: true })
  }, [wrong, busy])
}

/** Open menus and lists take Escape for themselves, and say so by preventing its default. */
function useEscape(close) {
  useEffect(() => {
    const onKeyDown = (event) => event.key === 'Escape' && !event.defaultPrevented && close()
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [close])
}

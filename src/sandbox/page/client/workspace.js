import { useContext, useEffect, useRef } from 'preact/hooks'
import { Acting } from './acting.js'
import { AppPane } from './app-pane.js'
import { Composer } from './composer.js'
import { Conversation } from './conversation.js'
import { html } from './html.js'
import { Modal } from './modal.js'
import { Notices } from './notices.js'
import { Sidebar } from './sidebar.js'

/** The emulated Slack, as one person sees it. A modal covers all of it, but not the stack beside it. */
export function Workspace({ place, at, unread, told, connections, draft, onDraft, onPlace, onForget }) {
  const { sight } = useContext(Acting)
  const ground = useRef(null)
  const depth = sight.modals.length
  const modal = sight.modals.at(-1)
  const conversation = sight.conversations.find(({ id }) => id === place)
  useFocusAfterModal(ground, depth > 0)

  return html`<section class="workspace" aria-label="Slack (emulated)">
    <${Notices} told=${told} onForget=${onForget} />
    <div class="stage">
      <div class="ground" ref=${ground} inert=${depth > 0}>
        <${Sidebar} place=${place} unread=${unread} connections=${connections} onPlace=${onPlace} />
        <div class="pane">
          ${
            conversation
              ? html`<${Conversation} key=${place} conversation=${conversation} at=${at} />
                <${Composer} key=${`${place}-composer`} conversation=${conversation} draft=${draft} onDraft=${onDraft} />`
              : html`<${AppPane} tab=${place} onTab=${onPlace} />`
          }
        </div>
      </div>
      ${modal && html`<${Modal} key=${modal.id} modal=${modal} below=${sight.modals.slice(0, -1)} />`}
    </div>
  </section>`
}

function useFocusAfterModal(ground, open) {
  const was = useRef(open)
  useEffect(() => {
    if (was.current && !open) ground.current.querySelector('.composer textarea')?.focus()
    was.current = open
  }, [open])
}

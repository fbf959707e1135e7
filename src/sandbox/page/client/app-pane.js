import { useContext, useEffect } from 'preact/hooks'
import { Acting } from './acting.js'
import { Conversation } from './conversation.js'
import { Home } from './home.js'
import { html } from './html.js'

/** The app's own place: its Home and its direct messages, as two tabs. */
export function AppPane({ tab, onTab }) {
  const { sight, act } = useContext(Acting)
  const direct = sight.conversations.find(({ kind }) => kind === 'dm')
  useEffect(() => {
    if (tab === 'home') act({ do: 'open home' })
  }, [tab])
  const tabButton = (name, label) => html`<button
    role="tab"
    id=${`tab-${name}`}
    aria-selected=${tab === name}
    aria-controls="app-tab"
    onClick=${() => onTab(name)}
  >${label}</button>`

  return html`<header class="pane-title">
      <h2>${sight.app.name} <span class="app-badge">APP</span></h2>
      <div class="tabs" role="tablist" aria-label=${sight.app.name}>${tabButton('home', 'Home')}${tabButton('messages', 'Messages')}</div>
    </header>
    <div class="app-tab" id="app-tab" role="tabpanel" tabindex="0" aria-labelledby=${`tab-${tab}`}>
      ${tab === 'home' ? html`<${Home} home=${sight.home} />` : html`<${Messages} direct=${direct} />`}
    </div>`
}

function Messages({ direct }) {
  return html`${
    direct && direct.messages.length > 0
      ? html`<${Conversation} conversation=${direct} untitled />`
      : html`<p class="nothing">No messages yet. What the app tells only you arrives here.</p>`
  }
  <p class="composer-off">Sending messages to this app has been turned off.</p>`
}

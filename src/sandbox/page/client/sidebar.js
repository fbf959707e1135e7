import { useContext } from 'preact/hooks'
import { Acting } from './acting.js'
import { html } from './html.js'
import { Unread } from './unread-badge.js'

export function Sidebar({ place, unread, connections, onPlace }) {
  const { sight } = useContext(Acting)
  const person = sight.person.id
  const channels = sight.conversations.filter(({ kind }) => kind === 'channel')
  const direct = sight.conversations.find(({ kind }) => kind === 'dm')
  const entry = (to, sign, name, count) =>
    html`<${Entry} key=${to} sign=${sign} name=${name} count=${count} current=${place === to} onGo=${() => onPlace(to)} />`

  return html`<nav class="sidebar" aria-label="Conversations">
    <h1>Slack <span class="emulated">emulated</span></h1>
    <h2>Channels</h2>
    ${channels.map(({ id, name }) => entry(id, '#', name, unread(person, id)))}
    <h2>Direct messages</h2>
    ${entry('messages', '●', sight.app.name, direct ? unread(person, direct.id) : 0)}
    <h2>Apps</h2>
    ${entry('home', '⌂', `${sight.app.name} Home`, 0)}
    <p class="connection" role="status">${connectionText(sight.app.name, connections)}</p>
  </nav>`
}

function Entry({ sign, name, count, current, onGo }) {
  return html`<button
    class=${count > 0 ? 'entry unread' : 'entry'}
    aria-current=${current ? 'page' : undefined}
    onClick=${onGo}
  >
    <span class="entry-sign" aria-hidden="true">${sign}</span>
    <span class="entry-name">${name}</span>
    <${Unread} count=${count} />
  </button>`
}

function connectionText(app, connections) {
  if (connections === 0) return `${app} is not connected`
  return `${app} is connected${connections > 1 ? ` (${connections} sockets)` : ''}`
}

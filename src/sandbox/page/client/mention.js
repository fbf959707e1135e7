import { useContext } from 'preact/hooks'
import { Acting } from './acting.js'
import { html } from './html.js'

export function UserMention({ id }) {
  const { sight } = useContext(Acting)
  const person = sight.people.find((one) => one.id === id)
  const name = id === sight.app.botUserId ? sight.app.name : (person?.realName ?? id)
  return html`<span class=${id === sight.person.id ? 'mention me' : 'mention'}>@${name}</span>`
}

export function ChannelMention({ id, name }) {
  const { sight } = useContext(Acting)
  const channel = sight.conversations.find((one) => one.id === id)
  return html`<span class="mention">#${channel?.name ?? (name || 'private channel')}</span>`
}

export function UserGroupMention({ id }) {
  const { sight } = useContext(Acting)
  const group = sight.userGroups.find((one) => one.id === id)
  return html`<${BroadcastMention} name=${group?.handle ?? id} />`
}

/** @channel, @here, @everyone or a user group: it would notify many people at once. */
export function BroadcastMention({ name }) {
  return html`<span class="mention broadcast">@${name}</span>`
}

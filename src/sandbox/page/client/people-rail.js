import { Avatar } from './avatar.js'
import { html } from './html.js'

/** The people that the visitor can act as, each with the number of messages waiting. */
export function PeopleRail({ state, chosen, unread, onChoose }) {
  const people = new Map(state.sight.people.map((person) => [person.id, person]))
  return html`<nav class="rail" aria-label="Act as">
    <p class="rail-title">Act as</p>
    ${state.cast.map(({ id, role }) => {
      const name = people.get(id)?.realName ?? id
      const count = id === chosen ? 0 : unread(id)
      return html`<button
        key=${id}
        class="person"
        aria-pressed=${id === chosen}
        aria-label=${`Act as ${name}${count > 0 ? `, ${count} unread` : ''}`}
        onClick=${() => onChoose(id)}
      >
        <span class="person-face"><${Avatar} id=${id} name=${name} large />${count > 0 && html`<span class="badge">${count}</span>`}</span>
        <span class="person-name">${name.split(' ')[0]}</span>
        <span class="person-role">${role}</span>
      </button>`
    })}
  </nav>`
}

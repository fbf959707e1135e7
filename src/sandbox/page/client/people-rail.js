import { Avatar } from './avatar.js'
import { html } from './html.js'
import { Unread } from './unread-badge.js'

/** The people that the visitor can act as, each with the number of messages waiting; `next` has the next step. */
export function PeopleRail({ state, chosen, next, unread, onChoose }) {
  const people = new Map(state.sight.people.map((person) => [person.id, person]))
  return html`<nav class="rail" aria-label="Act as">
    <p class="rail-title">Act as</p>
    ${state.cast.map(({ id, role }) => {
      const name = people.get(id)?.realName ?? id
      const [first, ...rest] = name.split(' ')
      const count = id === chosen ? 0 : unread(id)
      return html`<button
        key=${id}
        class="person"
        aria-pressed=${id === chosen}
        onClick=${() => onChoose(id)}
      >
        <${Avatar} id=${id} name=${name} large />
        <span class="person-name"><span class="unseen">Act as </span>${first}<span class="unseen"> ${rest.join(' ')},</span></span>
        <span class="person-role">${role}</span>
        <${Unread} count=${count} />
        ${id === next && id !== chosen && html`<span class="person-next">next</span>`}
      </button>`
    })}
  </nav>`
}

import { html } from './html.js'

const colours = ['#2f6f9f', '#22795a', '#a85a1f', '#9b3f6b', '#5b57a6', '#6c7a1f']

/** Initials on a colour that is always the same for one id. */
export function Avatar({ id, name, large = false }) {
  const colour = colours[[...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % colours.length]
  return html`<span class=${large ? 'avatar large' : 'avatar'} style=${{ background: colour }} aria-hidden="true">
    ${initials(name)}
  </span>`
}

export function AppAvatar() {
  return html`<span class="avatar app-avatar" aria-hidden="true">
    <svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2">
      <path d="M4 13l4 4 8-10M13 17l1 0 7-9" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  </span>`
}

/** Taken from the name alone: the text in parentheses after it says who somebody is. */
function initials(name) {
  const words = name.replace(/\s*\(.*/, '').split(/\s+/)
  return words.length > 1 ? words[0][0] + words.at(-1)[0] : words[0].slice(0, 1).toUpperCase()
}

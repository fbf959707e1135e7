import { useContext } from 'preact/hooks'
import { Acting } from './acting.js'
import { html } from './html.js'

const permalink = /\/archives\/(C\w+)\/p(\d{10})(\d{6})/

/** A link to the outside, or to a message of this workspace. Any other address is shown only as text. */
export function Link({ url, children }) {
  const { sight, visit } = useContext(Acting)
  const [, channel, seconds, fraction] = permalink.exec(url) ?? []
  if (channel && sight.conversations.some(({ id }) => id === channel)) {
    const show = (event) => {
      event.preventDefault()
      visit({ to: channel, at: `${seconds}.${fraction}` })
    }
    return html`<a href=${url} onClick=${show}>${children}</a>`
  }
  return /^(https?|mailto|slack):/i.test(url)
    ? html`<a href=${url} target="_blank" rel="noreferrer noopener">${children}</a>`
    : html`<span>${children}</span>`
}

import { html } from './html.js'
import { useRemembered } from './remembered.js'

/** What to try first. Each step can be taken from here, and all of it can be put away for good. */
export function Hint({ conversations, onGo }) {
  const [closed, setClosed] = useRemembered('hint-closed', false)
  const idOf = (name) => conversations.find((one) => one.name === name)?.id
  if (closed) return null
  const command = '/token edit ci-deploy'
  return html`<aside class="hint" aria-label="First steps">
    <ol>
      <li>
        As <b>Alice</b>, send
        <button class="try" onClick=${() => onGo({ who: 'U0ALICE', to: idOf('general'), draft: command })}>${command}</button>
        and change something.
      </li>
      <li>Preview it, then <b>send it for approval</b>.</li>
      <li>
        As <b>Bob</b>, press Approve in
        <button class="try" onClick=${() => onGo({ who: 'U0BOB', to: idOf('token-approvals') })}>#token-approvals</button>.
        Watch the token change on the right.
      </li>
    </ol>
    <button class="quiet close" aria-label="Put the first steps away" onClick=${() => setClosed(true)}>×</button>
  </aside>`
}

import { html } from './html.js'
import { useRemembered } from './remembered.js'

/** First steps to try. Each can be taken from here, and all of them can be put away for good. */
export function Hint({ conversations, onGo }) {
  const [closed, setClosed] = useRemembered('hint-closed', false)
  const idOf = (name) => conversations.find((one) => one.name === name)?.id
  if (closed) return null
  const command = '/token edit ci-deploy'
  return html`<aside class="hint" aria-label="First steps">
    <ol>
      <li>
        As Alice, send${' '}
        <button class="try" onClick=${() => onGo({ who: 'U0ALICE', to: idOf('general'), draft: command })}>${command}</button>
      </li>
      <li>Change something, check it, send it for approval</li>
      <li>
        As Bob, approve it in${' '}
        <button class="try" onClick=${() => onGo({ who: 'U0BOB', to: idOf('token-approvals') })}>#token-approvals</button>
      </li>
      <li>Watch the token on the right</li>
    </ol>
    <button class="quiet close" aria-label="Hide the first steps" onClick=${() => setClosed(true)}>×</button>
  </aside>`
}

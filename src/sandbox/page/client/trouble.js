import { html } from './html.js'
import { calmSlack, SlackTrouble, slackTroubleOn } from './slack-trouble.js'
import { calmStack, StackTrouble, stackTroubleOn } from './stack-trouble.js'

const calm = { ...calmSlack, ...calmStack }

/** Switches that make either side misbehave, to see what the app does about it. */
export function Trouble({ stack, slack, ask }) {
  const set = (switches) => ask('/trouble', switches)
  const on = stackTroubleOn(stack) + slackTroubleOn(slack)

  return html`<details class="trouble">
    <summary>Make trouble ${on > 0 && html`<span class="badge">${on} on</span>`}</summary>
    <${StackTrouble} stack=${stack} set=${set} />
    <${SlackTrouble} slack=${slack} set=${set} />
    <button class="button small" disabled=${on === 0} onClick=${() => set(calm)}>End all trouble</button>
  </details>`
}

import { html } from './html.js'

/**
 * Steps to try first. Of those that are done only a tick is left, and of those to come only a number; the one whose turn
 * it is says who does what, and leads there.
 */
export function FirstSteps({ state, acting, onGo, onClose }) {
  const { steps, afterwards } = state.firstSteps
  const current = steps.findIndex(({ done }) => !done)
  const nameOf = (id) => (state.sight.people.find((one) => one.id === id)?.realName ?? id).split(' ')[0]
  const idOf = (channel) => state.sight.conversations.find(({ name }) => name === channel)?.id

  function take({ who, offer }) {
    const isCommand = offer.text.startsWith('/')
    onGo({ who, to: idOf(offer.channel), ...(isCommand && { draft: offer.text }) })
  }

  const text = (step) => html`As ${nameOf(step.who)}, ${step.before}${step.offer && ` ${step.offer.text}`}${step.after}`
  const now = (step) =>
    html`As ${
      step.who === acting
        ? html`<b>${nameOf(step.who)}</b>`
        : html`<button class="try" onClick=${() => onGo({ who: step.who })}>${nameOf(step.who)}</button>`
    }, ${step.before}${step.offer && html` <button class="try" onClick=${() => take(step)}>${step.offer.text}</button>`}${step.after}`

  return html`<aside class="first-steps" aria-label="First steps">
    <ol>
      ${steps.map((step, index) =>
        index === current
          ? html`<li key=${index} aria-current="step"><span class="mark">${index + 1}<span class="of"> of ${steps.length}</span></span><span>${now(step)}</span></li>`
          : html`<li key=${index} class=${step.done ? 'done' : ''}>
              <span class="mark" aria-hidden="true">${step.done ? '✓' : index + 1}</span><span class="unseen">${step.done && 'Done: '}${text(step)}</span>
            </li>`,
      )}
    </ol>
    ${current === -1 && html`<p role="status">${afterwards}</p>`}
    <button class="quiet close" aria-label="Hide the first steps" onClick=${onClose}>×</button>
  </aside>`
}

/** Whose turn it is: null if there is nothing left to do. */
export function nextPerson({ firstSteps }) {
  return firstSteps.steps.find(({ done }) => !done)?.who ?? null
}

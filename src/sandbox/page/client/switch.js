import { useId } from 'preact/hooks'
import { useChoice } from './choice.js'
import { html } from './html.js'

/** `watch` says what to try while it is on, and what to look at. */
export function Check({ label, watch, on, onSet }) {
  const [shown, choose] = useChoice(on, onSet)
  return html`<label class="check"><input type="checkbox" checked=${shown} onChange=${(event) => choose(event.target.checked)} /> <span>${label} ${shown && html`<small>${watch}</small>`}</span></label>`
}

/** `options`: for each value, its label, and what to try and look at then. */
export function Pick({ label, value, options, onSet }) {
  const id = useId()
  const [shown, choose] = useChoice(value, onSet)
  const [, watch] = options[shown] ?? []
  return html`<p class="pick">
    <label for=${id}>${label}</label>
    <select id=${id} value=${shown} onChange=${(event) => choose(event.target.value)}>
      ${Object.entries(options).map(([key, [text]]) => html`<option value=${key}>${text}</option>`)}
    </select>
    ${watch && html`<small>${watch}</small>`}
  </p>`
}

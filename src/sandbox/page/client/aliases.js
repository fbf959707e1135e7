import { useId } from 'preact/hooks'
import { useChoice } from './choice.js'
import { html } from './html.js'

/**
 * The stack's aliases and their branches. Pointing an alias elsewhere stops changes that were asked for while it
 * pointed here.
 */
export function Aliases({ stack, ask }) {
  if (stack.aliases.length === 0) return null
  return html`<section class="aliases" aria-label="Branch aliases">
    <h2>Branch aliases</h2>
    ${stack.aliases.map(({ alias, target }) => html`<${Alias} key=${alias} alias=${alias} target=${target} branches=${stack.branches} ask=${ask} />`)}
    <p>Point one to another branch: a waiting change stops if its token has the alias or would get it, at the next look at the aliases, within about a minute. A change that is written before that look can miss it.</p>
  </section>`
}

function Alias({ alias, target, branches, ask }) {
  const id = useId()
  const [shown, choose] = useChoice(target, (branch) => ask('/stack/point', { alias, branch }))
  return html`<p class="pick">
    <label for=${id}>${alias} points to</label>
    <select id=${id} value=${shown} onChange=${(event) => choose(event.target.value)}>
      ${branches.map((branch) => html`<option value=${branch}>${branch}</option>`)}
    </select>
  </p>`
}

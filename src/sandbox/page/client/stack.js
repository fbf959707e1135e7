import { Aliases } from './aliases.js'
import { html } from './html.js'
import { useRemembered } from './remembered.js'
import { Requests } from './requests.js'
import { Token } from './token.js'
import { Trouble } from './trouble.js'

/**
 * The emulated Contentstack: its tokens as they are, the requests that reached it, and the trouble it can make.
 * `ask(path, body)` resolves to `{ ok }` once the page shows the outcome.
 */
export function StackPanel({ stack, slack, ask, foldable }) {
  const [open, setOpen] = useRemembered('stack-open', true)
  if (!open && foldable)
    return html`<aside class="stack folded" aria-label="Contentstack (emulated)">
      <button class="unfold" aria-expanded="false" onClick=${() => setOpen(true)}>‹ Contentstack</button>
    </aside>`

  return html`<aside class="stack" aria-label="Contentstack (emulated)">
    <header class="stack-title">
      <h1>Contentstack <span class="emulated">emulated</span></h1>
      ${foldable && html`<button class="quiet" aria-expanded="true" title="Fold away" aria-label="Fold Contentstack away" onClick=${() => setOpen(false)}>›</button>`}
    </header>
    <div class="stack-body">
      <h2>Management tokens</h2>
      ${stack.tokens.map((token) => html`<${Token} key=${token.uid} token=${token} behaviour=${stack.behaviour} ask=${ask} />`)}
      <${Aliases} stack=${stack} ask=${ask} />
    </div>
    <${Trouble} stack=${stack} slack=${slack} ask=${ask} />
    <${Requests} requests=${stack.requests} count=${stack.requestCount} />
  </aside>`
}

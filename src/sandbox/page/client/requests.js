import { html } from './html.js'

/** The requests that reached the stack, newest first. */
export function Requests({ requests, count }) {
  const newest = [...requests].reverse()
  return html`<section class="requests" aria-label="Requests">
    <h2>Requests that reached the stack <span class="count">${count}</span></h2>
    <ol tabindex="0" aria-label="Requests, newest first">
      ${newest.map(
        ({ method, path, status, at }, index) => html`<li key=${count - index} class=${method === 'GET' ? '' : 'write'}>
          <time>${at.slice(11, 19)}</time>
          <b>${method}</b>
          <span class="path" title=${path}>${path.replace(/^\/v3\/(stacks\/)?/, '')}</span>
          <span class=${`status ${statusClass(status)}`}>${status ?? 'no answer'}</span>
        </li>`,
      )}
    </ol>
    ${count === 0 && html`<p class="nothing">None yet.</p>`}
  </section>`
}

function statusClass(status) {
  return status !== null && status < 300 ? 'good' : 'bad'
}

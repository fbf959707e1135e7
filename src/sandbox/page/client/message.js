import { useContext, useId, useMemo, useState } from 'preact/hooks'
import { Acting } from './acting.js'
import { AppAvatar, Avatar } from './avatar.js'
import { Blocks } from './blocks.js'
import { fullTime, timeOf } from './dates.js'
import { html } from './html.js'
import { Mrkdwn } from './mrkdwn.js'
import { pressOnly, Surface } from './surface.js'

export function Message({ message, replies = [] }) {
  const { sight, act } = useContext(Acting)
  const { author, ts, channel, text, blocks, edited, ephemeral } = message
  const byApp = author === sight.app.botUserId
  const name = byApp ? sight.app.name : (sight.people.find(({ id }) => id === author)?.realName ?? author)
  const surface = useMemo(() => pressOnly({ channel, ts }, message.values, act), [message, act])

  return html`<article class=${ephemeral ? 'message ephemeral' : 'message'} aria-label=${`${name}, ${timeOf(ts)}`} data-ts=${ts}>
    ${ephemeral && html`<p class="only-you"><${Eye} /> Only visible to you</p>`}
    ${byApp ? html`<${AppAvatar} />` : html`<${Avatar} id=${author} name=${name} />`}
    <div class="message-body">
      <p class="byline">
        <b>${name}</b> ${byApp && html`<span class="app-badge">APP</span>`}
        <time title=${fullTime(ts)}>${timeOf(ts)}</time>
        ${edited && html`<span class="edited">(edited)</span>`}
      </p>
      <${Surface.Provider} value=${surface}>
        ${blocks.length > 0 ? html`<${Blocks} blocks=${blocks} />` : html`<div class="text"><${Mrkdwn} text=${text} /></div>`}
      <//>
      ${replies.length > 0 && html`<${Thread} replies=${replies} />`}
    </div>
  </article>`
}

/** Folded, as Slack shows it in a channel. */
function Thread({ replies }) {
  const id = useId()
  const [open, setOpen] = useState(false)
  return html`<section class="thread" aria-label="Thread">
    <button class="thread-title" aria-expanded=${open} aria-controls=${id} onClick=${() => setOpen(!open)}>
      ${replies.length === 1 ? '1 reply' : `${replies.length} replies`} <time>${timeOf(replies.at(-1).ts)}</time>
    </button>
    <div id=${id}>${open && replies.map((reply) => html`<${Message} key=${reply.ts} message=${reply} />`)}</div>
  </section>`
}

function Eye() {
  return html`<svg viewBox="0 0 24 24" width="14" height="14" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
    <path d="M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12z" /><circle cx="12" cy="12" r="3" />
  </svg>`
}

import { useLayoutEffect, useRef } from 'preact/hooks'
import { dayOf } from './dates.js'
import { html } from './html.js'
import { Message } from './message.js'

/**
 * Messages, with the replies to each below it. The newest is at the bottom and in view, from its first line if it is
 * longer than the view, unless another was asked for.
 */
export function Conversation({ conversation, at = null, untitled = false }) {
  const { name, messages } = conversation
  const scroller = useRef(null)
  useStayAtBottom(scroller, messages)
  useShow(scroller, at)
  const roots = messages.filter(({ ts, threadTs }) => threadTs === undefined || threadTs === ts)
  const repliesTo = (root) => messages.filter(({ ts, threadTs }) => threadTs === root.ts && ts !== root.ts)

  return html`${!untitled && html`<header class="pane-title"><h2><span aria-hidden="true"># </span>${name}</h2></header>`}
    <div class="messages" ref=${scroller} role="log" aria-label=${`Messages in ${name}`} tabindex="0">
      ${roots.length === 0 && html`<p class="nothing">This is the very beginning of #${name}.</p>`}
      ${roots.map((message, index) => {
        const day = dayOf(message.ts)
        const newDay = index === 0 || dayOf(roots[index - 1].ts) !== day
        return html`${newDay && html`<p class="day" key=${`day ${day}`}><span>${day}</span></p>`}
          <${Message} key=${message.ts} message=${message} replies=${repliesTo(message)} />`
      })}
    </div>`
}

function useStayAtBottom(scroller, messages) {
  const following = useRef(true)
  useLayoutEffect(() => {
    const box = scroller.current
    box.scrollTop = Math.min(box.scrollHeight, (box.lastElementChild?.offsetTop ?? 0) - box.offsetTop)
    const look = () => {
      following.current = box.scrollHeight - box.scrollTop - box.clientHeight < 60
    }
    look()
    box.addEventListener('scroll', look)
    return () => box.removeEventListener('scroll', look)
  }, [])
  useLayoutEffect(() => {
    if (following.current) scroller.current.scrollTop = scroller.current.scrollHeight
  }, [messages])
}

function useShow(scroller, at) {
  useLayoutEffect(() => {
    const message = at && scroller.current.querySelector(`[data-ts="${at}"]`)
    if (!message) return
    message.scrollIntoView({ block: 'center' })
    message.classList.add('shown')
    return () => message.classList.remove('shown')
  }, [at])
}

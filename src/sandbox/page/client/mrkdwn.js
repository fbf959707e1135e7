import { dateText } from './dates.js'
import { emoji } from './emoji.js'
import { html } from './html.js'
import { Link } from './link.js'
import { BroadcastMention, ChannelMention, UserMention } from './mention.js'

/** Text in Slack's markup. `verbatim` changes nothing here: the page never guesses links or names. */
export function Mrkdwn({ text }) {
  const parts = text.split(/```([\s\S]*?)```/)
  return html`${parts.map((part, index) =>
    index % 2 === 1 ? html`<pre>${literal(part.replace(/^\n/, ''))}</pre>` : lines(part),
  )}`
}

function lines(text) {
  const all = text.split('\n')
  return all.map((line, index) => {
    const quote = /^(?:&gt;|>)\s?(.*)$/.exec(line)
    if (quote) return html`<blockquote>${inline(quote[1])}</blockquote>`
    return html`${inline(line)}${index < all.length - 1 && html`<br />`}`
  })
}

/** In the order of precedence: inside code nothing else counts. */
const marks = [
  [/`([^`\n]+)`/, (inner) => html`<code>${literal(inner)}</code>`],
  [/<([^<>\n]+)>/, (inner) => angle(inner)],
  [/(?<![\w*])\*([^*\n]+)\*(?![\w*])/, (inner) => html`<b>${inline(inner)}</b>`],
  [/(?<![\w_])_([^_\n]+)_(?![\w_])/, (inner) => html`<i>${inline(inner)}</i>`],
  [/(?<![\w~])~([^~\n]+)~(?![\w~])/, (inner) => html`<s>${inline(inner)}</s>`],
  [/:([a-z0-9_+-]+):/, (name) => emoji(name)],
]

function inline(text) {
  for (const [pattern, draw] of marks) {
    const found = pattern.exec(text)
    if (!found) continue
    const before = text.slice(0, found.index)
    const after = text.slice(found.index + found[0].length)
    return [inline(before), draw(found[1]), inline(after)]
  }
  return literal(text)
}

/** `<@U1>`, `<#C1|name>`, `<!here>`, `<!date^…>`, `<https://…|text>` */
function angle(inner) {
  const [target, label] = inner.split(/\|(.*)/s)
  if (target.startsWith('@')) return html`<${UserMention} id=${target.slice(1)} />`
  if (target.startsWith('#')) return html`<${ChannelMention} id=${target.slice(1)} name=${label} />`
  if (target.startsWith('!date^')) return date(target, label)
  if (target.startsWith('!')) return html`<${BroadcastMention} name=${(label ?? target.slice(1)).replace(/^@/, '')} />`
  return html`<${Link} url=${literal(target)}>${literal(label ?? target)}<//>`
}

function date(target, fallback) {
  const [, seconds, format, url] = target.split('^')
  const text = Number.isFinite(Number(seconds)) ? dateText(Number(seconds), format) : literal(fallback ?? '')
  return url ? html`<${Link} url=${url}>${text}<//>` : html`<time title=${literal(fallback ?? '')}>${text}</time>`
}

function literal(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

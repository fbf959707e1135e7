import { dateText } from './dates.js'
import { emoji } from './emoji.js'
import { html } from './html.js'
import { Link } from './link.js'
import { BroadcastMention, ChannelMention, UserGroupMention, UserMention } from './mention.js'

export function RichText({ block }) {
  return html`<div class="rich-text">${block.elements.map((part) => html`<${Part} part=${part} />`)}</div>`
}

function Part({ part }) {
  switch (part.type) {
    case 'rich_text_section':
      return html`<p><${Leaves} of=${part} /></p>`
    case 'rich_text_quote':
      return html`<blockquote><${Leaves} of=${part} /></blockquote>`
    case 'rich_text_preformatted':
      return html`<pre><${Leaves} of=${part} /></pre>`
    case 'rich_text_list':
      return html`<${List} list=${part} />`
    default:
      return html`<p class="undrawn">[${part.type}]</p>`
  }
}

function List({ list }) {
  const items = list.elements.map((item) => html`<li><${Leaves} of=${item} /></li>`)
  const style = { marginLeft: `${(list.indent ?? 0) * 24}px` }
  return list.style === 'ordered'
    ? html`<ol style=${style} start=${(list.offset ?? 0) + 1}>${items}</ol>`
    : html`<ul style=${style}>${items}</ul>`
}

function Leaves({ of }) {
  return html`${of.elements.map((leaf) => html`<${Leaf} leaf=${leaf} />`)}`
}

function Leaf({ leaf }) {
  return styled(leaf.style ?? {}, bare(leaf))
}

function bare(leaf) {
  switch (leaf.type) {
    case 'text':
      return leaf.text
    case 'link':
      return html`<${Link} url=${leaf.url}>${leaf.text ?? leaf.url}<//>`
    case 'user':
      return html`<${UserMention} id=${leaf.user_id} />`
    case 'channel':
      return html`<${ChannelMention} id=${leaf.channel_id} />`
    case 'usergroup':
      return html`<${UserGroupMention} id=${leaf.usergroup_id} />`
    case 'broadcast':
      return html`<${BroadcastMention} name=${leaf.range} />`
    case 'emoji':
      return emoji(leaf.name)
    case 'date':
      return html`<time title=${leaf.fallback}>${dateText(leaf.timestamp, leaf.format)}</time>`
    default:
      return `[${leaf.type}]`
  }
}

function styled({ bold, italic, strike, code, underline }, child) {
  let node = child
  if (code) node = html`<code>${node}</code>`
  if (underline) node = html`<u>${node}</u>`
  if (strike) node = html`<s>${node}</s>`
  if (italic) node = html`<i>${node}</i>`
  if (bold) node = html`<b>${node}</b>`
  return node
}

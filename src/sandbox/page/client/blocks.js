import { Alert } from './alert.js'
import { Element } from './elements.js'
import { html } from './html.js'
import { InputBlock } from './input-block.js'
import { RichText } from './rich-text.js'
import { Table } from './table.js'
import { plain, Text } from './text.js'

export function Blocks({ blocks }) {
  return html`<div class="blocks">
    ${blocks.map((block) => html`<${Block} key=${block.block_id} block=${block} />`)}
  </div>`
}

const drawn = {
  header: ({ block }) => html`<h3 class="block-header">${plain(block.text)}</h3>`,
  section: Section,
  context: Context,
  actions: Actions,
  divider: () => html`<hr />`,
  rich_text: RichText,
  input: InputBlock,
  image: ImageBlock,
  alert: Alert,
  table: Table,
  markdown: ({ block }) => html`<div class="text markdown">${block.text}</div>`,
}

function Block({ block }) {
  const Drawn = drawn[block.type]
  return Drawn
    ? html`<div class=${`block block-${block.type}`} data-block=${block.block_id}><${Drawn} block=${block} /></div>`
    : html`<p class="undrawn">A “${block.type}” block, which this page doesn't draw.</p>`
}

function Section({ block }) {
  const { text, fields, accessory } = block
  return html`<div class="section-text text">
      ${text && html`<div><${Text} object=${text} /></div>`}
      ${fields && html`<div class="fields">${fields.map((field) => html`<div class="field"><${Text} object=${field} /></div>`)}</div>`}
    </div>
    ${accessory && html`<div class="accessory"><${Element} block=${block} element=${accessory} label=${plain(text)} /></div>`}`
}

function Context({ block }) {
  return html`${block.elements.map((element) =>
    element.type === 'image'
      ? html`<img class="context-image" src=${element.image_url} alt=${element.alt_text} />`
      : html`<span class="context-text"><${Text} object=${element} /></span>`,
  )}`
}

function Actions({ block }) {
  return html`${block.elements.map((element) => html`<${Element} key=${element.action_id} block=${block} element=${element} />`)}`
}

function ImageBlock({ block }) {
  return html`<figure>
    ${block.title && html`<figcaption>${plain(block.title)}</figcaption>`}
    <img src=${block.image_url} alt=${block.alt_text} />
  </figure>`
}

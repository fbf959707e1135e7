import { html } from './html.js'
import { RichText } from './rich-text.js'

/**
 * The first row is the header. Where there is no room for the columns, each row becomes a list that names them; the
 * roles stay, which browsers take from a table that is drawn as anything else.
 */
export function Table({ block }) {
  const [header, ...rows] = block.rows
  const settings = block.column_settings ?? []
  const alignOf = (column) => ({ textAlign: settings[column]?.align ?? 'left' })
  const title = (cell, column) => html`<th role="columnheader" style=${alignOf(column)}><${Cell} cell=${cell} /></th>`
  const entry = (cell, column) => html`<td role="cell" style=${alignOf(column)}>
    <div class="cell-title" aria-hidden="true"><${Cell} cell=${header[column]} /></div><${Cell} cell=${cell} />
  </td>`
  return html`<table role="table">
    <thead role="rowgroup"><tr role="row">${header.map(title)}</tr></thead>
    <tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${row.map(entry)}</tr>`)}</tbody>
  </table>`
}

function Cell({ cell }) {
  return html`<div class="cell">${cell.type === 'rich_text' ? html`<${RichText} block=${cell} />` : (cell.text ?? cell.value)}</div>`
}

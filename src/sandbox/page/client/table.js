import { html } from './html.js'
import { RichText } from './rich-text.js'

/** The first row is the header. */
export function Table({ block }) {
  const [header, ...rows] = block.rows
  const settings = block.column_settings ?? []
  const cells = (row, tag) =>
    row.map(
      (cell, column) =>
        html`<${tag} style=${{ textAlign: settings[column]?.align ?? 'left' }}><${Cell} cell=${cell} /><//>`,
    )
  return html`<table>
    <thead><tr>${cells(header, 'th')}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${cells(row, 'td')}</tr>`)}</tbody>
  </table>`
}

function Cell({ cell }) {
  return cell.type === 'rich_text' ? html`<${RichText} block=${cell} />` : html`${cell.text ?? cell.value}`
}

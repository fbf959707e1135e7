import { useContext, useState } from 'preact/hooks'
import { useConfirm } from './confirm.js'
import { html } from './html.js'
import { Menu } from './menu.js'
import { Surface } from './surface.js'
import { plain } from './text.js'

export function Overflow({ block, element }) {
  const surface = useContext(Surface)
  const [waiting, setWaiting] = useState(false)
  const [dialog, confirmed] = useConfirm()

  async function choose(option) {
    if (!(await confirmed(element.confirm))) return
    if (option.url) window.open(option.url, '_blank', 'noreferrer,noopener')
    setWaiting(true)
    await surface.press(block, element, option.value)
    setWaiting(false)
  }

  const items = element.options.map((option) => ({ name: plain(option.text), run: () => choose(option) }))
  return html`<${Menu} label="More actions" look="button" busy=${waiting} items=${items}>•••<//>${dialog}`
}

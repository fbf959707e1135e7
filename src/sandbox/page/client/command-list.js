import { useId, useState } from 'preact/hooks'
import { html } from './html.js'

/** The commands that a draft starting with a slash could become, and how to use them. */
export function useCommandList(commands, draft, onTake) {
  const id = useId()
  const [active, setActive] = useState(0)
  const [closedFor, setClosedFor] = useState(null)
  const typing = /^\/\S*$/.test(draft) && draft !== closedFor
  const matching = typing ? commands.filter(({ command }) => command.startsWith(draft)) : []
  const current = Math.min(active, matching.length - 1)
  const known = commands.find(({ command }) => draft.startsWith(`${command} `))

  /** True if the key was for the list. Enter sends a command that is typed to its end, as in Slack. */
  function onKeyDown(event) {
    const run = matching.length > 0 && keys[event.key]
    if (!run || (event.key === 'Enter' && matching[current].command === draft)) return false
    event.preventDefault()
    run()
    return true
  }

  const move = (step) => setActive((current + step + matching.length) % matching.length)
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Tab: () => onTake(matching[current].command),
    Enter: () => onTake(matching[current].command),
    Escape: () => setClosedFor(draft),
  }

  const aria = {
    'aria-autocomplete': 'list',
    'aria-controls': matching.length > 0 ? id : undefined,
    'aria-activedescendant': matching.length > 0 ? `${id}-${current}` : undefined,
  }
  const option = ({ command, usageHint, description }, index) => html`<li
    key=${command}
    id=${`${id}-${index}`}
    role="option"
    aria-selected=${index === current}
    onMouseDown=${(event) => event.preventDefault()}
    onClick=${() => onTake(command)}
  ><span><b>${command}</b> <span class="usage">${usageHint}</span></span><small>${description}</small></li>`

  const node = html`${matching.length > 0 && html`<ul class="command-list" id=${id} role="listbox" aria-label="Commands">${matching.map(option)}</ul>`}
    ${known && html`<p class="command-usage"><b>${known.command}</b> <span class="usage">${known.usageHint}</span></p>`}`
  return { node, aria, onKeyDown }
}

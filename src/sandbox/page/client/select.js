import { useContext } from 'preact/hooks'
import { Acting } from './acting.js'
import { useChoice } from './choice.js'
import { Combobox } from './combobox.js'
import { useConfirm } from './confirm.js'
import { html } from './html.js'
import { Surface } from './surface.js'
import { plain } from './text.js'

/** A menu of one choice or of several, with type-ahead. */
export function Select(props) {
  const { block, element } = props
  const { sight } = useContext(Acting)
  const surface = useContext(Surface)
  const [dialog, confirmed] = useConfirm()
  const many = element.type.startsWith('multi_')
  const stored = chosenOptions(surface.values[block.block_id]?.[element.action_id] ?? {}, sight)
  const [chosen, choose] = useChoice(stored, async (options) => {
    const values = options.map(({ value }) => value)
    return (await confirmed(element.confirm)) && surface.choose(block, element, many ? values : (values[0] ?? null))
  })

  return html`<${Combobox} ...${props} many=${many} chosen=${chosen} clearable=${many || block.optional} onChoose=${choose} />${dialog}`
}

function chosenOptions(stored, sight) {
  const { selected_option, selected_options, ...others } = stored
  const options = selected_options ?? [selected_option].filter(Boolean)
  const ids = Object.entries(others).flatMap(([field, value]) => (field.startsWith('selected_') ? (value ?? []) : []))
  return [
    ...options.map(({ value, text }) => ({ value, name: plain(text) })),
    ...ids.map((id) => ({ value: id, name: nameOf(id, sight) })),
  ]
}

function nameOf(id, sight) {
  const channel = sight.conversations.find((one) => one.id === id)
  return channel ? `#${channel.name}` : (sight.people.find((one) => one.id === id)?.realName ?? id)
}

import { useContext, useId } from 'preact/hooks'
import { useChoice } from './choice.js'
import { useConfirm } from './confirm.js'
import { html } from './html.js'
import { Surface } from './surface.js'
import { Text } from './text.js'

/** Radio buttons or checkboxes, all visible. */
export function Chosen({ block, element, labelId, notes, wrong, required, label }) {
  const surface = useContext(Surface)
  const [dialog, confirmed] = useConfirm()
  const name = useId()
  const many = element.type === 'checkboxes'
  const stored = surface.values[block.block_id]?.[element.action_id] ?? {}
  const chosen = many ? (stored.selected_options ?? []) : [stored.selected_option].filter(Boolean)
  const [values, choose] = useChoice(
    chosen.map(({ value }) => value),
    async (next) => (await confirmed(element.confirm)) && surface.choose(block, element, many ? next : next[0]),
  )

  function onChange(event, { value }) {
    if (!many) return choose([value])
    choose(event.target.checked ? [...values, value] : values.filter((one) => one !== value))
  }

  return html`<div
      class="chosen"
      role=${many ? 'group' : 'radiogroup'}
      aria-labelledby=${labelId}
      aria-label=${labelId ? undefined : label}
      aria-describedby=${notes}
      aria-invalid=${wrong || undefined}
      aria-required=${(!many && required) || undefined}
    >
      ${element.options.map(
        (option) => html`<label key=${option.value}>
          <input
            type=${many ? 'checkbox' : 'radio'}
            name=${name}
            checked=${values.includes(option.value)}
            data-focus=${element.focus_on_load || undefined}
            onChange=${(event) => onChange(event, option)}
          />
          <span><${Text} object=${option.text} />${option.description && html`<small><${Text} object=${option.description} /></small>`}</span>
        </label>`,
      )}
    </div>${dialog}`
}

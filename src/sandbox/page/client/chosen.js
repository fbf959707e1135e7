import { useContext, useId } from 'preact/hooks'
import { useConfirm } from './confirm.js'
import { html } from './html.js'
import { Surface } from './surface.js'
import { Text } from './text.js'

/** Radio buttons or checkboxes, all of them in view. */
export function Chosen({ block, element, labelId, notes, wrong, label }) {
  const surface = useContext(Surface)
  const [dialog, confirmed] = useConfirm()
  const name = useId()
  const many = element.type === 'checkboxes'
  const stored = surface.values[block.block_id]?.[element.action_id] ?? {}
  const chosen = many ? (stored.selected_options ?? []) : [stored.selected_option].filter(Boolean)
  const values = chosen.map(({ value }) => value)

  async function onChange(event, option) {
    const next = event.target.checked ? [...values, option.value] : values.filter((value) => value !== option.value)
    if (await confirmed(element.confirm)) surface.choose(block, element, many ? next : option.value)
    else event.target.checked = values.includes(option.value)
  }

  return html`<div
      class="chosen"
      role=${many ? 'group' : 'radiogroup'}
      aria-labelledby=${labelId}
      aria-label=${labelId ? undefined : label}
      aria-describedby=${notes}
      aria-invalid=${wrong || undefined}
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

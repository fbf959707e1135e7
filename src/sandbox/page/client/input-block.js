import { useContext, useId } from 'preact/hooks'
import { Element } from './elements.js'
import { html } from './html.js'
import { Surface } from './surface.js'
import { plain } from './text.js'

const groups = ['radio_buttons', 'checkboxes']

/** A labelled input with its hint, and below it whatever is wrong with it. */
export function InputBlock({ block }) {
  const { errors } = useContext(Surface)
  const id = useId()
  const { element } = block
  const error = errors[block.block_id]
  const label = html`${plain(block.label)} ${block.optional && html`<span class="optional">(optional)</span>`}`
  const notes = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')

  return html`<div class=${error ? 'input wrong' : 'input'}>
    ${
      groups.includes(element.type)
        ? html`<span class="label" id=${`${id}-label`}>${label}</span>`
        : html`<label class="label" id=${`${id}-label`} for=${id}>${label}</label>`
    }
    <${Element} block=${block} element=${element} id=${id} labelId=${`${id}-label`} notes=${notes || undefined} wrong=${Boolean(error)} required=${!block.optional} />
    ${error && html`<p class="field-error" id=${`${id}-error`} role="alert">${error}</p>`}
    ${block.hint && html`<p class="field-hint" id=${`${id}-hint`}>${plain(block.hint)}</p>`}
  </div>`
}

import { useId, useState } from 'preact/hooks'
import { html } from './html.js'

/** Changes a token as somebody in Contentstack's own web app would: past the app, which is how drift comes about. */
export function EditByHand({ token, ask, onDone }) {
  const id = useId()
  const [before] = useState({
    name: token.name,
    description: token.description ?? '',
    expires: token.expires_on?.slice(0, 10) ?? '',
  })
  const [name, setName] = useState(before.name)
  const [description, setDescription] = useState(before.description)
  const [expires, setExpires] = useState(before.expires)

  /** Sends only the fields changed here: the app may have changed the rest since the form was opened. */
  async function save(event) {
    event.preventDefault()
    const { ok } = await ask('/stack/edit', {
      uid: token.uid,
      ...(name !== before.name && { name }),
      ...(description !== before.description && { description }),
      ...(expires !== before.expires && { expires_on: expires || null }),
    })
    if (ok) onDone()
  }

  return html`<form class="by-hand" aria-label=${`Edit ${token.name} by hand`} onSubmit=${save}>
    <p>Changes the token behind the app's back, as somebody in Contentstack's own web app could.</p>
    <label for=${`${id}-name`}>Name</label>
    <input id=${`${id}-name`} required maxlength="50" value=${name} onInput=${(event) => setName(event.target.value)} />
    <label for=${`${id}-description`}>Description</label>
    <input id=${`${id}-description`} value=${description} onInput=${(event) => setDescription(event.target.value)} />
    <label for=${`${id}-expires`}>Expires (empty: never)</label>
    <input id=${`${id}-expires`} type="date" value=${expires} onInput=${(event) => setExpires(event.target.value)} />
    <footer>
      <button type="button" class="button small" onClick=${onDone}>Cancel</button>
      <button type="submit" class="button small primary">Save by hand</button>
    </footer>
  </form>`
}

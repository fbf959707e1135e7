import { useId, useState } from 'preact/hooks'
import { post } from './ask.js'
import { html } from './html.js'

/** Changes a token as somebody in Contentstack's own web app would: past the app, which is how drift comes about. */
export function EditByHand({ token, tell, onDone }) {
  const id = useId()
  const [name, setName] = useState(token.name)
  const [description, setDescription] = useState(token.description ?? '')
  const [expires, setExpires] = useState(token.expires_on?.slice(0, 10) ?? '')

  async function save(event) {
    event.preventDefault()
    const expiresOn = expires === (token.expires_on?.slice(0, 10) ?? '') ? {} : { expires_on: expires || null }
    try {
      await post('/stack/edit', { uid: token.uid, name, description, ...expiresOn })
      onDone()
    } catch (error) {
      tell(error.message)
    }
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

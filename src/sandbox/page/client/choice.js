import { useRef, useState } from 'preact/hooks'

/**
 * `[shown, choose]`: shows a new choice at once, and the stored one again when `send` has resolved. Without that, a
 * redraw in between would show the old choice, and a second choice would start from it.
 */
export function useChoice(stored, send) {
  const [own, setOwn] = useState(null)
  const latest = useRef(null)

  async function choose(value) {
    const choice = { value }
    latest.current = choice
    setOwn(choice)
    await send(value)
    if (latest.current === choice) setOwn(null)
  }

  return [own ? own.value : stored, choose]
}

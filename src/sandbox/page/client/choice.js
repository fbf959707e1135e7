import { useRef, useState } from 'preact/hooks'

/**
 * `[shown, choose]`: what was just chosen is shown at once, and what is stored again when `send` has resolved. Without
 * that, a redraw in between would show the old choice, and a second choice would start from it.
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

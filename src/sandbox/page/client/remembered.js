import { useState } from 'preact/hooks'

/** State that survives a reload of the page. A browser that keeps nothing simply starts afresh. */
export function useRemembered(key, initial) {
  const [value, setValue] = useState(() => read(key) ?? initial)
  return [value, (next) => setValue((old) => write(key, typeof next === 'function' ? next(old) : next))]
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(`countersign-demo.${key}`))
  } catch {
    return null
  }
}

function write(key, value) {
  try {
    localStorage.setItem(`countersign-demo.${key}`, JSON.stringify(value))
  } catch {
    // Private windows may refuse; the page works without.
  }
  return value
}

import { createContext } from 'preact'

/**
 * Something with blocks on it. `values` and `errors` are as the server has them; `choose(block, element, choice)` gives
 * an element a value, `press(block, element, value)` presses a button, `suggest(block, element, typed)` asks the app
 * for options. `unsaved` holds texts that were typed but not handed in yet: by key, how to hand them in.
 */
export const Surface = createContext(null)

/** A message or App Home: every choice there goes to the app at once. */
export function pressOnly(where, values, act) {
  const press = (block, element, choice) =>
    act({ do: 'press', where, actionId: element.action_id, blockId: block.block_id, ...(choice != null && { choice }) })
  return { where, values, errors: {}, unsaved: new Map(), press, choose: press, suggest: suggester(where, act) }
}

export function suggester(where, act) {
  return async (block, element, typed) => {
    const { answer } = await act({
      do: 'suggest',
      where,
      actionId: element.action_id,
      blockId: block.block_id,
      typed,
    })
    return answer ?? []
  }
}

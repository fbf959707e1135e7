import { suggester } from './surface.js'

/**
 * A modal: keeps what is filled in, and sends it on submit. Everything goes in the order in which it was done, so that
 * the submission can't overtake typed text.
 */
export function modalSurface(modal, pending, act) {
  const where = { id: modal.id }
  const { unsaved } = pending
  return {
    where,
    values: modal.values,
    errors: modal.errors,
    unsaved,
    choose: (block, element, value) => inTurn(() => fill(block, element, value)),
    press: (block, element, choice) => afterHandingIn(() => pressNow(block, element, choice)),
    suggest: suggester(where, act),
    submit: () => afterHandingIn(() => act({ do: 'submit', modal: modal.id })),
    handIn,
  }

  function inTurn(run) {
    pending.queue = pending.queue.then(run)
    return pending.queue
  }

  /** Resolves to true if every text was taken. */
  async function handIn() {
    const saves = [...unsaved.values()]
    unsaved.clear()
    const outcomes = await Promise.all(saves.map((save) => save()))
    return outcomes.every(({ ok }) => ok)
  }

  async function afterHandingIn(run) {
    const ok = await handIn()
    return ok ? inTurn(run) : { ok }
  }

  function fill(block, element, value) {
    return act({ do: 'fill', modal: modal.id, blockId: block.block_id, actionId: element.action_id, value })
  }

  function pressNow(block, element, choice) {
    const value = choice == null ? {} : { choice }
    return act({ do: 'press', where, actionId: element.action_id, blockId: block.block_id, ...value })
  }
}

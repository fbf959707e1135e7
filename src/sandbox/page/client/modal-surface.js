import { suggester } from './surface.js'

/**
 * A modal: what is filled in there is kept, and sent on submit. Everything goes one after the other, in the order in which
 * it was done, so that nothing typed is overtaken by the submission.
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

  /** Resolves to whether every text was taken. */
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

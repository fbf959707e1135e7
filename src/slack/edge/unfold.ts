import { z } from 'zod'
import { actions, readMoreValue } from '../kit/ids.ts'

const chosen = z.looseObject({
  actions: z.tuple([
    z.looseObject({
      action_id: z.literal(actions.more),
      selected_option: z.looseObject({ value: z.string(), text: z.looseObject({ text: z.string() }) }),
    }),
  ]),
})

/**
 * Middleware by which a choice in the menu *More* is the press of the button that it stands for, for all that comes after: the
 * listeners, the log, and what people are told. Anything else goes on as it came.
 */
export async function unfoldMore({ body, next }: { body: unknown; next: () => Promise<void> }): Promise<void> {
  const read = chosen.safeParse(body)
  const pressed = read.success ? readMoreValue(read.data.actions[0].selected_option.value) : null
  if (read.success && pressed !== null) {
    const [action] = (body as { actions: [Record<string, unknown>] }).actions
    const { text } = read.data.actions[0].selected_option
    Object.assign(action, { type: 'button', action_id: pressed.action, value: pressed.value, text })
  }
  await next()
}

import type { Actor, Delivery, Message } from '../../src/sandbox/slack/protocol.ts'
import { parts } from '../slack/kit/drawn.ts'

type Wanted = { readonly action: string; readonly value?: string | undefined }

/** Presses a button of a message, or chooses it in its menu if it is there, or was when it was seen. `value`: the button's own, when it was seen. */
export function pressOn(actor: Actor, message: Message, { action, value }: Wanted): Promise<Delivery> {
  const now = actor.messages(message.channel).find(({ ts }) => ts === message.ts)
  const inMenu = [...menuOf(now ?? message), ...menuOf(message)].find((option) => option.startsWith(`${action} `))
  if (inMenu === undefined) return actor.press(message, action, value)
  return actor.press(message, 'more', value === undefined ? inMenu : `${action} ${value}`)
}

function menuOf({ blocks }: Message): string[] {
  const menus = parts(blocks).filter(({ type }) => type === 'overflow')
  return menus.flatMap(({ options }) => (options as { value: string }[]).map((option) => option.value))
}

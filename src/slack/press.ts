import type { BlockAction } from '@slack/bolt'
import { z } from 'zod'
import type { CardRef } from '../ports.ts'
import type { CatchUp } from '../workflow/catch-up.ts'
import type { Press } from '../workflow/changes.ts'
import { readChangeValue } from './views/ids.ts'

/** Who pressed a button on which revision of a change. Throws a Refusal for a button that belongs to none. */
export function pressed(body: BlockAction): Press {
  return { ...readChangeValue(pressedValue(body)), by: body.user.id }
}

/** What the pressed button carries. */
export function pressedValue({ actions: [action] }: BlockAction): unknown {
  return action && 'value' in action ? action.value : undefined
}

/** Refused or not, whoever pressed has a card before them: it is brought up to date when it is behind. */
export async function thenCatchUp<T>(
  { catchUp, id, body }: { catchUp: CatchUp; id: number; body: BlockAction | null },
  decide: () => Promise<T>,
): Promise<T> {
  try {
    return await decide()
  } finally {
    catchUp.soon(id, body ? cardOf(body) : undefined)
  }
}

function cardOf({ container }: BlockAction): CardRef | undefined {
  const where = messageRef.safeParse(container)
  return where.success ? { channel: where.data.channel_id, ts: where.data.message_ts } : undefined
}

const messageRef = z.looseObject({ type: z.literal('message'), channel_id: z.string(), message_ts: z.string() })

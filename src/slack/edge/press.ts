import type { BlockAction } from '@slack/bolt'
import { z } from 'zod'
import type { Spot } from '../../domain/change/pressed.ts'
import { NotKnownHere } from '../../domain/refusal.ts'
import type { PressedCard } from '../../workflow/cards/cards.ts'
import type { Press } from '../../workflow/changes/acting.ts'
import type { CatchUp } from '../../workflow/rounds/catch-up.ts'
import { readChangeValue, readFormValue } from '../kit/ids.ts'

/** Who pressed a button on which revision of a change. Throws a Refusal for a button that belongs to no change. */
export function pressed(body: BlockAction): Press {
  return { ...readChangeValue(pressedValue(body)), by: body.user.id, where: spotOf(body) }
}

/** As far as Slack says it. */
export function spotOf({ container, actions: [action] }: BlockAction): Spot {
  const { channel_id: channel, message_ts: message, view_id: view } = containerRef.safeParse(container).data ?? {}
  const ts = action?.action_ts
  return { ...(channel && { channel }), ...(message && { message }), ...(view && { view }), ...(ts && { ts }) }
}

type Submitted = { readonly user: { id: string }; readonly view: { id: string; private_metadata: string } }

/** Who sent a form on a change, and which press had opened it. Throws a Refusal for a form that belongs to no change. */
export function submitted({ user, view }: Submitted): Press {
  const { opened, ...seen } = readFormValue(view.private_metadata)
  return { ...seen, by: user.id, where: { view: view.id, ...(opened && { opened }) } }
}

export function pressedValue({ actions: [action] }: BlockAction): unknown {
  return action && 'value' in action ? action.value : undefined
}

/** Refused or not, whoever pressed looks at a card: it is brought up to date if it is behind. */
export async function thenCatchUp<T>(
  { catchUp, id, body }: { catchUp: CatchUp; id: number; body: BlockAction | null },
  decide: () => Promise<T>,
): Promise<T> {
  try {
    return await decide()
  } catch (error) {
    throw body && error instanceof NotKnownHere && error.code === 'not_found' ? ofNoChange(id) : error
  } finally {
    catchUp.soon(id, body ? cardOf(body) : undefined)
  }
}

function ofNoChange(id: number): NotKnownHere {
  return new NotKnownHere(
    'not_found',
    `Countersign has no change #${id}: a backup was put back since this was posted, or another Countersign process with another database posted it. Nothing was done. If this happens again, tell whoever runs Countersign.`,
  )
}

function cardOf(body: BlockAction): PressedCard | undefined {
  const where = messageRef.safeParse(body.container)
  if (!where.success) return undefined
  return { channel: where.data.channel_id, ts: where.data.message_ts, mark: readChangeValue(pressedValue(body)).mark }
}

const containerRef = z.looseObject({
  channel_id: z.string().optional(),
  message_ts: z.string().optional(),
  view_id: z.string().optional(),
})

const messageRef = z.looseObject({ type: z.literal('message'), channel_id: z.string(), message_ts: z.string() })

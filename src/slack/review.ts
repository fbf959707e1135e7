import type { App, BlockAction } from '@slack/bolt'
import { z } from 'zod'
import type { CardRef } from '../ports.ts'
import type { CatchUp } from '../workflow/catch-up.ts'
import type { Changes } from '../workflow/changes.ts'
import { actions, modals, readChangeValue } from './views/ids.ts'
import { readRejection, rejectForm } from './views/modals.ts'

type Deps = { bolt: App; changes: Changes; catchUp: CatchUp }

/** What people do on a card: approve, reject with a reason, cancel. The decision is on disk before Slack is answered. */
export function registerReview({ bolt, changes, catchUp }: Deps): void {
  bolt.action({ type: 'block_actions', action_id: actions.approve }, async ({ ack, body }) => {
    const { id, revision } = pressed(body)
    await thenCatchUp(id, body, async () => {
      await changes.approve(id, body.user.id, revision)
      await ack()
    })
  })

  bolt.action({ type: 'block_actions', action_id: actions.cancel }, async ({ ack, body }) => {
    const { id } = pressed(body)
    await thenCatchUp(id, body, async () => {
      await changes.cancel(id, body.user.id)
      await ack()
    })
  })

  bolt.action({ type: 'block_actions', action_id: actions.reject }, async ({ ack, body, client }) => {
    const { id, revision } = pressed(body)
    await thenCatchUp(id, body, async () => {
      const change = await changes.mayReject(id, body.user.id, revision)
      await client.views.open({ trigger_id: body.trigger_id, view: rejectForm(change) })
      await ack()
    })
  })

  bolt.view(modals.rejectForm, async ({ ack, body, view }) => {
    const { id, revision } = readChangeValue(view.private_metadata)
    const reason = readRejection(view.state.values)
    await thenCatchUp(id, null, async () => {
      await changes.reject(id, { by: body.user.id, reason, revision })
      await ack()
    })
  })

  /** Refused or not, whoever pressed has a card before them: it is brought up to date when it is behind. */
  async function thenCatchUp(id: number, body: BlockAction | null, decide: () => Promise<void>): Promise<void> {
    try {
      await decide()
    } finally {
      catchUp.soon(id, body ? cardOf(body) : undefined)
    }
  }
}

function cardOf({ container }: BlockAction): CardRef | undefined {
  const where = messageRef.safeParse(container)
  return where.success ? { channel: where.data.channel_id, ts: where.data.message_ts } : undefined
}

function pressed({ actions: [action] }: BlockAction) {
  return readChangeValue(action && 'value' in action ? action.value : undefined)
}

const messageRef = z.looseObject({ type: z.literal('message'), channel_id: z.string(), message_ts: z.string() })

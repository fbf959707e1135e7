import { z } from 'zod'
import { Refusal } from '../../domain/refusal.ts'
import type { Listening } from '../link/watched-deliveries.ts'

/** For a button or form that nobody listens to. */
export function ofAnotherVersion(): Refusal {
  return new Refusal(
    'not_found',
    'This belongs to another version of Countersign, so nothing was done. Open the change from the app’s Home tab, or type /token.',
  )
}

const ofCommand = z.object({ command: z.string().max(100) })

/** For a person whose act nobody listens to. */
export function unhandled(body: unknown): Refusal {
  const read = ofCommand.safeParse(body)
  if (!read.success) return ofAnotherVersion()
  return new Refusal(
    'not_found',
    `Countersign listens to /token, not to ${read.data.command}, so nothing was done. Whoever runs Countersign can fix that: the Slack app needs the commands of manifest.yml.`,
  )
}

type Kind = { readonly type?: string | undefined }

/**
 * Deliveries for which nobody waits for a word: Slack's own reports, suggestions while somebody types, and closed
 * forms.
 */
export function isSilent(body: Kind): boolean {
  return isSuggestion(body) || ['event_callback', 'view_closed', 'dialog_cancellation'].includes(body.type ?? '')
}

/** Slack wants answers to these while somebody types. */
export function isSuggestion({ type }: Kind): boolean {
  return type === 'block_suggestion' || type === 'dialog_suggestion'
}

/**
 * The same receiver, except that a delivery Bolt can't read or doesn't know is acked anyway: the person would otherwise
 * see Slack's warning sign after 3 seconds, and waiting would bring nothing. Source: slack.md §1.2.
 */
export function ackedAtLast<R extends Listening>(receiver: R, log: { error: (...said: unknown[]) => void }): R {
  const init: R['init'] = (app) => {
    const processEvent: typeof app.processEvent = async (event) => {
      let acked = false
      const ack: typeof event.ack = (response) => {
        acked = true
        return event.ack(response)
      }
      await app.processEvent({ ...event, ack }).catch((error: unknown) => {
        if (acked) throw error
        log.error('Something that Slack delivered could not be read, and was skipped.', error)
      })
      // Slack may deliver something empty.
      if (!acked) await event.ack(isSuggestion(event.body ?? {}) ? { options: [] } : undefined)
    }
    receiver.init(Object.assign(Object.create(app), { processEvent }))
  }
  return { ...receiver, init }
}

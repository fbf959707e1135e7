import { subHours } from 'date-fns/subHours'
import { z } from 'zod'
import { NotKnownHere } from '../../domain/refusal.ts'
import { openedAt } from '../kit/draft-id.ts'

type Deps = {
  readonly now: () => Date
  /** Called for the first one seen, and for the next a day later. */
  readonly onSeen: () => void
}

export type Elsewhere = ReturnType<typeof createElsewhere>

/**
 * Notices when another process of the app answers in Slack with another database: somebody sends a form or presses a
 * button that came up since this process started and that its database has never had.
 */
export function createElsewhere({ now, onSeen }: Deps) {
  let started: Date | null = null
  let last: Date | null = null
  return { begins, around, lastSeen: () => last?.toISOString() ?? null }

  /** From now on, this process shows things itself. */
  function begins(): void {
    started ??= now()
  }

  async function around({ body, next }: { body: unknown; next: () => Promise<void> }): Promise<void> {
    try {
      await next()
    } catch (error) {
      if (error instanceof NotKnownHere) notice(cameUp(body))
      throw error
    }
  }

  /** Anything forgotten here, or from before a backup was restored, is older. */
  function notice(at: Date | null): void {
    if (at === null || started === null || at < started) return
    const isNews = last === null || last < subHours(now(), 24)
    last = now()
    if (isNews) onSeen()
  }

  function cameUp(body: unknown): Date | null {
    const { container, view } = acted.parse(body)
    if (container !== undefined) return new Date(Number.parseFloat(container.message_ts) * 1000)
    const opened = view && openedAt(view.private_metadata)
    return opened && opened > subHours(now(), 1) ? opened : null
  }
}

const acted = z.looseObject({
  container: z.looseObject({ message_ts: z.string() }).optional().catch(undefined),
  view: z.looseObject({ private_metadata: z.string() }).optional().catch(undefined),
})

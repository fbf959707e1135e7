import { type Pace, requirePace } from './asks-an-hour.ts'
import { Refusal } from './refusal.ts'

/** Everything that already waits for whoever asks, and for the token. */
export type Waiting = Pace & {
  /** Open changes. */
  readonly ofRequester: number
  readonly ofToken: number
}

/**
 * The most open changes that one person and one token may have. Each takes up room in a list, a channel and somebody's
 * day: an honest team comes nowhere near, and whoever fills them up stops there.
 */
export const mostOpen = { ofRequester: 100, ofToken: 20 }

/** Throws a Refusal if there is no room for another. */
export function requireRoom(waiting: Waiting): void {
  requireRoomOfOwn(waiting)
  if (waiting.ofToken >= mostOpen.ofToken)
    throw new Refusal(
      'not_allowed',
      `One token can have at most ${mostOpen.ofToken} open changes, and this one has ${waiting.ofToken}. Nothing was sent: wait until they are decided or cancelled (the token's page lists them).`,
    )
}

/** The same for a change that is already open, and somebody else's so far. */
export function requireRoomOfOwn({ ofRequester, asked }: Omit<Waiting, 'ofToken'>): void {
  if (ofRequester >= mostOpen.ofRequester)
    throw new Refusal(
      'not_allowed',
      `One person can have at most ${mostOpen.ofRequester} open changes, and there are ${ofRequester}. Nothing was sent: cancel some first, or wait until they are decided (/token mine lists them).`,
    )
  requirePace({ asked })
}

import { Refusal } from './refusal.ts'

/** How many open changes there are already, of whoever asks for another one and of the token that it is for. */
export type Waiting = { readonly ofRequester: number; readonly ofToken: number }

/**
 * The most open changes that one person and one token may have. Each stands in a list, a channel and somebody's day: an
 * honest team is nowhere near, and whoever fills them up stops there.
 */
export const mostOpen = { ofRequester: 100, ofToken: 20 }

/** Throws a Refusal when there is no room for one more. */
export function requireRoom({ ofRequester, ofToken }: Waiting): void {
  if (ofRequester >= mostOpen.ofRequester)
    throw new Refusal(
      'not_allowed',
      `One person can have at most ${mostOpen.ofRequester} open changes, and there are ${ofRequester}. Nothing was sent: cancel some first, or wait until they are decided (/token mine lists them).`,
    )
  if (ofToken >= mostOpen.ofToken)
    throw new Refusal(
      'not_allowed',
      `One token can have at most ${mostOpen.ofToken} open changes, and this one has ${ofToken}. Nothing was sent: wait until they are decided or cancelled (the token's page lists them).`,
    )
}

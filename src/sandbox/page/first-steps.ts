import type { EmulatedSlack } from '../slack/protocol.ts'
import type { EmulatedStack } from '../stack/stack.ts'

export type World = { readonly slack: EmulatedSlack; readonly stack: EmulatedStack }

/** Something to try first: "As Bob, `before` `offer` `after`". */
type FirstStep = {
  /** Ids of those who do it, in this order. */
  readonly who: readonly [string, ...string[]]
  readonly before: string
  /** Leads to a channel, by its name, with a draft of this text there if it is a command. */
  readonly offer?: (world: World) => { readonly text: string; readonly channel: string }
  readonly after?: string
  readonly isDone: (world: World) => boolean
  /** True once this one of several has done their part. */
  readonly didTheirs?: (person: string, world: World) => boolean
}

export type FirstSteps = {
  readonly steps: readonly FirstStep[]
  /** Said once all of them are done. */
  readonly afterwards: string
}

/** As the page shows them: which are done, and whose turn each is. */
export function stepsNow({ steps, afterwards }: FirstSteps, world: World) {
  const shown = steps.map(({ who, before, offer, after = '', isDone, didTheirs = () => false }) => ({
    who: who.find((person) => !didTheirs(person, world)) ?? who.at(-1),
    before,
    offer: offer?.(world) ?? null,
    after,
    done: isDone(world),
  }))
  return { steps: shown, afterwards }
}

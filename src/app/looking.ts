import { createLooks } from '../workflow/looks/looks.ts'
import { createWatch } from '../workflow/looks/watch.ts'
import type { Clocks } from './clocks.ts'
import type { LogLines } from './log-lines.ts'
import type { OpenRecord } from './record.ts'
import type { Stacks } from './stacks.ts'

type Deps = Pick<OpenRecord, 'store'> & {
  readonly stacks: Stacks
  readonly clocks: Clocks
  readonly says: LogLines
  readonly news: () => void
  /** Called with a change to catch up with. */
  readonly soon: (id: number) => void
  /** Called when a token was looked at for a reason other than the change being applied to it. */
  readonly lookedElsewhere: (id: number) => void
}

export type Looking = ReturnType<typeof lookAtStacks>

/** Looks at the stacks' tokens and compares what it sees with the open changes. */
export function lookAtStacks({ store, stacks, clocks: { now, monotonic }, says, news, soon, lookedElsewhere }: Deps) {
  const { nameFor, hostFor } = stacks
  const watch = createWatch({ store, now, monotonic, soon, lookedElsewhere, onFailure: says.notHeldAgainst })
  const looks = createLooks({
    store,
    stacks: stacks.stacks,
    nameFor,
    now,
    monotonic,
    onLook: watch.seen,
    onReach: news,
    onDoor: (stack, why) => {
      says.door('Contentstack', why, { stack: nameFor(stack) })
      news()
    },
    onTrouble: (stack, why, err) =>
      says.stack(why, { ...(err !== undefined && { err }), stack: nameFor(stack), host: hostFor(stack) }),
  })
  return { watch, looks }
}

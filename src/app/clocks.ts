export type Clocks = {
  readonly now: () => Date
  /** Milliseconds that pass, whatever is done to the clock. */
  readonly monotonic: () => number
  /** The same for what is remembered of people and channels; the process's own unless given. */
  readonly ticks: (() => number) | undefined
}

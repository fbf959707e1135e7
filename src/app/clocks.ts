export type Clocks = {
  readonly now: () => Date
  /** Milliseconds that pass, whatever is done to the clock. */
  readonly monotonic: () => number
  /** The same, for how long people and channels are remembered; the process's own clock unless given. */
  readonly ticks: (() => number) | undefined
  /** Stands in for the clock of a database on a server, which says how long something is held. */
  readonly ofDatabase?: (() => Date) | undefined
}

/** A process of the app on this database, for the others. */
export type Instance = {
  readonly id: string
  readonly version: string
  /** The name of its machine. */
  readonly host: string
  /** The names under which it holds leases. */
  readonly names: readonly string[]
  /** Changes that it found not to be borne out by the log. */
  readonly doubts: readonly number[]
}

/** The processes of the app on one database. */
export type PresenceStore = {
  /**
   * Notes that this one is there, which holds for half a minute. Resolves to all that are there, in the order in which
   * they came: this one among them.
   */
  isPresent(instance: Instance): Promise<readonly Instance[]>
  hasLeft(id: string): Promise<void>
}

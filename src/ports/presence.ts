/** A process of the app on this database, for the others. */
export type Instance = {
  readonly id: string
  readonly version: string
  /** The name of its machine. */
  readonly host: string
  /** Its number on that machine; null for an earlier version, which does not say it. */
  readonly pid: number | null
  /** The names under which it holds leases. */
  readonly names: readonly string[]
  /** Changes that it found not to be borne out by the log. */
  readonly doubts: readonly number[]
}

/** An instance as people tell it from another. */
export type Named = Pick<Instance, 'id' | 'version' | 'host' | 'pid'>

/** Something that one process has learnt, and that the others would learn later. */
export type Notice =
  /** Slack said that what was known of somebody or something is out of date. */
  | { readonly about: 'person' | 'group' | 'channel'; readonly id: string }
  /** The App Homes known to be open are being brought up to date. */
  | { readonly about: 'homes' }

export type Listener = {
  /** Called with what another process has told. */
  readonly onNotice: (notice: Notice) => void
  /** Called once this one listens, at first and each time it had not been able to: it may have missed anything. */
  readonly onGap: () => void
}

/** The processes of the app on one database. */
export type PresenceStore = {
  /**
   * Notes that this one is there, which holds for half a minute. Resolves to all that are there, in the order in which
   * they came: this one among them. Throws LogTrouble if the log has lost what one of them saw in it.
   */
  isPresent(instance: Instance): Promise<readonly Instance[]>
  hasLeft(id: string): Promise<void>
  /** Tells those that listen, within moments. Some may miss it: nothing may be right only because of it. */
  tellOthers(notice: Notice): Promise<void>
  /** Listens to the others until it is stopped, however often the connection is lost. Resolves once that was tried. */
  hearOthers(listener: Listener): Promise<{ stop(): Promise<void> }>
}

/** The App Home that a person has open: the page that each list in it is turned to, and a digest of what it says. */
export type ShownHome = {
  readonly person: string
  readonly pages: Readonly<Record<string, number>>
  readonly digest: string
  readonly openedAt: string
}

/** The App Homes that people have open. */
export type HomeStore = {
  /** Home now shows this, instead of the earlier one. */
  homeIsShown(home: ShownHome): Promise<void>
  home(person: string): Promise<ShownHome | null>
  /** Every Home that is known to be shown, the last opened first. */
  homes(): Promise<readonly ShownHome[]>
  forgetHome(person: string): Promise<void>
  /** Forgets those last opened before `at`. */
  forgetHomes(at: string): Promise<void>
}

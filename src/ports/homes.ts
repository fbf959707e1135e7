/** The App Home that a person has before them: the page that each list in it is turned to, and a digest of what it says. */
export type ShownHome = {
  readonly person: string
  readonly pages: Readonly<Record<string, number>>
  readonly digest: string
  readonly openedAt: string
}

/** The App Homes that people have before them. */
export type HomeStore = {
  /** Home is now shown as this says, instead of as before. */
  homeIsShown(home: ShownHome): Promise<void>
  home(person: string): Promise<ShownHome | null>
  /** Every Home that is known to be shown, the last opened first. */
  homes(): Promise<readonly ShownHome[]>
  forgetHome(person: string): Promise<void>
  /** Forgets those last opened before `at`. */
  forgetHomes(at: string): Promise<void>
}

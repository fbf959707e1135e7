/** The file is not one to write a log to, or did not take what was written. `why` is a clause, for people. */
export class LogTrouble extends Error {
  override name = 'LogTrouble'
  readonly why: string
  constructor(why: string) {
    super(why)
    this.why = why
  }
}

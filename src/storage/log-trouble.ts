/** Thrown if the file is not fit for a log, or did not keep what was written. `why` is a clause, for people. */
export class LogTrouble extends Error {
  override name = 'LogTrouble'
  readonly why: string
  constructor(why: string) {
    super(why)
    this.why = why
  }
}

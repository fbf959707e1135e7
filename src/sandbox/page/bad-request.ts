/** A request that the page's server turns away; `message` is a sentence for whoever sent it. */
export class BadRequest extends Error {
  override name = 'BadRequest'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

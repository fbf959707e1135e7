import { Refusal } from '../refusal.ts'

/** A refusal of a command, with what can be said after its token instead. */
export class RefusedForAnother extends Refusal {
  readonly instead: string
  constructor(message: string, instead: string) {
    super('invalid', message)
    this.instead = instead
  }
}

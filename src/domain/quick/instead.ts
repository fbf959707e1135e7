import { Refusal } from '../refusal.ts'

/** A refusal of a command, with what can be said after its token instead; `verb` if another command says it. */
export class RefusedForAnother extends Refusal {
  readonly instead: string
  readonly verb: string | null
  constructor(message: string, instead: string, verb: string | null = null) {
    super('invalid', message)
    this.instead = instead
    this.verb = verb
  }
}

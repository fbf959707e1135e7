/** What is not publicly known of the real stack, each a switch. Sources: contentstack.md §1, §3, §4, §7. */
export type Behaviour = {
  /** Whether an update resets the keys that its body leaves out (`replace`) or keeps them (`merge`). */
  update: 'replace' | 'merge'
  unknownToken: 404 | 422
  wrongApiKey: 412 | 422
  /** Dotted paths that this stack understands. Null: a plan without the feature, which drops such keys silently. */
  rateLimitFields: { enabled: string; read: string; write: string } | null
  /** How an expiry reads after an update, whatever its format was. */
  expiry: 'as sent' | 'date' | 'instant'
  dropUnknownKeys: boolean
}

export const usual: Behaviour = {
  update: 'replace',
  unknownToken: 404,
  wrongApiKey: 412,
  rateLimitFields: { enabled: 'rate_limit_enabled', read: 'rate_limit.read', write: 'rate_limit.write' },
  expiry: 'as sent',
  dropUnknownKeys: true,
}

export type Refusing = { status: number; body: unknown }

/** What can go wrong between the app and the stack. Every switch may be changed at any time. */
export type Trouble = {
  /** Each request waits this long, in milliseconds, before it is looked at. */
  slowMs: number
  /** Everything is answered with 503. */
  down: boolean
  /** So many of the next requests are answered with 429. */
  rateLimited: number
  updates:
    | 'ok'
    | 'take, then never answer'
    | 'take, then close the socket'
    | 'take, then 500'
    /** The connection breaks before the stack has taken anything. */
    | 'never arrives'
    /** Answers 200, but keeps the old value of `droppedFields`. */
    | 'drop fields'
  /** Top-level keys of a token. */
  droppedFields: string[]
  /** Answers every update with this, and takes none. */
  refuse: Refusing | null
  /** Answers every read with this. */
  refuseReads: Refusing | null
}

export function noTrouble(): Trouble {
  return {
    slowMs: 0,
    down: false,
    rateLimited: 0,
    updates: 'ok',
    droppedFields: [],
    refuse: null,
    refuseReads: null,
  }
}

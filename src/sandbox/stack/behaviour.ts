import type { Forecast } from '../weather.ts'

/** Ways in which texts are kept; all but the first drop needless spaces. */
export const writings = ['as sent', 'trimmed', 'lower case', 'cut short', 'straight quotes', 'escaped'] as const

/** Facts about the real stack that are not publicly known, each a switch. Sources: contentstack.md §1, §3, §4, §7. */
export type Behaviour = {
  /** An update resets the keys that its body leaves out (`replace`) or keeps them (`merge`). */
  update: 'replace' | 'merge'
  unknownToken: 404 | 422
  wrongApiKey: 412 | 422
  /** Dotted paths that this stack understands. Null: a plan without the feature, which silently drops such keys. */
  rateLimitFields: { enabled: string; read: string; write: string } | null
  /** The form of an expiry after an update, whatever its form was before. */
  expiry: 'as sent' | 'date' | 'instant' | 'end of day'
  /** The form in which a name and a description from an update are kept. */
  text: (typeof writings)[number]
  /** The order in which a scope and the names in it are kept. */
  scope: 'as sent' | 'sorted'
  /** True if a token says when it was last edited, and by whom. */
  times: boolean
  /** The answer to an update shows the token as it was stored, or says only that it was. */
  updateAnswer: 'token' | 'notice'
  dropUnknownKeys: boolean
}

export const usual: Behaviour = {
  update: 'replace',
  unknownToken: 404,
  wrongApiKey: 412,
  rateLimitFields: { enabled: 'rate_limit_enabled', read: 'rate_limit.read', write: 'rate_limit.write' },
  expiry: 'as sent',
  text: 'as sent',
  scope: 'as sent',
  times: true,
  updateAnswer: 'token',
  dropUnknownKeys: true,
}

/** A body that is a text is sent as it is, as HTML. */
type Refusing = { status: number; body: unknown }

/** Things that a stack, or something before it, can do to the answer to a read. */
export const readTroubles = ['ok', 'huge', 'endless', 'a token twice', 'count too low', 'count too high'] as const
export type ReadTrouble = (typeof readTroubles)[number]

/** Everything that can go wrong between the app and the stack. Every switch may be changed at any time. */
export type Trouble = {
  /** Milliseconds that each request waits before it is looked at. */
  slowMs: number
  /** Every request is answered with 503. */
  down: boolean
  /** This many of the next requests are answered with 429. */
  rateLimited: number
  updates:
    | 'ok'
    | 'take, then never answer'
    | 'take, then close the socket'
    | 'take, then 500'
    /** Something in between sends it twice: it is taken, and the answer is the no to the second. */
    | 'take, then refuse'
    /** The connection breaks before the stack has taken anything. */
    | 'never arrives'
    /**
     * The connection breaks, and the stack takes the update only when it is let through: see `EmulatedStack.letArrive`.
     */
    | 'arrives late'
    /** Answers 200, but keeps the old value of `droppedFields`. */
    | 'drop fields'
  /** Top-level keys of a token. */
  droppedFields: string[]
  /** Answers every update with this, and takes none. */
  refuse: Refusing | null
  /** Answers every read with this. */
  refuseReads: Refusing | null
  /** Answers the list of branches, or of aliases, with this. */
  refuseLists: { branches?: Refusing; branch_aliases?: Refusing }
  /** Fields of the stack's own record that read like this instead. */
  oddStack: Record<string, unknown>
  /** Branches and aliases that are listed as deleted, with a time. */
  deleted: string[]
  /** Answers to the next reads of tokens, one after another: a gateway's page, or another service's no. */
  nextReads: Refusing[]
  /** This many of the next reads of tokens show each as it was before its last change. */
  staleReads: number
  /** Reads show the tokens as they were this many milliseconds ago. */
  lagMs: number
  /** This many of the next lists of tokens are empty. */
  shortLists: number
  /** Milliseconds after which a late update arrives by itself; never unless given. */
  lateMs: number | null
  /** Trouble for the answers to reads that would succeed. */
  reads: ReadTrouble
  /** The fate of each request on its way to the stack. */
  weather: Forecast | null
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
    refuseLists: {},
    oddStack: {},
    deleted: [],
    nextReads: [],
    staleReads: 0,
    lagMs: 0,
    shortLists: 0,
    lateMs: null,
    reads: 'ok',
    weather: null,
  }
}

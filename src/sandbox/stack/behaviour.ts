/** Ways to keep a text; each but the first without needless spaces. */
export const writings = ['as sent', 'trimmed', 'lower case', 'cut short', 'straight quotes', 'escaped'] as const

/** What is not publicly known of the real stack, each a switch. Sources: contentstack.md §1, §3, §4, §7. */
export type Behaviour = {
  /** Whether an update resets the keys that its body leaves out (`replace`) or keeps them (`merge`). */
  update: 'replace' | 'merge'
  unknownToken: 404 | 422
  wrongApiKey: 412 | 422
  /** Dotted paths that this stack understands. Null: a plan without the feature, which drops such keys silently. */
  rateLimitFields: { enabled: string; read: string; write: string } | null
  /** How an expiry reads after an update, whatever its format was. */
  expiry: 'as sent' | 'date' | 'instant' | 'end of day'
  /** What becomes of a name and a description that an update brings. */
  text: (typeof writings)[number]
  /** In which order a scope and the names in it are kept. */
  scope: 'as sent' | 'sorted'
  /** Whether a token says when it was edited last, and by whom. */
  times: boolean
  /** Whether the answer to an update shows the token as it was stored, or says no more than that it was. */
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

/** What a stack, or something before it, can make of the answer to a read. */
export const readTroubles = ['ok', 'huge', 'endless', 'a token twice', 'count too low', 'count too high'] as const
export type ReadTrouble = (typeof readTroubles)[number]

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
    /** As where something between sends it twice: it is taken, and the answer is the no to the second. */
    | 'take, then refuse'
    /** The connection breaks before the stack has taken anything. */
    | 'never arrives'
    /** The connection breaks, and the stack takes the update only when it is let arrive: see `EmulatedStack.letArrive`. */
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
  /** Branches and aliases that are listed with a time at which they were deleted. */
  deleted: string[]
  /** What the next reads of tokens are answered with, one after the other: a gateway's page, another service's no. */
  nextReads: Refusing[]
  /** So many of the next reads of tokens show them as they were before the last thing that happened to each. */
  staleReads: number
  /** Reads show the tokens as they were so many milliseconds ago. */
  lagMs: number
  /** So many of the next lists of tokens are empty. */
  shortLists: number
  /** Milliseconds after which an update that arrives late does so by itself; never unless given. */
  lateMs: number | null
  /** What becomes of the answers to reads that are in order. */
  reads: ReadTrouble
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
  }
}

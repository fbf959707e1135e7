import { inRuns, type Pause } from '../breathe.ts'
import { fromOutside } from '../domain/from-outside.ts'
import { StillListed } from '../domain/looks/gone.ts'
import { Outage } from '../domain/outside-trouble.ts'
import { AccessRefused, Refusal } from '../domain/refusal.ts'
import { isBlank } from '../domain/text.ts'
import type { Settings, StackFacts } from '../domain/token/token.ts'
import { type Unreadable, unreadable } from '../domain/token/unreadable.ts'
import type { LiveToken, StackApi, Urgency, WriteAnswer } from '../ports/stack.ts'
import { proxyTo } from '../proxies-used.ts'
import { uidOf } from './bounds.ts'
import type { Credential } from './credential.ts'
import { readFailure, refusalOfList, StackOutage, writeFailure } from './errors.ts'
import { readFacts } from './facts.ts'
import { type Fields, isFields } from './fields.ts'
import { createHttp, NotSent, type PutAnswer } from './http.ts'
import { allRecords } from './pages.ts'
import { type ReadToken, readToken } from './read-token.ts'
import { type RateLimitFields, rateLimitPaths } from './token-rate-limits.ts'
import { listed, oneToken, updateAnswer } from './wire.ts'
import { writeToken } from './write-token.ts'

export type StackOptions = {
  /** The stack's name in the configuration. */
  readonly name: string
  readonly baseUrl: string
  readonly apiKey: string
  readonly credential: Credential
  /** Needed if the organisation has single sign-on. Source: contentstack.md §5. */
  readonly organisation?: string
  readonly rateLimitFields: RateLimitFields | null
  /** Milliseconds for one try of a read; 10 seconds unless given. */
  readonly readTimeoutMs?: number
  /** Milliseconds for a write in all. A lease must outlast it. */
  readonly writeTimeoutMs: number
  /** Two unless given. */
  readonly requestsPerSecond?: number
  /** How many processes share that; one unless given. */
  readonly sharedBy?: () => number
  /** Milliseconds before the first retry of a read; 300 unless given. */
  readonly retryDelayMs?: number
  readonly fetch?: typeof fetch
  /** Called for each token in a list that the app can't read and so leaves out. */
  readonly onUnreadable?: (uid: string, why: string) => void
  /** Between runs of a long list; unless given, leaves most of the time to others. */
  readonly pause?: Pause
}

export type ContentstackStack = StackApi & {
  /**
   * Resolves if the credential may read this stack's tokens; else throws an Outage, or a Refusal that says what to do.
   */
  check(): Promise<void>
  /**
   * Dotted paths in live tokens that look like rate limits or are configured as such, for whoever configures the
   * fields.
   */
  rateLimitPaths(): Promise<readonly string[]>
}

const tokensPath = 'stacks/management_tokens'

/** Tokens of a list read between two rests: some two milliseconds of work. */
const readAtOnce = 25

/** For a request's id, since it comes from outside and is kept for good. */
const longestId = 100

/** The tokens of one stack, over the Content Management API. */
export function createStack(options: StackOptions): ContentstackStack {
  const { name: stack, credential, baseUrl, rateLimitFields } = options
  const http = createHttp({
    readTimeoutMs: 10_000,
    requestsPerSecond: 2,
    retryDelayMs: 300,
    fetch: globalThis.fetch,
    ...options,
  })

  /** The stack's own name once it is known, as people read it elsewhere. */
  let called = stack
  let lastUnreadable: readonly Unreadable[] = []
  return {
    tokens: (wanted) => reading(async () => (await list(wanted)).map(({ raw: _, ...token }) => ({ stack, ...token }))),
    unreadable: () => lastUnreadable,
    token,
    facts,
    update,
    check,
    rateLimitPaths: () =>
      reading(async () =>
        [...new Set((await list()).flatMap(({ raw }) => rateLimitPaths(raw, rateLimitFields)))].sort(),
      ),
  }

  async function reading<T>(read: () => Promise<T>, uid?: string): Promise<T> {
    try {
      return await read()
    } catch (error) {
      throw readFailure(error, context(), uid)
    }
  }

  function context() {
    return { stack: called, credential, baseUrl }
  }

  async function facts(): Promise<StackFacts> {
    const organisation = options.organisation
    const whyRefused = (error: unknown) => refusalOfList(error, credential)
    const seen = await reading(() => readFacts(http, { organisation, whyRefused }))
    const title = isBlank(seen.title) ? stack : seen.title
    called = fromOutside(title) || stack
    return { ...seen, title, rateLimitsGoverned: rateLimitFields !== null }
  }

  /** An answer that a token is gone may be a moment late, or from another service: the list has to confirm it. */
  async function token(uid: string, wanted?: Urgency): Promise<LiveToken> {
    pathOf(uid)
    try {
      return await reading(() => look(uid, wanted), uid)
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'not_found' || !(await isListed(uid, wanted))) throw error
      throw new StillListed(
        `The stack "${called}" says that it has no token ${uid}, but lists it, so nothing can be said about it: try again in a minute.`,
      )
    }
  }

  async function isListed(uid: string, wanted?: Urgency): Promise<boolean> {
    const records = await reading(() => allRecords(http, tokensPath, 'tokens', wanted))
    return records.some((record) => uidOf(record) === uid)
  }

  async function list(wanted?: Urgency): Promise<ReadToken[]> {
    const records = await allRecords(http, tokensPath, 'tokens', wanted)
    const read: ReadToken[] = []
    const unread: Unreadable[] = []
    for await (const run of inRuns(records, readAtOnce, options.pause))
      read.push(...run.flatMap((record) => readListed(record, unread)))
    const [once, twice] = partedByUid(read)
    for (const uid of twice) {
      const { settings } = read.find((token) => token.uid === uid)!
      tellUnreadable(unread, uid, settings, 'the list has it twice, with different content')
    }
    lastUnreadable = unread
    return once
  }

  function readListed(record: unknown, unread: Unreadable[]): ReadToken[] {
    try {
      return [readToken(record, rateLimitFields)]
    } catch (error) {
      tellUnreadable(unread, uidOf(record), record, (error as Error).message)
      return []
    }
  }

  function tellUnreadable(unread: Unreadable[], uid: string, record: unknown, why: string): void {
    unread.push(unreadable(uid, record, why))
    options.onUnreadable?.(uid, why)
  }

  async function look(uid: string, wanted?: Urgency): Promise<LiveToken> {
    const { token } = oneToken.parse(await http.get(pathOf(uid), {}, {}, wanted))
    const read = readable(uid, token)
    if (read.uid !== uid)
      throw new Refusal(
        'unavailable',
        `"${called}" answered with another token than ${uid}, so nothing can be said about it: an operator must look into what sits between Countersign and the stack.`,
      )
    // A look at one token is newer than the list.
    lastUnreadable = lastUnreadable.filter((one) => one.uid !== uid)
    return { stack, ...read }
  }

  function readable(uid: string, record: unknown): ReadToken {
    try {
      return readToken(record, rateLimitFields)
    } catch (error) {
      const why = (error as Error).message
      throw new Refusal(
        'unavailable',
        `Token ${uid} of "${called}" can't be read (${why}), so it can't be changed here: change it in Contentstack.`,
      )
    }
  }

  async function update(live: LiveToken, after: Settings): Promise<WriteAnswer> {
    try {
      return taken(
        live.uid,
        await http.put(pathOf(live.uid), { token: writeToken(lookedAt(live), after, rateLimitFields) }),
      )
    } catch (error) {
      return error instanceof NotSent ? notSent(error) : writeFailure(error, context())
    }
  }

  /** A 2xx that is not the stack's answer to this update proves nothing: something in between may have given it. */
  function taken(uid: string, { body, requestId }: PutAnswer): WriteAnswer {
    const id = requestId === null ? {} : { requestId: requestId.slice(0, longestId) }
    const answer = updateAnswer.safeParse(body)
    if (!answer.success)
      return {
        kind: 'unknown',
        why: 'the answer to the update did not come from the stack, although it reported success',
        ...id,
      }
    const { token } = answer.data
    if (token === undefined) return { kind: 'taken', ...id }
    if (uidOf(token) !== uid)
      return {
        kind: 'unknown',
        why: 'the answer to the update was about another token, although it reported success',
        ...id,
      }
    const read = witness(token)
    if (read === null) return { kind: 'taken', ...id }
    const { settings: stored, edited } = read
    return { kind: 'taken', ...id, stored, ...(edited.at !== null && { editedAt: edited.at }), edited }
  }

  /** Null if the answer shows less of the token than a look does. */
  function witness(token: unknown): ReadToken | null {
    try {
      return isFields(token) && 'scope' in token ? readToken(token, rateLimitFields) : null
    } catch {
      return null
    }
  }

  async function check() {
    try {
      await reading(async () => listed('tokens').parse(await http.get(tokensPath, { limit: 1 })))
    } catch (error) {
      if (error instanceof Refusal || (error instanceof StackOutage && error.isExplained)) throw error
      const proxy = proxyTo(baseUrl)
      const suspect = proxy === null ? 'region or base_url' : `proxy at ${proxy}`
      throw new Outage(`${(error as Error).message} Check the ${suspect}, and the network.`)
    }
  }
}

function notSent({ message, cause }: NotSent): WriteAnswer {
  return { kind: 'busy', why: message, ...(cause instanceof AccessRefused && { barred: cause }) }
}

/** A text that is not a uid would make another address. */
function pathOf(uid: string): string {
  if (!/^[\w-]+$/.test(uid))
    throw new Refusal('not_found', `${JSON.stringify(uid)} is not a token's uid: choose a token.`)
  return `${tokensPath}/${uid}`
}

function lookedAt({ raw }: LiveToken): Fields {
  if (isFields(raw)) return raw
  throw new Refusal(
    'invalid',
    'the last look has nothing of the token that could be sent back: this update was not sent; look again',
  )
}

/** Records whose uid is theirs alone, and the uids that several have: nobody can say which of those is the token. */
function partedByUid(read: readonly ReadToken[]): [ReadToken[], ReadonlySet<string>] {
  const seen = new Set<string>()
  const twice = new Set(read.flatMap(({ uid }) => (seen.size === seen.add(uid).size ? [uid] : [])))
  return [read.filter(({ uid }) => !twice.has(uid)), twice]
}

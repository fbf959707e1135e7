import { setTimeout as sleep } from 'node:timers/promises'
import { copied } from '../copy.ts'
import { createAllowance } from './allowance.ts'
import { type Answer, answers } from './answers.ts'
import { type Behaviour, noTrouble, type Trouble } from './behaviour.ts'
import { type Asked, read, readsTokens, turnedAway, updatedToken } from './endpoints.ts'
import { type Reply, serve } from './http.ts'
import { createOAuth, type EmulatedOAuth, noTrouble as noOAuthTrouble } from './oauth.ts'
import { createPast } from './past.ts'
import { unkindAnswer } from './unkind-answer.ts'
import { oddly } from './unkind-facts.ts'
import { unkindly } from './unkind-reads.ts'
import { type Hooks, update } from './update.ts'
import { editedAt, type WireToken } from './wire-token.ts'
import { createWorld, type StackOptions } from './world.ts'

/** `status` is null until there is an answer, and stays null if the connection was broken off. */
export type SeenRequest = { method: string; path: string; body: unknown; status: number | null; at: string }

export type EmulatedStack = {
  url: string
  apiKey: string
  authtoken: string
  tokens(): WireToken[]
  token(uid: string): WireToken | undefined
  /** Edits a token by hand, past the app, to cause drift. Throws if there is no such token. */
  edit(uid: string, patch: Partial<WireToken>): void
  /** Points an alias to another branch, by hand and past the app. Throws if there is no such alias or branch. */
  point(alias: string, branch: string): void
  aliases(): { alias: string; target: string }[]
  branches(): string[]
  /** Deletes a token by hand, past the app. */
  remove(uid: string): void
  /** Lets the updates arrive that are on their way: see the trouble `arrives late`. */
  letArrive(): void
  readonly behaviour: Behaviour
  readonly trouble: Trouble
  readonly hooks: Hooks
  readonly oauth: EmulatedOAuth
  readonly requests: readonly SeenRequest[]
  /** How many updates the stack has taken, in all or for one token. */
  takenUpdates(uid?: string): number
  /** Called after every answer and every edit. Returns how to stop listening. */
  onChange(listener: () => void): () => void
  /** Forgets requests and counts, and ends every trouble and hook. Tokens stay as they are. */
  clear(): void
  stop(): Promise<void>
}

/** Starts an emulated Contentstack on loopback. It knows one stack, one organisation and one person. */
export async function startStack(options: StackOptions = {}): Promise<EmulatedStack> {
  const world = createWorld(options)
  const trouble = noTrouble()
  const hooks: Hooks = {}
  const requests: SeenRequest[] = []
  const taken: string[] = []
  const late: (() => void)[] = []
  const past = createPast(world.tokens.values())
  const listeners = new Set<() => void>()
  const allowance = createAllowance(options.requestsPerSecond ?? 10)
  const stopping = new AbortController()
  const { oauth, letsIn, answer: tokensAnswer } = createOAuth({ ...options, signal: stopping.signal, now: world.now })
  const { url, stop } = await serve(handle, options.port ?? 0, () => trouble.weather)

  return {
    url,
    apiKey: world.apiKey,
    authtoken: world.authtoken,
    tokens: () => copied([...world.tokens.values()]),
    token: (uid) => copied(world.tokens.get(uid)),
    edit,
    point,
    aliases: () => copied(world.aliases),
    branches: () => [...world.branches],
    remove,
    letArrive,
    behaviour: world.behaviour,
    trouble,
    hooks,
    oauth,
    requests,
    takenUpdates: (uid) => taken.filter((each) => uid === undefined || each === uid).length,
    onChange,
    clear,
    stop: async () => {
      stopping.abort()
      await stop()
    },
  }

  async function handle(asked: Asked, reply: Reply, hangUp: () => void) {
    const { method, path, body } = asked
    const ofOAuth = await tokensAnswer(asked)
    if (ofOAuth === null) return hangUp()
    if (ofOAuth !== undefined) return reply(ofOAuth, ofOAuth.headers ?? {})
    const seen: SeenRequest = { method, path, body, status: null, at: new Date().toISOString() }
    requests.push(seen)
    if (trouble.slowMs > 0) await sleep(trouble.slowMs, undefined, { signal: stopping.signal })
    const left = allowance(method)
    const answer = await answerTo(asked, left)
    if (answer === null) hangUp()
    if (answer !== null && answer !== 'never') {
      seen.status = answer.status
      reply(answer, rateLimitHeaders(left))
    }
    changed()
  }

  async function answerTo(asked: Asked, left: number): Promise<Answer | 'never' | null> {
    const uid = updatedToken(asked)
    if (uid !== undefined && trouble.updates === 'never arrives') return null
    if (trouble.down) return answers.down
    if (trouble.rateLimited > 0) {
      trouble.rateLimited -= 1
      return answers.tooManyRequests
    }
    if (options.requestsPerSecond !== undefined && left < 0) return answers.tooManyRequests
    const no = turnedAway(asked, world, letsIn)
    if (no) return no
    if (uid !== undefined) return update({ uid, body: asked.body, world, trouble, hooks, take, later })
    await hooks.beforeReading?.()
    return (
      trouble.refuseReads ??
      unkindAnswer(asked, trouble) ??
      oddly(asked, unkindly(asked, read(asked, world, shownTo(asked)), trouble.reads), trouble)
    )
  }

  /** The tokens that this read shows, which may be outdated. */
  function shownTo(asked: Asked): readonly WireToken[] {
    if (readsTokens(asked) && trouble.staleReads > 0) {
      trouble.staleReads -= 1
      return past.before()
    }
    return trouble.lagMs > 0 ? past.ago(trouble.lagMs) : [...world.tokens.values()]
  }

  function later(arrive: () => void) {
    late.push(arrive)
    if (trouble.lateMs !== null) sleep(trouble.lateMs, undefined, { signal: stopping.signal }).then(letArrive, () => {})
  }

  function letArrive() {
    for (const arrive of late.splice(0)) arrive()
  }

  function rateLimitHeaders(left: number) {
    return {
      'X-RateLimit-Limit': String(options.requestsPerSecond ?? 10),
      'X-RateLimit-Remaining': String(Math.max(left, 0)),
    }
  }

  function take(token: WireToken) {
    world.tokens.set(token.uid, token)
    past.note(token.uid, token)
    taken.push(token.uid)
    changed()
  }

  function edit(uid: string, patch: Partial<WireToken>) {
    const token = world.tokens.get(uid)
    if (!token) throw new Error(`The emulated stack has no token ${uid}, so there is nothing to edit.`)
    const by = { updated_at: editedAt(world.now(), token), updated_by: 'blt5c1de0000000bad0' }
    const edited = copied({ ...token, ...by, ...patch, uid })
    world.tokens.set(uid, edited)
    past.note(uid, edited)
    changed()
  }

  function point(alias: string, branch: string) {
    const pointer = world.aliases.find((one) => one.alias === alias)
    if (!pointer || !world.branches.includes(branch))
      throw new Error(`The emulated stack has no alias ${alias}, or no branch ${branch} for it to point to.`)
    pointer.target = branch
    changed()
  }

  function remove(uid: string) {
    world.tokens.delete(uid)
    past.note(uid, null)
    changed()
  }

  function onChange(listener: () => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  function clear() {
    requests.length = 0
    taken.length = 0
    late.length = 0
    Object.assign(trouble, noTrouble())
    Object.assign(oauth.trouble, noOAuthTrouble())
    delete hooks.beforeReading
    delete hooks.beforeTaking
    delete hooks.afterTaking
    changed()
  }

  function changed() {
    for (const listener of listeners) listener()
  }
}

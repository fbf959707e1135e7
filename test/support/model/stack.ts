import assert from 'node:assert/strict'
import { Refusal } from '../../../src/domain/refusal.ts'
import type { LastEdit, Settings, Token } from '../../../src/domain/token/token.ts'
import type { LiveToken, StackApi, WriteAnswer } from '../../../src/ports/stack.ts'
import { createClock } from '../clock.ts'
import { facts } from '../world.ts'

/**
 * The fate of a write. `late`: there is no answer, and it lands that many seconds later. At a `dies` the app is killed.
 */
export type Fate =
  | { readonly kind: 'takes' | 'silent' | 'lost' | 'busy' | 'refused' | 'dies before' | 'dies after' | 'garbled' }
  | { readonly kind: 'late'; readonly seconds: number }
  | { readonly kind: 'keeps'; readonly field: 'name' | 'description' | 'permissions' | 'expiresOn' | 'branches' }
  /** Taken and answered, but this many of the next reads still show the earlier state. */
  | { readonly kind: 'behind'; readonly reads: number }
  /** Taken and answered, but time passes, and somebody may set the clock, before it lands. */
  | { readonly kind: 'slow'; readonly seconds: number; readonly set: number }

export type Slow = Extract<Fate, { kind: 'slow' }>

/** The ways in which stacks differ. */
export type Kind = {
  /** Tells when a token was last edited. */
  readonly times: boolean
  /** Shows the token in its answer to an update. */
  readonly shows: boolean
  /** Keeps names and descriptions in its own form. */
  readonly text: 'as sent' | 'trimmed' | 'lower case'
  /** Keeps the end of the day on which a token expires. */
  readonly endOfDay: boolean
}

/** A token from one moment on, and who made it so: an update, somebody's hand, or nobody. */
export type Version = { readonly settings: Settings; readonly edited: LastEdit; readonly by: Update | 'hand' | null }

export type Update = {
  readonly change: number
  readonly tokenUid: string
  readonly after: Settings
  readonly over: Settings
  readonly answer: WriteAnswer['kind']
  state: 'lost' | 'landed' | 'on its way'
}

/** No replica is behind for longer than this, in seconds. */
const longestLag = 890

/** `behind`: this many of the next reads show the token as it was earlier. */
type Kept = { readonly versions: Version[]; behind: number }

type Deps = {
  readonly kind: Kind
  /** The change that sends the update being sent now. */
  readonly changeOf: (uid: string) => Promise<number>
  readonly die: () => void
  /** Happens while an update of this process is on its way. */
  readonly meanwhile: (fate: Slow, process: number) => Promise<void>
  /** Called for each update, before anything becomes of it. */
  readonly onUpdate: (update: Update) => void
  /** Called for each landing, before it changes anything. */
  readonly onLanding: (update: Update, versions: readonly Version[], next: Settings) => void
}

export type UnkindStack = ReturnType<typeof createUnkindStack>

/** Tokens on a stack that lags, normalises, loses, answers late and returns short lists, with a clock of its own. */
export function createUnkindStack(
  initial: Readonly<Record<string, Settings>>,
  { kind, changeOf, die, meanwhile, onUpdate, onLanding }: Deps,
) {
  const began = Date.parse(createClock().iso())
  let seconds = 0
  const tokens = new Map(
    Object.entries(initial).map(([uid, settings]) => {
      const versions: Version[] = [{ settings, edited: editedAt(), by: null }]
      return [uid, { versions, behind: 0 }] as [string, Kept]
    }),
  )
  const updates: Update[] = []
  /** The tokens with an update that has neither landed nor been answered. */
  const underWay = new Set<string>()
  const sentAt = new Map<Version['by'], number>()
  const shown = new Set<Version>()
  const late: { readonly at: number; readonly land: () => void }[] = []
  const stack = {
    updates,
    uids: [...tokens.keys()],
    versions: (uid: string): readonly Version[] => tokens.get(uid)!.versions,
    fates: [] as Fate[],
    /** This many of the next reads show the token as it was one version ago. */
    stale: 0,
    /** This many of the next lists are empty. */
    short: 0,
    apiOf,
    byHand: (uid: string, patch: Partial<Settings>) => push(uid, { ...now(uid).settings, ...patch }, 'hand'),
    pass,
    calmsDown,
  }
  return stack

  /** The stack as one process sees it. */
  function apiOf(process: number): StackApi {
    return {
      tokens: async () => {
        if (stack.short === 0) return stack.uids.map((uid) => tokenOf(uid, read(uid)))
        stack.short -= 1
        return []
      },
      token: async (uid): Promise<LiveToken> => {
        if (!tokens.has(uid)) throw new Refusal('not_found', `no token ${uid}`)
        return { ...tokenOf(uid, read(uid)), raw: {} }
      },
      facts: async () => facts(),
      update: async ({ uid, settings: over }, after) =>
        answerTo({ uid, over, after, process, change: await changeOf(uid) }),
    }
  }

  function now(uid: string): Version {
    return tokens.get(uid)!.versions.at(-1)!
  }

  function push(uid: string, settings: Settings, by: Version['by']): void {
    seconds += 0.01
    tokens.get(uid)!.versions.push({ settings, edited: editedAt(), by })
  }

  function editedAt(): LastEdit {
    return { by: 'blt1', at: new Date(began + seconds * 1000).toISOString() }
  }

  function read(uid: string): Version {
    const token = tokens.get(uid)!
    if (token.behind > 0) token.behind -= 1
    else if (stack.stale > 0) stack.stale -= 1
    else return showing(now(uid))
    return showing(earlier(token.versions) ?? now(uid))
  }

  function showing(version: Version): Version {
    shown.add(version)
    return version
  }

  /**
   * An update and the look that shows it are late by no more than one of them may be: nobody waits for both. Without
   * times, a look from before somebody's edit can't be told from one after it, nor can an edit by hand that no look
   * showed before an update overwrote it.
   */
  function earlier(versions: readonly Version[]): Version | undefined {
    const next = kind.times ? versions.length - 1 : versions.findLastIndex(({ by }) => by !== null && by !== 'hand')
    const last = versions[next]
    const since = last && (sentAt.get(last.by) ?? Date.parse(last.edited.at!))
    const before = versions[next - 1]
    if (!kind.times && before?.by === 'hand' && !shown.has(before)) return undefined
    return since && began + seconds * 1000 - since <= longestLag * 1000 ? before : undefined
  }

  function tokenOf(uid: string, { settings, edited }: Version): Token {
    return { stack: 'website', uid, settings, ...(kind.times && { edited }) }
  }

  /** From now on it causes no trouble. */
  function calmsDown(): void {
    Object.assign(stack, { fates: [], stale: 0, short: 0 })
    for (const token of tokens.values()) token.behind = 0
  }

  /** Passes time for updates on their way. */
  function pass(more: number): void {
    seconds += more
    for (const one of late.splice(0)) {
      if (one.at <= seconds) one.land()
      else late.push(one)
    }
  }

  type Sent = {
    readonly uid: string
    readonly over: Settings
    readonly after: Settings
    readonly change: number
    readonly process: number
  }

  async function answerTo(sent: Sent): Promise<WriteAnswer> {
    const { uid, over, after, change } = sent
    assert.ok(!underWay.has(uid), `an update of ${uid} is sent while another is on its way`)
    const fate = stack.fates.shift() ?? { kind: 'takes' }
    const update: Update = { change, tokenUid: uid, after, over, answer: answerKind(fate), state: 'lost' }
    onUpdate(update)
    updates.push(update)
    sentAt.set(update, began + seconds * 1000)
    const land = () => {
      const kept = fate.kind === 'keeps' ? { [fate.field]: now(uid).settings[fate.field] } : {}
      const next = { ...written(after), ...kept }
      onLanding(update, stack.versions(uid), next)
      update.state = 'landed'
      push(uid, next, update)
    }
    if (fate.kind === 'slow') await takesLong(sent, fate)
    if (fate.kind === 'late') {
      update.state = 'on its way'
      late.push({ at: seconds + fate.seconds, land })
    }
    if (['takes', 'silent', 'keeps', 'behind', 'slow', 'dies after', 'garbled'].includes(fate.kind)) land()
    if (fate.kind === 'behind') tokens.get(uid)!.behind = fate.reads
    if (fate.kind.startsWith('dies')) die()
    return update.answer === 'taken' ? taken(uid) : { kind: update.answer, why: fate.kind }
  }

  async function takesLong({ uid, process }: Sent, fate: Slow): Promise<void> {
    underWay.add(uid)
    await meanwhile(fate, process).finally(() => underWay.delete(uid))
  }

  function answerKind({ kind: fate }: Fate): WriteAnswer['kind'] {
    if (['takes', 'keeps', 'behind', 'slow'].includes(fate)) return 'taken'
    if (fate === 'busy' || fate === 'refused') return fate
    return fate === 'garbled' ? 'unknown' : 'none'
  }

  function taken(uid: string): WriteAnswer {
    if (!kind.shows) return { kind: 'taken' }
    const { settings: stored, edited } = now(uid)
    return { kind: 'taken', stored, ...(kind.times && { editedAt: edited.at!, edited }) }
  }

  function written(after: Settings): Settings {
    const { name, description, expiresOn } = after
    const day = kind.endOfDay && expiresOn !== null ? `${expiresOn.slice(0, 10)}T23:59:59.999Z` : expiresOn
    return { ...after, name: text(name), description: text(description), expiresOn: day }
  }

  function text(sent: string): string {
    if (kind.text === 'as sent') return sent
    return kind.text === 'trimmed' ? sent.trim() : sent.trim().toLowerCase()
  }
}

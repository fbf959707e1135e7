import { Refusal } from '../../src/domain/refusal.ts'
import type { LastEdit, Settings, Token } from '../../src/domain/token.ts'
import type { LiveToken, StackApi, WriteAnswer } from '../../src/ports.ts'
import { createClock } from './clock.ts'
import { facts } from './world.ts'

/** What becomes of a write. `late`: nobody is answered, and it lands so many seconds later. At a `dies` the app is killed. */
export type Fate =
  | { readonly kind: 'takes' | 'silent' | 'lost' | 'busy' | 'refused' | 'dies before' | 'dies after' | 'garbled' }
  | { readonly kind: 'late'; readonly seconds: number }
  | { readonly kind: 'keeps'; readonly field: 'name' | 'description' }
  /** Taken and answered, and so many of the next reads still show what was before. */
  | { readonly kind: 'behind'; readonly reads: number }

/** In what a stack differs from others. */
export type Kind = {
  /** Tells when a token was edited last. */
  readonly times: boolean
  /** Shows the token in its answer to an update. */
  readonly shows: boolean
  /** Keeps names and descriptions in its own writing. */
  readonly text: 'as sent' | 'trimmed' | 'lower case'
  /** Keeps the end of the day on which a token expires. */
  readonly endOfDay: boolean
}

/** A token as it was from one moment on, and who made it so: a change by its number, somebody's hand, or nobody. */
export type Version = { readonly settings: Settings; readonly edited: LastEdit; readonly by: number | 'hand' | null }

export type Update = {
  readonly change: number
  readonly after: Settings
  readonly over: Settings
  state: 'lost' | 'landed' | 'on its way'
}

/** No replica is behind for longer than this, in seconds. */
const longestLag = 890

type Deps = {
  readonly kind: Kind
  /** Which change sends the update that is just sent. */
  readonly changeOf: (uid: string) => Promise<number>
  readonly die: () => Promise<never>
  /** Told of each landing, before it changes anything. */
  readonly onLanding: (update: Update, now: Version, next: Settings) => void
}

/** One token on a stack that lags, normalises, loses, answers late and tells short lists, with a clock of its own. */
export function createUnkindStack(initial: Settings, { kind, changeOf, die, onLanding }: Deps) {
  const uid = 't1'
  const began = Date.parse(createClock().iso())
  let seconds = 0
  const versions: Version[] = [{ settings: initial, edited: editedAt(), by: null }]
  const updates: Update[] = []
  const late: { readonly at: number; readonly land: () => void }[] = []
  const stack = {
    versions,
    updates,
    fates: [] as Fate[],
    /** So many of the next reads show the token as it was one version ago. */
    stale: 0,
    /** So many of the next lists are empty. */
    short: 0,
    api: {} as StackApi,
    byHand: (patch: Partial<Settings>) => void push({ ...now().settings, ...patch }, 'hand'),
    pass,
  }
  stack.api = {
    tokens: async () => {
      if (stack.short === 0) return [tokenOf(read())]
      stack.short -= 1
      return []
    },
    token: async (asked): Promise<LiveToken> => {
      if (asked !== uid) throw new Refusal('not_found', `no token ${asked}`)
      return { ...tokenOf(read()), raw: {} }
    },
    facts: async () => facts(),
    update: async (live, after) => answerTo({ live, after, change: await changeOf(uid) }),
  }
  return stack

  function now(): Version {
    return versions.at(-1)!
  }

  function push(settings: Settings, by: Version['by']): void {
    seconds += 0.01
    versions.push({ settings, edited: editedAt(), by })
  }

  function editedAt(): LastEdit {
    return { by: 'blt1', at: new Date(began + seconds * 1000).toISOString() }
  }

  function read(): Version {
    if (stack.stale === 0) return now()
    stack.stale -= 1
    return earlier() ?? now()
  }

  /** Without times, a look from before somebody's edit alone can't be told from one after it. */
  function earlier(): Version | undefined {
    const next = kind.times ? versions.length - 1 : versions.findLastIndex(({ by }) => typeof by === 'number')
    const since = versions[next] && Date.parse(versions[next].edited.at!)
    return since && began + seconds * 1000 - since <= longestLag * 1000 ? versions[next - 1] : undefined
  }

  function tokenOf({ settings, edited }: Version): Token {
    return { stack: 'website', uid, settings, ...(kind.times && { edited }) }
  }

  /** Time passes for what is on its way. */
  function pass(more: number): void {
    seconds += more
    for (const one of late.splice(0)) {
      if (one.at <= seconds) one.land()
      else late.push(one)
    }
  }

  async function answerTo({
    live,
    after,
    change,
  }: {
    live: LiveToken
    after: Settings
    change: number
  }): Promise<WriteAnswer> {
    const fate = stack.fates.shift() ?? { kind: 'takes' }
    const update: Update = { change, after, over: live.settings, state: 'lost' }
    updates.push(update)
    const land = () => {
      const kept = fate.kind === 'keeps' ? { [fate.field]: now().settings[fate.field] } : {}
      const next = { ...written(after), ...kept }
      onLanding(update, now(), next)
      update.state = 'landed'
      push(next, change)
    }
    if (fate.kind === 'late') {
      update.state = 'on its way'
      late.push({ at: seconds + fate.seconds, land })
    }
    if (['takes', 'silent', 'keeps', 'behind', 'dies after', 'garbled'].includes(fate.kind)) land()
    if (fate.kind === 'behind') stack.stale = fate.reads
    if (fate.kind.startsWith('dies')) return die()
    return answerOf(fate)
  }

  function answerOf({ kind: fate }: Fate): WriteAnswer {
    if (fate === 'takes' || fate === 'keeps' || fate === 'behind') return taken()
    if (fate === 'busy' || fate === 'refused') return { kind: fate, why: fate }
    if (fate === 'garbled') return { kind: 'unknown', why: fate }
    return { kind: 'none', why: fate }
  }

  function taken(): WriteAnswer {
    if (!kind.shows) return { kind: 'taken' }
    const { settings: stored, edited } = now()
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

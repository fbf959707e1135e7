import { Refusal } from '../../src/domain/refusal.ts'
import type { LastEdit, Settings, StackFacts } from '../../src/domain/token/token.ts'
import type { StackApi, WriteAnswer } from '../../src/ports/stack.ts'
import { facts, settings } from './world.ts'

/** The stack's reaction to a write: the token's settings afterwards, and the answer to the app. */
export type Behaviour = (after: Settings, before: Settings) => { kept: Settings; answer: WriteAnswer }

export const takes: Behaviour = (after) => ({ kept: after, answer: { kind: 'taken' } })

export const takesButNeverAnswers: Behaviour = (after) => ({ kept: after, answer: { kind: 'unknown', why: 'timeout' } })

export const losesTheWrite: Behaviour = (_, before) => ({ kept: before, answer: { kind: 'unknown', why: 'timeout' } })

export const isBusy: Behaviour = (_, before) => ({ kept: before, answer: { kind: 'busy', why: 'too many requests' } })

export function refuses(why: string): Behaviour {
  return (_, before) => ({ kept: before, answer: { kind: 'refused', why } })
}

/** Answers that it took the update, but drops every field except these. */
export function takesOnly(...fields: (keyof Settings)[]): Behaviour {
  return (after, before) => ({
    kept: { ...before, ...Object.fromEntries(fields.map((field) => [field, after[field]])) },
    answer: { kind: 'taken' },
  })
}

export type StackInMemory = {
  readonly api: StackApi
  /** The current tokens, by uid: edit them here to cause drift. */
  readonly live: Map<string, Settings>
  facts: StackFacts
  /** The last editor and time of each token, by uid, if a test sets them. */
  readonly edited: Map<string, LastEdit>
  /** Every look and write, in order: `look t1`, `write t1`. */
  readonly calls: string[]
  /** The stack's reactions to the next writes, one each; after that it takes them. */
  readonly behaviours: Behaviour[]
  /** Runs before the stack answers a look at this token (`all` for the list) or does a write. */
  onLook: (uid: string) => Promise<void>
  onWrite: (uid: string) => Promise<void>
  /** Runs before the stack tells its facts. */
  onFacts: () => Promise<void>
  /** How many writes were sent. */
  writes(): number
}

/** A stack with the tokens `t1`, `t2` and `t3`, whose every answer a test may choose. */
export function createStackInMemory(name = 'website'): StackInMemory {
  const live = new Map<string, Settings>([
    ['t1', settings()],
    ['t2', settings({ name: 'preview-bot' })],
    ['t3', settings({ name: 'importer' })],
  ])
  const stack: StackInMemory = {
    live,
    edited: new Map(),
    facts: facts(),
    calls: [],
    behaviours: [],
    onLook: async () => {},
    onWrite: async () => {},
    onFacts: async () => {},
    writes: () => stack.calls.filter((call) => call.startsWith('write')).length,
    api: {
      tokens: async () => {
        await stack.onLook('all')
        return [...live].map(([uid, settings]) => ({ stack: name, uid, settings, ...editedOf(uid) }))
      },
      token: async (uid) => {
        stack.calls.push(`look ${uid}`)
        await stack.onLook(uid)
        const found = live.get(uid)
        if (!found) throw new Refusal('not_found', `The stack ${name} has no token ${uid}.`)
        return { stack: name, uid, settings: found, ...editedOf(uid), raw: { uid } }
      },
      facts: async () => {
        stack.calls.push('facts')
        await stack.onFacts()
        return stack.facts
      },
      update: async ({ uid }, after) => {
        stack.calls.push(`write ${uid}`)
        await stack.onWrite(uid)
        const { kept, answer } = (stack.behaviours.shift() ?? takes)(after, live.get(uid)!)
        live.set(uid, kept)
        return answer
      },
    },
  }
  return stack

  function editedOf(uid: string): { edited?: LastEdit } {
    const edited = stack.edited.get(uid)
    return edited ? { edited } : {}
  }
}

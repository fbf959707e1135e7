import { fromOutside } from '../../domain/from-outside.ts'
import { endOf, inWords, isOwn } from '../../domain/outside-trouble.ts'
import { AccessRefused, NotBegun, Refusal } from '../../domain/refusal.ts'
import { createDoor, type Shut } from './door.ts'
import type { Moment, Moments } from './moment.ts'
import { createStackTroubles, type Part } from './stack-troubles.ts'

type Deps = {
  names: readonly string[]
  now: () => Date
  moments: Moments
  /** Called when a stack is looked at for the first time, can no longer be looked at, or can again. */
  onReach?: (() => void) | undefined
  /** Called once when a stack stops letting the app in, with the reason, and once when it does again (null). */
  onDoor?: ((stack: string, why: string | null) => void) | undefined
  /**
   * Called once when a stack can't be looked at for any other reason, with the reason, and once when it can again
   * (null). `bug`: what failed within the app.
   */
  onTrouble?: ((stack: string, why: string | null, bug?: unknown) => void) | undefined
}

export type OnReach = Pick<Deps, 'onReach' | 'onDoor' | 'onTrouble'>

/**
 * How well a stack can be looked at: `at` is the last look at all of it that succeeded, null if none has since the
 * start. `failed`: its lists, or a single token, could not be looked at, and still can't. `shut`: the stack does not
 * let the app in.
 */
export type LastLook = {
  readonly stack: string
  readonly at: string | null
  readonly failed: boolean
  /** In the words of the last failed attempt, at its lists if those fail, and since when any does. */
  readonly trouble: Shut | null
  readonly shut: Shut | null
}

export type Reach = ReturnType<typeof createReach>

/** Knows which stacks can be looked at, and tells once whenever that changes. */
export function createReach({
  names,
  now,
  moments: { moment, isOfLate },
  onReach = () => {},
  onDoor = () => {},
  onTrouble = () => {},
}: Deps) {
  const lookedAt = new Map<string, Moment>()
  const triedAt = new Map<string, Moment>()
  /** When the token whose look failed was looked at again, by stack. */
  const lookedAgainAt = new Map<string, Moment>()
  const troubles = createStackTroubles(now)
  const told = new Set<string>()
  const doors = new Map(names.map((name) => [name, createDoor({ now, onChange: (why) => onDoor(name, why) })]))
  return {
    tries: (name: string) => void triedAt.set(name, moment()),
    listed,
    notListed,
    listsFail: (name: string, failure: unknown) => fails(name, 'lists', failure),
    attempted,
    lastLooks,
    wasListed: (name: string) => lookedAt.has(name),
    isListedOfLate: (name: string) => isOfLate(lookedAt.get(name)),
    wasTriedOfLate: (name: string) => isOfLate(triedAt.get(name)),
    failing: troubles.names,
    tokensToLookAt,
  }

  /** All of a stack was looked at. */
  function listed(name: string): void {
    const isFirst = !lookedAt.has(name)
    lookedAt.set(name, moment())
    if (isFirst) onReach()
    works(name, 'lists')
  }

  /** The tokens whose looks fail: working lists don't show that a single token can be looked at. */
  function tokensToLookAt(): { stack: string; uid: string }[] {
    const due = troubles.tokens().filter(({ stack }) => !isOfLate(lookedAgainAt.get(stack)))
    for (const { stack } of due) lookedAgainAt.set(stack, moment())
    return due
  }

  /** Takes the result of a look at one token. A "no" to the question shows that the token can be looked at. */
  function attempted(name: string, uid: string, failure: unknown): void {
    const part = { token: uid }
    const end = failure === null ? null : endOf(failure)
    if (end === 'itself' || end === 'operator') fails(name, part, failure)
    else if (failure === null || (failure instanceof Refusal && !(failure instanceof NotBegun))) works(name, part)
  }

  /** Takes the reason the first page of a list could not be shown. Showing it says nothing about the rest. */
  function notListed(name: string, failure: unknown): void {
    const end = endOf(failure)
    if (end === 'itself' || end === 'operator') fails(name, 'lists', failure)
  }

  function works(name: string, part: Part): void {
    // The token that could not be looked at may have failed for the same reason as the lists: that is checked at once.
    if (part === 'lists' && troubles.areListsFailing(name)) lookedAgainAt.delete(name)
    if (!troubles.ends(name, part)) return
    doors.get(name)?.accepts()
    if (told.delete(name)) onTrouble(name, null)
    onReach()
  }

  function fails(name: string, part: Part, failure: unknown): void {
    const why = fromOutside(inWords(failure))
    const isNew = troubles.fails(name, part, why)
    if (part !== 'lists' && isNew) lookedAgainAt.set(name, moment())
    if (failure instanceof AccessRefused) doors.get(name)?.refuses(failure.why)
    else tellTrouble(name, why, failure)
    if (!isNew) return
    triedAt.set(name, moment())
    onReach()
  }

  /** Once, and not if it was already reported that the stack does not let the app in. */
  function tellTrouble(name: string, why: string, failure: unknown): void {
    if (told.has(name) || doors.get(name)?.shut()) return
    told.add(name)
    onTrouble(name, why, isOwn(failure) ? failure : undefined)
  }

  function lastLooks(): LastLook[] {
    return names.map((stack) => {
      const at = lookedAt.get(stack)
      const trouble = troubles.of(stack)
      const shut = doors.get(stack)?.shut() ?? null
      return {
        stack,
        at: at === undefined ? null : new Date(at.wall).toISOString(),
        failed: trouble !== null,
        trouble,
        shut,
      }
    })
  }
}

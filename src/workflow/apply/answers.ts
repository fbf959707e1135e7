import type { Lease } from '../../domain/change/parts.ts'
import type { Answer } from '../../domain/change/write.ts'
import { isUnder } from '../../domain/looks/settle.ts'
import type { ChangeReads } from '../../ports/changes.ts'

/** The stack's answer to the update of a change that was sent at `sentAt`, under a lease. */
export type Came = {
  readonly id: number
  readonly lease: Lease
  readonly answer: Answer
  readonly sentAt: string
  readonly over: string | null
}

/** An update with no answer yet, or ever. */
type Begun = Pick<Came, 'id' | 'lease'> & { readonly step: 'unsent' | 'sent' }

type Deps = {
  note: (came: Came) => Promise<unknown>
  store: Pick<ChangeReads, 'get'>
  /** Milliseconds until an answer that could not be noted is tried again. */
  pause?: number
}

export type Answers = ReturnType<typeof createAnswers>

/**
 * The answers to updates that this process began itself, each under its lease. An answer that can't be noted when it
 * comes is kept and tried again for as long as that takes: nobody else has it.
 */
export function createAnswers({ note, store, pause = 250 }: Deps) {
  const begun = new Map<string, Begun | Came>()
  const underWay = new Map<string, Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let round = Promise.resolve()
  let stopped = false
  return {
    begin,
    leave: (id: number, lease: Lease) => void begun.set(keyOf({ id, lease }), { id, lease, step: 'sent' }),
    /** Forgets what was begun under this lease, which has ended. */
    end: (id: number, lease: Lease) => void begun.delete(keyOf({ id, lease })),
    under,
    take,
    stop,
  }

  /** Resolves once everything that earlier applies left behind and nobody asks for any more is forgotten. */
  async function begin(id: number, lease: Lease): Promise<void> {
    const earlier = [...begun.values()].filter((one) => 'step' in one)
    begun.set(keyOf({ id, lease }), { id, lease, step: 'unsent' })
    for (const one of earlier) if (!(await isGoingOn(one).catch(() => true))) begun.delete(keyOf(one))
  }

  /** Nobody asks for the answer once the change is no longer being applied under this lease. */
  async function isGoingOn({ id, lease }: Pick<Came, 'id' | 'lease'>): Promise<boolean> {
    return isUnder((await store.get(id)).change, lease)
  }

  function under(id: number, lease: Lease): Begun['step'] | Came | null {
    const found = begun.get(keyOf({ id, lease }))
    return found && 'step' in found ? found.step : (found ?? null)
  }

  /**
   * Throws as `note` does if the answer can't be noted; it is then tried again by itself. Others that take it meanwhile
   * wait for the same try.
   */
  function take(came: Came): Promise<void> {
    const key = keyOf(came)
    const taking = underWay.get(key) ?? noteDown(key, came).finally(() => underWay.delete(key))
    underWay.set(key, taking)
    return taking
  }

  async function noteDown(key: string, came: Came): Promise<void> {
    begun.set(key, came)
    await note(came).catch((error: unknown) => {
      tryAgain()
      throw error
    })
    begun.delete(key)
  }

  function tryAgain(): void {
    if (!stopped) timer ??= setTimeout(() => (round = takeAll()), pause).unref()
  }

  async function takeAll(): Promise<void> {
    timer = undefined
    await Promise.allSettled(kept().map(take))
  }

  function kept(): Came[] {
    return [...begun.values()].filter((one) => 'answer' in one)
  }

  /** Tries once more. Resolves to what could not be noted: once the process ends, nobody knows it any more. */
  async function stop(): Promise<readonly Came[]> {
    stopped = true
    clearTimeout(timer)
    await round
    await takeAll()
    return kept()
  }
}

/** Applies that begin in the same millisecond have the same lease. */
function keyOf({ id, lease: { holder, until } }: Pick<Came, 'id' | 'lease'>): string {
  return `${id} ${holder} ${until}`
}

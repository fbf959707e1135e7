import type { Lease } from '../domain/change.ts'
import type { Answer } from '../domain/write.ts'

/** What the stack answered to the update of a change that was sent at `sentAt`, under a lease. */
export type Came = {
  readonly id: number
  readonly lease: Lease
  readonly answer: Answer
  readonly sentAt: string
  readonly over: string | null
}

type Deps = {
  note: (came: Came) => Promise<unknown>
  /** Milliseconds until what could not be noted is tried again. */
  pause?: number
}

/**
 * What came of the updates that this process began itself, each under its lease. An answer that can't be noted when it comes is
 * kept, and tried again for as long as that takes: nobody else has it.
 */
export function createAnswers({ note, pause = 250 }: Deps) {
  const begun = new Map<string, 'unsent' | 'sent' | Came>()
  let timer: NodeJS.Timeout | undefined
  let round = Promise.resolve()
  let stopped = false
  return {
    begin: (lease: Lease) => void begun.set(keyOf(lease), 'unsent'),
    leave: (lease: Lease) => void begun.set(keyOf(lease), 'sent'),
    /** What was begun under this lease has come to its end. */
    end: (lease: Lease) => void begun.delete(keyOf(lease)),
    under: (lease: Lease) => begun.get(keyOf(lease)) ?? null,
    take,
    stop,
  }

  /** Throws as `note` does when it can't be noted; then it is tried again by itself. */
  async function take(came: Came): Promise<void> {
    const key = keyOf(came.lease)
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
    for (const came of kept()) await take(came).catch(() => {})
  }

  function kept(): Came[] {
    return [...begun.values()].filter((one) => typeof one === 'object')
  }

  /** After a last try. Resolves to what could not be noted: once the process has ended, nobody knows it any more. */
  async function stop(): Promise<readonly Came[]> {
    stopped = true
    clearTimeout(timer)
    await round
    await takeAll()
    return kept()
  }
}

function keyOf({ holder, until }: Lease): string {
  return `${holder} ${until}`
}

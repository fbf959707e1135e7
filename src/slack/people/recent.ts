import { inItsOwnTime, inTime } from '../link/in-time.ts'

/** The time of day, and a clock in milliseconds that nobody can set: `performance.now` unless given. */
export type Clocks = { readonly now: () => Date; readonly ticks?: (() => number) | undefined }

type Options<T> = Clocks & {
  /** Asks for the newest answer. Its errors are thrown on, and not kept. */
  lookUp: (key: string) => Promise<T>
}

/** How long Slack's answer about a person, group or channel is relied on. */
const keptForMs = 60_000

type Kept<T> = { readonly asked: number; readonly askedTicks: number; readonly answer: Promise<T> }

/**
 * Answers at most a minute old, counted from the question, by both clocks: the time of day can be set back, and the
 * other may stand still while the machine sleeps. Callers who ask the same meanwhile get the same answer. After
 * `forget` or `forgetAll`, nothing asked before is relied on. Throws NotInTime if Slack is too slow for an act that is waiting: the
 * answer is kept for the next try.
 */
export function createRecent<T>({ lookUp, now, ticks = () => performance.now() }: Options<T>) {
  const answers = new Map<string, Kept<T>>()
  return { get, forget: (key: string) => void answers.delete(key), forgetAll: () => answers.clear() }

  function get(key: string): Promise<T> {
    const [asked, askedTicks] = [now().getTime(), ticks()]
    for (const [old, kept] of answers)
      if (!isWithin(asked - kept.asked) || !isWithin(askedTicks - kept.askedTicks)) answers.delete(old)
    const known = answers.get(key)
    if (known) return inTime(known.answer, 'Slack')
    const entry = { asked, askedTicks, answer: inItsOwnTime(() => lookUp(key)) }
    answers.set(key, entry)
    entry.answer.catch(() => {
      if (answers.get(key) === entry) answers.delete(key)
    })
    return inTime(entry.answer, 'Slack')
  }
}

function isWithin(ms: number): boolean {
  return ms >= 0 && ms < keptForMs
}

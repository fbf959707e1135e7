import { isDefiniteNo, wasNotDone } from '../domain/outside-trouble.ts'
import type { Chat } from '../ports/chat.ts'

type Deps = { readonly chat: Pick<Chat, 'reached'>; readonly now: () => Date }

/** An answer that is known, until it is noted down; or that nobody heard one so far. */
type Post = { readonly answer: unknown } | Doubt
type Doubt = { readonly lost: number; readonly since: number; readonly until: number; readonly wasHurried: boolean }

/** By an earlier process, once at least. */
const lostBefore: Doubt = { lost: 1, since: 0, until: 0, wasHurried: false }

const firstRestMs = 60_000
const growth = 4

export type Posts = ReturnType<typeof createPosts>

/**
 * What is said once, though Slack may lose its answer to a post that it took. One such answer may be bad luck; without a
 * second one it is said again after a minute, then after rests four times as long each time, so that people see it a few times
 * at most; and once more as soon as another post was answered. While Slack answers nothing at all, nothing is posted that may stand there already.
 */
export function createPosts({ chat, now }: Deps) {
  const posts = new Map<number, Map<string, Post>>()
  return { once, end, unanswered }

  /**
   * Resolves to Slack's answer, without asking again once it is known. Throws `PutOff` where it is too early to post again.
   * `mayStand` is for what is noted down as lost: by this process, or by one before it.
   */
  async function once<T>(change: number, what: string, post: () => Promise<T>, mayStand = false): Promise<T> {
    const before = posts.get(change)?.get(what) ?? (mayStand ? lostBefore : undefined)
    if (before && 'answer' in before) return before.answer as T
    if (before) await mayLeaveAgain(before)
    try {
      const answer = await post()
      keep(change, what, { answer })
      hurryOthers()
      return answer
    } catch (error) {
      if (wasNotDone(error) || isDefiniteNo(error)) throw error
      const doubt = lostAgain(before)
      keep(change, what, doubt)
      throw doubt.lost > 1 ? inDoubt(doubt, error) : error
    }
  }

  /** What came of a change's posts whose names begin with this is noted down, or nobody wants them any more. */
  function end(change: number, begins = ''): void {
    const ofChange = posts.get(change)
    for (const what of ofChange?.keys() ?? []) if (what.startsWith(begins)) ofChange?.delete(what)
    if (ofChange?.size === 0) posts.delete(change)
  }

  /** How many may stand there without an answer having said so. */
  function unanswered(): number {
    const all = [...posts.values()].flatMap((ofChange) => [...ofChange.values()])
    return all.filter((post) => 'lost' in post).length
  }

  function keep(change: number, what: string, post: Post): void {
    posts.set(change, (posts.get(change) ?? new Map()).set(what, post))
  }

  async function mayLeaveAgain({ since, until }: Doubt): Promise<void> {
    const at = now().getTime()
    // Before it was lost, the clock was set back.
    if (at >= since && at < until) throw new PutOff()
    await chat.reached()
  }

  function lostAgain(before: Doubt | undefined): Doubt {
    const lost = (before?.lost ?? 0) + 1
    const since = now().getTime()
    return { lost, since, until: since + restMs(lost), wasHurried: before?.wasHurried ?? false }
  }

  /** Once each: where Slack answers one post and not another, that may go on for ever. */
  function hurryOthers(): void {
    for (const ofChange of posts.values())
      for (const [what, post] of ofChange)
        if ('lost' in post && !post.wasHurried) ofChange.set(what, { ...post, until: 0, wasHurried: true })
  }
}

/** It may have been said already, and is not said again yet. Nobody has to be told of that each time. */
export class PutOff extends Error {}

function restMs(lost: number): number {
  return lost < 2 ? 0 : firstRestMs * growth ** (lost - 2)
}

/** The log says the cause behind it. */
function inDoubt({ lost, until }: Doubt, error: unknown): Error {
  return new Error(
    `Slack answers, but not to this post, which was sent ${lost} times and may stand there as often. It is sent again at ${new Date(until).toISOString()}, or once Slack has answered another post`,
    { cause: error },
  )
}

import { isDefiniteNo, wasNotDone } from '../../domain/outside-trouble.ts'
import type { Chat } from '../../ports/chat.ts'

type Deps = { readonly chat: Pick<Chat, 'reached'>; readonly now: () => Date }

/** A known answer, until it is noted; or that no answer was heard so far. */
type Post = { readonly answer: unknown } | Doubt
type Doubt = { readonly lost: number; readonly since: number; readonly until: number; readonly wasHurried: boolean }

/** By an earlier process, at least once. */
const lostBefore: Doubt = { lost: 1, since: 0, until: 0, wasHurried: false }

const firstRestMs = 60_000
const growth = 4

export type Posts = ReturnType<typeof createPosts>

/**
 * Posts that are made once, though Slack may lose its answer to a post that it took. One lost answer may be bad luck;
 * after that, the post is repeated a minute later, then after rests four times as long each time, so that people see it
 * a few times at most; and once more as soon as another post was answered. While Slack answers nothing at all, nothing
 * is posted that may already be there.
 */
export function createPosts({ chat, now }: Deps) {
  const posts = new Map<number, Map<string, Post>>()
  return { once, end, unanswered }

  /**
   * Resolves to Slack's answer, without asking again once it is known. Throws `PutOff` if it is too early to post
   * again. `mayStand`: true if a lost post was noted, by this process or an earlier one.
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

  /** Forgets a change's posts whose names begin with this: their outcome is noted, or nobody wants them any more. */
  function end(change: number, begins = ''): void {
    const ofChange = posts.get(change)
    for (const what of ofChange?.keys() ?? []) if (what.startsWith(begins)) ofChange?.delete(what)
    if (ofChange?.size === 0) posts.delete(change)
  }

  /** The number of posts that may be there without an answer that says so. */
  function unanswered(): number {
    const all = [...posts.values()].flatMap((ofChange) => [...ofChange.values()])
    return all.filter((post) => 'lost' in post).length
  }

  function keep(change: number, what: string, post: Post): void {
    posts.set(change, (posts.get(change) ?? new Map()).set(what, post))
  }

  async function mayLeaveAgain({ since, until }: Doubt): Promise<void> {
    const at = now().getTime()
    // If it is earlier than that, the clock was set back.
    if (at >= since && at < until) throw new PutOff()
    await chat.reached()
  }

  function lostAgain(before: Doubt | undefined): Doubt {
    const lost = (before?.lost ?? 0) + 1
    const since = now().getTime()
    return { lost, since, until: since + restMs(lost), wasHurried: before?.wasHurried ?? false }
  }

  /** Once each: Slack may go on answering one post and not another for ever. */
  function hurryOthers(): void {
    for (const ofChange of posts.values())
      for (const [what, post] of ofChange)
        if ('lost' in post && !post.wasHurried) ofChange.set(what, { ...post, until: 0, wasHurried: true })
  }
}

/** The post may already have arrived, and is not repeated yet. Nobody needs to be told each time. */
export class PutOff extends Error {}

function restMs(lost: number): number {
  return lost < 2 ? 0 : firstRestMs * growth ** (lost - 2)
}

/** The log also shows the cause. */
function inDoubt({ lost, until }: Doubt, error: unknown): Error {
  return new Error(
    `Slack answers other calls, but not this post, which was sent ${lost} times and may have arrived that many times. It is sent again at ${new Date(until).toISOString()}, or once Slack has answered another post`,
    { cause: error },
  )
}

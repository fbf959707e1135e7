import { endOf } from '../../domain/outside-trouble.ts'
import { AccessRefused, NotBegun, Refusal } from '../../domain/refusal.ts'
import type { StackApi } from '../../ports/stack.ts'
import type { Answered } from '../../slack/calls/answers.ts'
import { isKnownError } from '../../slack/calls/no-kinds.ts'
import { SlackNo } from '../../slack/calls/said.ts'

type Labels = Readonly<Record<string, string>>
export type Tally = { readonly labels: Labels; times: number }

export type Traffic = ReturnType<typeof createTraffic>

/** Counts what this process asks of Slack and of the stacks since its start: the log has none of that. */
export function createTraffic() {
  const [calls, looks] = [createTallies(), createTallies()]
  return {
    slackCalled: ({ method, failure }: Answered) => calls.count({ method, error: errorOf(failure) }),
    slackCalls: calls.all,
    looks: looks.all,
    /** The same stack, but counts each look at a token, or at all tokens, by how it went. */
    counting: <T extends { readonly name: string; readonly api: StackApi }>(stack: T): T => {
      const watched = watching(looks.count, stack.name)
      const { api } = stack
      return { ...stack, api: { ...api, token: watched(api.token), tokens: watched(api.tokens) } }
    },
  }
}

function watching(count: (labels: Labels) => void, stack: string) {
  return <A extends unknown[], R>(look: (...asked: A) => Promise<R>) =>
    async (...asked: A): Promise<R> => {
      try {
        const seen = await look(...asked)
        count({ stack, answer: 'ok' })
        return seen
      } catch (error) {
        count({ stack, answer: answerOf(error) })
        throw error
      }
    }
}

/** One of a few words, whatever Slack or something in its place said. */
function errorOf(failure: Answered['failure']): string {
  if (failure === null) return 'none'
  if (failure instanceof SlackNo) return isKnownError(failure.data.error) ? failure.data.error : 'other'
  return 'retryAfter' in failure ? 'too_many_calls' : 'no_answer'
}

function answerOf(failure: unknown): string {
  if (failure instanceof AccessRefused) return 'not_let_in'
  if (failure instanceof NotBegun) return 'not_begun'
  if (failure instanceof Refusal) return failure.code === 'not_found' ? 'not_found' : 'refused'
  return endOf(failure) === 'itself' ? 'no_answer' : 'error'
}

function createTallies() {
  const tallies = new Map<string, Tally>()
  return { count, all: () => [...tallies.values()] }

  function count(labels: Labels): void {
    const key = JSON.stringify(labels)
    const tally = tallies.get(key) ?? { labels, times: 0 }
    tallies.set(key, tally)
    tally.times += 1
  }
}

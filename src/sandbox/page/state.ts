import type { EmulatedSlack } from '../slack/protocol.ts'
import type { EmulatedStack } from '../stack/stack.ts'
import { type FirstSteps, stepsNow } from './first-steps.ts'

/** The people the visitor may act as, and what each of them does, in a word or two. */
export type Cast = readonly { readonly id: string; readonly role: string }[]

const shownRequests = 60

type World = {
  readonly slack: EmulatedSlack
  readonly stack: EmulatedStack
  readonly cast: Cast
  readonly firstSteps: FirstSteps | null
}

/** Everything the page shows to somebody acting as `person`, as plain JSON. */
export function stateFor(person: string, { slack, stack, cast, firstSteps }: World) {
  return {
    sight: slack.see(person),
    cast,
    firstSteps: firstSteps && stepsNow(firstSteps, { slack, stack }),
    /** The messages each person could read, so that the page can count the unread ones. */
    arrived: Object.fromEntries(cast.map(({ id }) => [id, arrivedFor(id, slack)])),
    slack: { connections: slack.connections, ghosts: slack.ghosts, trouble: slack.trouble },
    stack: {
      url: stack.url,
      tokens: stack.tokens(),
      aliases: stack.aliases(),
      branches: stack.branches(),
      behaviour: stack.behaviour,
      trouble: stack.trouble,
      requests: stack.requests
        .slice(-shownRequests)
        .map(({ method, path, status, at }) => ({ method, path, status, at })),
      requestCount: stack.requests.length,
    },
  }
}

/** Timestamps of other people's messages, by conversation. */
function arrivedFor(person: string, slack: EmulatedSlack): Record<string, string[]> {
  return Object.fromEntries(
    slack
      .see(person)
      .conversations.map(({ id, messages }) => [
        id,
        messages.filter(({ author }) => author !== person).map(({ ts }) => ts),
      ]),
  )
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EmulatedSlack } from '../slack/protocol.ts'
import type { EmulatedStack } from '../stack/stack.ts'
import { act, perform } from './acts.ts'
import { BadRequest } from './bad-request.ts'
import { readBody } from './body.ts'
import { edit, editByHand, point, pointByHand } from './by-hand.ts'
import type { FirstSteps } from './first-steps.ts'
import type { createLiveEvents } from './live-events.ts'
import { replyJson } from './reply.ts'
import { type Cast, stateFor } from './state.ts'
import { flip, switches } from './trouble.ts'

type Route = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => Promise<void> | void
type World = {
  readonly slack: EmulatedSlack
  readonly stack: EmulatedStack
  readonly cast: Cast
  readonly firstSteps: FirstSteps | null
  readonly live: ReturnType<typeof createLiveEvents>
}

/** The addresses and methods that the page's browser side uses. */
export function createRoutes({ slack, stack, cast, firstSteps, live }: World): Record<string, Record<string, Route>> {
  return {
    '/state': {
      GET: (_, response, query) => {
        const person = somebody(query.get('as') ?? cast[0]?.id ?? '')
        replyJson(response, 200, stateFor(person, { slack, stack, cast, firstSteps }))
      },
    },
    '/events': {
      GET: (_, response, query) => {
        somebody(query.get('as') ?? cast[0]?.id ?? '')
        live.follow(response)
      },
    },
    '/act': {
      POST: async (request, response) => {
        const asked = await readBody(request, act)
        somebody(asked.as)
        replyJson(response, 200, await perform(slack, asked))
      },
    },
    '/stack/edit': {
      POST: async (request, response) => {
        edit(await readBody(request, editByHand), stack)
        replyJson(response, 200, {})
      },
    },
    '/stack/point': {
      POST: async (request, response) => {
        point(await readBody(request, pointByHand), stack)
        replyJson(response, 200, {})
      },
    },
    '/trouble': {
      POST: async (request, response) => {
        flip(await readBody(request, switches), slack, stack)
        live.changed()
        replyJson(response, 200, {})
      },
    },
  }

  function somebody(id: string): string {
    if (cast.some((person) => person.id === id)) return id
    throw new BadRequest(
      404,
      `Nobody here has the id "${id}". Act as one of: ${cast.map((person) => person.id).join(', ')}.`,
    )
  }
}

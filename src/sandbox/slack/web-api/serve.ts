import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { ApiCall, InPlace } from '../protocol.ts'
import { identity, type Workspace } from '../workspace.ts'
import { type Answer, type Method, needs, no } from './answer.ts'
import { type Args, readArgs } from './args.ts'
import * as chat from './chat.ts'
import * as conversations from './conversations.ts'
import { identityMethods } from './identity.ts'
import * as users from './users.ts'
import * as views from './views.ts'

const methods: Record<string, Method> = {
  'users.info': users.usersInfo,
  'usergroups.list': users.userGroupsList,
  'usergroups.users.list': users.userGroupUsers,
  'conversations.info': conversations.conversationsInfo,
  'conversations.members': conversations.conversationsMembers,
  'conversations.history': conversations.conversationsHistory,
  'conversations.replies': conversations.conversationsReplies,
  'conversations.open': conversations.conversationsOpen,
  'chat.postMessage': chat.postMessage,
  'chat.postEphemeral': chat.postEphemeral,
  'chat.update': chat.update,
  'chat.delete': chat.remove,
  'chat.getPermalink': chat.getPermalink,
  'views.open': views.openView,
  'views.push': views.pushView,
  'views.update': views.updateView,
  'views.publish': views.publishView,
}

export type ApiRequest = { readonly method: string; readonly request: IncomingMessage; readonly body: string }

/** Answers the Web API. `ticket` makes the address of one new Socket Mode connection. */
export function createWebApi(workspace: Workspace, ticket: () => string) {
  const known = { ...methods, ...identityMethods(ticket) }

  return async function serve({ method, request, body }: ApiRequest, response: ServerResponse): Promise<void> {
    const { args, token: inBody } = readArgs(request.headers['content-type'] ?? '', body)
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? inBody
    const call: ApiCall = { method, args, answer: null, status: 0, at: workspace.clock.now(), by: owner(token) }
    workspace.calls.push(call)
    workspace.changed()
    while (workspace.trouble.held.includes(method) && !request.socket.destroyed)
      await wait(10, undefined, { ref: false })
    const inTrouble = await sufferTrouble(workspace)
    const inPlace = Object.hasOwn(workspace.trouble.inPlace, method) ? workspace.trouble.inPlace[method] : undefined
    const aloneFor = secondsAlone(workspace, call)
    if (aloneFor > 0) {
      call.status = 429
      response.writeHead(429, { 'retry-after': String(aloneFor) }).end()
    } else if (inPlace) {
      call.status = answerInPlace(inPlace, response)
    } else if (inTrouble) {
      call.status = inTrouble
      response.writeHead(inTrouble, { 'retry-after': String(workspace.trouble.retryAfterSeconds) }).end()
    } else {
      const lost = workspace.trouble.loseAnswers.includes(method)
      const result = answer(workspace, Object.hasOwn(known, method) ? known[method] : undefined, call, token)
      call.answer = result
      call.status = lost ? 0 : 200
      if (lost) request.socket.destroy()
      else sendJson(response, result, scopesOf(call.by, workspace))
    }
    workspace.changed()
  }
}

/** Returns the status that it answered with. */
export function answerInPlace(inPlace: InPlace, response: ServerResponse): number {
  return substitutes[inPlace](response)
}

const substitutes: Record<InPlace, (response: ServerResponse) => number> = {
  html: (response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<!DOCTYPE html><title>Sign in to the proxy</title>${'<p>Please sign in.</p>'.repeat(300)}`)
    return 200
  },
  null: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('null')
    return 200
  },
  stalled: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"ok":true,')
    return 200
  },
  busy: (response) => {
    response.writeHead(429).end()
    return 429
  },
  yes: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
    return 200
  },
}

function secondsAlone({ clock, trouble: { leaveAlone } }: Workspace, { method, args }: ApiCall): number {
  const until = leaveAlone[`${method} ${args.channel}`] ?? leaveAlone[method] ?? 0
  return Math.ceil((until - clock.now()) / 1000)
}

/** Waits if answers are slow, and returns the bare status that ends a call; 0 if it may go on. */
export async function sufferTrouble({ trouble }: Workspace): Promise<number> {
  if (trouble.slowMs > 0) await wait(trouble.slowMs, undefined, { ref: false })
  if (trouble.down) return 503
  if (trouble.rateLimited <= 0) return 0
  trouble.rateLimited -= 1
  return 429
}

function answer(workspace: Workspace, method: Method | undefined, call: ApiCall, token: string | undefined): Answer {
  const { fail } = workspace.trouble
  if (Object.hasOwn(fail, call.method)) return no(fail[call.method]!)
  if (!method) return no('unknown_method', { req_method: call.method })
  if (!token) return no('not_authed')
  if (call.by === 'nobody') return no('invalid_auth')
  if (call.by !== method.token) return no('not_allowed_token_type')
  if (call.by === 'bot' && workspace.trouble.revoked) return no('token_revoked')
  const missing = method.scope ? needs(workspace, method.scope) : null
  return missing ?? method.run(workspace, call.args as Args)
}

function owner(token: string | undefined): ApiCall['by'] {
  if (token === identity.botToken) return 'bot'
  return token === identity.appToken ? 'app' : 'nobody'
}

/** Slack names the scopes of a token that it accepts, whatever it then answers. */
function scopesOf(by: ApiCall['by'], { scopes }: Workspace): Record<string, string> {
  if (by === 'nobody') return {}
  return { 'x-oauth-scopes': by === 'bot' ? [...scopes].join(',') : 'connections:write' }
}

function sendJson(response: ServerResponse, body: Answer, headers: Record<string, string>): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}

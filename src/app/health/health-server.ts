import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type HealthReport = {
  readonly status:
    | 'ok'
    | 'read-only'
    | 'log in doubt'
    | 'not listening'
    | 'no answer from Slack'
    | 'not accepted by Slack'
    | 'not accepted by Contentstack'
  readonly version: string
  readonly log: {
    readonly writable: boolean
    readonly why: string | null
    readonly since: string | null
    readonly keyed: boolean
    /** The reason somebody has to verify it; null if there is none. */
    readonly doubt: string | null
    /** When each place outside the database last got a checkpoint, and of how many entries; null if none is known. */
    readonly anchors: Readonly<
      Record<string, { readonly at: string; readonly ageSeconds: number; readonly size: number } | null>
    >
  }
  /**
   * Over HTTP, `listening` says only that the app waits for Slack: whether Slack can reach it can't be told from here.
   */
  readonly slack: {
    readonly listening: boolean
    /** How much Slack delivered since the start, and how much of it was acked. */
    readonly came: number
    readonly acked: number
    /**
     * Cards and messages to be tried again: how many Slack did not take at the last try, and how many it may have taken
     * without an answer.
     */
    readonly posts: { readonly failing: number; readonly inDoubt: number }
    /**
     * When somebody last sent a form or pressed a button that only another process with another database can have
     * shown.
     */
    readonly elsewhere: string | null
    /**
     * Over Socket Mode: how many connections this process has, how many the app has by Slack's last count, when that
     * was, and why one that should stand does not.
     */
    readonly connections?: {
      readonly standing: number
      readonly counted: number | null
      readonly lastHello: string | null
    } & NotLetIn
  } & NotLetIn
  /**
   * How the last attempt to reach each stack went, in the order of the settings; a stack that is down has a `why` as
   * well.
   */
  readonly stacks: readonly ({
    readonly name: string
    readonly lookedAt: string | null
    readonly failed: boolean
  } & NotLetIn)[]
}

/** Before the app can do anything; `waitsFor` is empty unless the last try to reach Slack, the stacks and the database failed. */
export type Starting = {
  readonly status: 'starting'
  readonly version: string
  readonly waitsFor: readonly string[]
}

/** From the moment it was told to stop. */
export type Stopping = { readonly status: 'stopping'; readonly version: string }

export type HealthServer = Awaited<ReturnType<typeof startHealthServer>>

type Where = {
  readonly port: number
  readonly host: string
  /** Strikes out secrets that a service may have repeated. */
  readonly struck: (text: string) => string
}

/** The reason the app is not let in, or not connected, and since when; both null while it is. */
type NotLetIn = { readonly why: string | null; readonly since: string | null }

/**
 * Answers GET /metrics with `metrics`, or with 503 while there are none yet; and GET /health for whatever supervises the
 * app: 200 while it can do its work; 503 while it starts, stops or can't write its log, once it has found that the log
 * does not bear out a change, while Slack or a stack does not accept its credentials, or while Slack sends nothing or
 * gives no answers. It says nothing about people, tokens or credentials, so it needs no password; keep it inside your
 * network all the same.
 */
export async function startHealthServer(
  { port, host, struck }: Where,
  report: () => HealthReport | Starting | Stopping,
  metrics: () => Promise<string | null> | null,
) {
  const { createServer } = await import('node:http')
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?', 1)
    if (path !== '/metrics' && path !== '/health') return response.writeHead(404).end()
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return response.writeHead(405, { allow: 'GET, HEAD' }).end()
    if (path === '/metrics') return void tellMetrics(response)
    const health = report()
    const status = health.status === 'ok' ? 200 : 503
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${inJson(health)}\n`)
  })
  server.listen(port, host)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, stop }

  /** A secret may be one of the app's own words, which whoever reads this goes by. */
  function inJson(health: object): string {
    const own = ['status', 'version']
    return JSON.stringify(health, (name, value) =>
      typeof value === 'string' && !own.includes(name) ? struck(value) : value,
    )
  }

  /** The same: only what a label says can come from elsewhere. */
  function withoutSecrets(text: string): string {
    return text.replace(/="(?:[^"\\]|\\.)*"/g, (said) => `="${struck(said.slice(2, -1))}"`)
  }

  async function tellMetrics(response: ServerResponse): Promise<void> {
    const text = await metrics()
    if (text === null) response.writeHead(503).end()
    else
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(withoutSecrets(text))
  }

  async function stop(): Promise<void> {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}

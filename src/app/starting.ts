import type { Logger } from 'pino'
import { tellOfNoConnection } from '../config/proxies.ts'
import { fromOutside } from '../domain/from-outside.ts'
import { SlackBusy } from '../slack/calls/said.ts'
import { version } from '../version.ts'
import type { Starting } from './health/health-server.ts'
import { type Pause, throughOutages } from './waits.ts'

type Deps = {
  readonly log: Pick<Logger, 'warn'>
  /** Ends the waiting at once. */
  readonly signal: AbortSignal
  readonly pause?: Pause
  readonly now?: () => Date
  /** Something to know when a connection fails. */
  readonly hint?: string | null
}

/** Waits for what the app needs before it can start, and says in the log and in /health what that is. */
export function createStarting({ log, signal, pause, now = () => new Date(), hint = null }: Deps) {
  let waitsFor: readonly string[] = []
  return { through, report: (): Starting => ({ status: 'starting', version, waitsFor }) }

  async function through<T>(reach: () => Promise<T>): Promise<T> {
    const reached = await throughOutages(reach, { signal, onWait, ...(pause && { pause }) })
    waitsFor = []
    return reached
  }

  function onWait(reasons: readonly Error[], ms: number): void {
    const said = reasons.map((reason) => fromOutside(atAnyTime(reason)))
    waitsFor = hint !== null && said.some(tellOfNoConnection) ? [...said, hint] : said
    log.warn({ waitsFor }, `Countersign has not started yet: it waits, and tries again in ${Math.ceil(ms / 1000)} s.`)
  }

  /** /health repeats it as long as it holds. */
  function atAnyTime(reason: Error): string {
    if (!(reason instanceof SlackBusy)) return reason.message
    return reason.leftAlone(`until ${new Date(now().getTime() + reason.retryAfter * 1000).toISOString()}`)
  }
}

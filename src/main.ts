import './one-http-client.ts'
import { createApp } from './app.ts'
import { ConfigProblems, loadConfig } from './config.ts'
import { fromOutside, withoutSecrets } from './domain/from-outside.ts'
import { Refusal } from './domain/refusal.ts'
import { createLog, secretsOf } from './log.ts'
import { slackTrouble } from './slack/errors.ts'
import { troubleOf } from './storage/trouble.ts'

/**
 * Runs the app until `stop`, and then stops in order: no new deliveries, what is under way is finished, the database is
 * closed. Exits with 1 when it can't start, saying all that stands in the way, and when it can no longer run:
 * whatever supervises it starts it again, and it catches up.
 */
export async function main(stop: AbortSignal): Promise<void> {
  const config = readConfig()
  const log = createLog(config)
  const app = createApp(config, { log })

  process.on('unhandledRejection', (reason) => {
    // The socket client rejects with nothing when it is disconnected while it reconnects. Source: slack.md §1.3, point 4.
    if (stop.aborted && reason === undefined) return
    log.fatal({ err: reason }, 'Something failed that nobody handles: stopping, so that a fresh start can catch up.')
    process.exit(1)
  })
  const end = async () => {
    log.info(`${stop.reason}: stopping`)
    setTimeout(() => process.exit(1), 15_000).unref()
    await app.stop()
    process.exit(0)
  }
  if (stop.aborted) return end()
  stop.addEventListener('abort', end)

  try {
    await app.start()
  } catch (error) {
    if (stop.aborted) return
    fail(withoutSecrets(startProblem(error), secretsOf(config)))
  }
  await keepSmall()
}

/**
 * After many commands in a row, Node holds three times the memory that it needs, in case as many follow: the room for what
 * is new doubles again and again. Here it stays as it is after the start, and what is old grows by a quarter at a time. With
 * less room than that, people would wait while it is cleared.
 */
async function keepSmall(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=25')
}

function readConfig() {
  try {
    return loadConfig()
  } catch (error) {
    if (error instanceof ConfigProblems) fail(error.message)
    throw error
  }
}

function startProblem(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(startProblem).join('\n')
  if (error instanceof Refusal) return error.message
  const trouble = troubleOf(error)
  if (trouble !== null)
    return `Countersign can't use its database, because ${trouble}. Nothing was changed: see to that, and start it again.`
  const slackSays = slackTrouble(error)
  if (slackSays !== null) return `${slackSays} Countersign did not start.`
  const { code, message, port, syscall } = error as Record<'code' | 'message' | 'port' | 'syscall', unknown>
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program, so Countersign can't listen there: stop that program, or give another PORT or HEALTH_PORT.`
  if (code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo')
    return `LISTEN_HOST is no address of this machine (${message}): leave it out for this machine alone, or give 0.0.0.0 for all its addresses.`
  return fromOutside(error instanceof Error ? error.message : String(error))
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

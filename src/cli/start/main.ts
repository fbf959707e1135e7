import './one-http-client.ts'
import { createApp } from '../../app/app.ts'
import { createLog, strikingOut } from '../../app/log.ts'
import { loadConfig, loadConfigAgain } from '../../config/config.ts'
import { ConfigProblems } from '../../config/settings.ts'
import { asTyped } from '../../domain/as-typed.ts'
import { clockOf } from '../../storage/engine/clock.ts'
import { openDesk } from '../reload/desk.ts'
import { createReloading } from './reloading.ts'
import { startProblem } from './start-problem.ts'

type Asked = {
  /** Aborts once the app is to stop. */
  readonly stop: AbortSignal
  /** Calls back each time that the settings are to be read again. */
  readonly onReload: (ask: () => void) => void
}

/**
 * Runs the app until `stop`, and then stops in order: takes no new deliveries, finishes work under way, closes the
 * database. Exits with 1 if it can't start, saying everything that prevents it, and if it can no longer run: whatever
 * supervises it starts it again, and it catches up.
 */
export async function main({ stop, onReload }: Asked): Promise<void> {
  const config = readConfig()
  const secrets = strikingOut(config)
  const log = createLog(config, undefined, secrets)
  const monotonic = () => performance.now()
  const clock = await clockOf(config.database, monotonic)
  const app = createApp(config, { log, secrets, now: clock.now, setClock: clock.measure, monotonic })

  process.on('unhandledRejection', (reason) => {
    // The socket client rejects with nothing when it is disconnected while reconnecting. Source: slack.md §1.3, point
    // 4.
    if (stop.aborted && reason === undefined) return
    log.fatal({ err: reason }, 'An unexpected error: stopping, so that a fresh start can catch up.')
    process.exit(1)
  })
  let desk: { close(): void } | null = null
  const end = async () => {
    log.info(`${stop.reason}: stopping`)
    setTimeout(tooLate, 9_500).unref()
    await app.stop()
    void clock.stop()
    desk?.close()
    process.exit(0)
  }
  const tooLate = () => {
    log.fatal('The stop took too long, and the database was not closed: a fresh start can catch up.')
    process.exit(1)
  }
  if (stop.aborted) return end()
  stop.addEventListener('abort', end)

  const started = Promise.withResolvers<void>()
  const reloading = createReloading({
    ...{ app, log, secrets, config, stop, started: started.promise },
    read: loadConfigAgain,
  })
  onReload(() => void reloading.reload('refused'))
  desk = await openDesk(config.database, reloading.reload, app.instance).catch((err: unknown) => {
    log.warn({ err }, `"${asTyped('reload')}" can't reach this process: send it SIGHUP instead.`)
    return null
  })
  try {
    await app.start()
  } catch (error) {
    if (stop.aborted) return
    desk?.close()
    fail(await startProblem(error, config))
  }
  started.resolve()
  await keepSmall()
}

/**
 * After many commands in a row, Node holds three times the memory it needs, in case as many follow: its space for new
 * objects doubles again and again. Here that space stays as it is after the start, and the space for old objects
 * doubles before it is collected. With less, people would wait during collections.
 */
async function keepSmall(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=100')
}

function readConfig() {
  try {
    return loadConfig()
  } catch (error) {
    if (error instanceof ConfigProblems) fail(error.message)
    throw error
  }
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

import type { Logger } from 'pino'
import type { StrikingOut } from '../../app/log.ts'
import { changesBetween } from '../../config/changed.ts'
import { needRestart } from '../../config/fixed.ts'
import { removalProblem } from '../../config/removals.ts'
import { type Config, ConfigProblems, isSameSettings } from '../../config/settings.ts'
import { endOf } from '../../domain/outside-trouble.ts'
import { Refusal } from '../../domain/refusal.ts'
import { problemsOf } from '../command.ts'
import type { Outcome, Removals } from '../reload/outcome.ts'

type Deps = {
  readonly app: { reload(config: Config): Promise<void> }
  readonly log: Logger
  /** The settings that the app was started with. */
  readonly config: Config
  /** Reads the settings as they are written now. */
  readonly read: () => Config
  /** Learns the secrets that were read before anything is said of them. */
  readonly secrets: StrikingOut
  /** Resolves once the app has started. */
  readonly started: Promise<unknown>
  readonly stop: AbortSignal
}

/** Reads the settings again while the app runs, and lets it go on with them, or says why not. */
export function createReloading({ app, log, read, secrets, started, stop, ...from }: Deps) {
  let inForce = from.config
  let last: Promise<unknown> = started
  const next: Partial<Record<Removals, Promise<Outcome>>> = {}
  return { reload }

  /** One at a time. Whoever asks meanwhile gets one more, after it; many who ask for the same get the same one. */
  function reload(removals: Removals): Promise<Outcome> {
    const coming = next[removals]
    if (coming !== undefined) return coming
    const turn = after(last, removals)
    next[removals] = turn
    last = turn
    return turn
  }

  async function after(before: Promise<unknown>, removals: Removals): Promise<Outcome> {
    await before
    delete next[removals]
    return readAgain(removals)
  }

  async function readAgain(removals: Removals): Promise<Outcome> {
    try {
      return inForceNow(await changed(removals))
    } catch (error) {
      if (stop.aborted) return { outcome: 'stopping', lines: [] }
      return refused(error)
    }
  }

  /** Resolves to what has changed. */
  async function changed(removals: Removals): Promise<readonly string[]> {
    stop.throwIfAborted()
    const coming = read()
    secrets.learn(coming)
    const problems = needRestart(inForce, coming)
    if (problems.length > 0) throw new ConfigProblems(problems)
    if (isSameSettings(inForce, coming)) {
      inForce = coming
      return []
    }
    const removal = removals === 'refused' ? removalProblem(inForce, coming) : null
    if (removal !== null) throw new ConfigProblems([removal])
    const changes = changesBetween(inForce, coming)
    await app.reload(coming)
    inForce = coming
    return changes
  }

  function inForceNow(changes: readonly string[]): Outcome {
    if (changes.length === 0) log.info('The settings were read again: nothing has changed.')
    else log.info({ changes }, 'The settings were read again, and are in force.')
    return { outcome: 'reloaded', lines: changes }
  }

  function refused(error: unknown): Outcome {
    const reasons = reasonsOf(error)
    const lines = reasons.flatMap((reason) => problemsOf(reason)).map(secrets.struck)
    for (const problem of lines) log.error({ problem }, "The settings that were read again can't be used.")
    const [err] = reasons.filter((reason) => !isInWords(reason))
    log.error({ ...(err !== undefined && { err }) }, 'Countersign goes on with the settings that it had.')
    return { outcome: 'refused', lines }
  }
}

/** Nobody can tell a bug without its stack. */
function isInWords(reason: unknown): boolean {
  return reason instanceof ConfigProblems || reason instanceof Refusal || endOf(reason) !== null
}

function reasonsOf(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(reasonsOf) : [error]
}

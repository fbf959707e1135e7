import { secretsOf } from '../../app/log.ts'
import { type Config, ConfigProblems } from '../../config/settings.ts'
import { fromOutside, withoutSecrets } from '../../domain/from-outside.ts'
import { Refusal } from '../../domain/refusal.ts'
import { slackTrouble } from '../../slack/calls/errors.ts'
import { startTroubleOf } from '../../storage/engine/trouble.ts'

/** Says why the app did not start and what to do, a line for each obstacle, without any secret. */
export async function startProblem(error: unknown, config: Config): Promise<string> {
  const secrets = secretsOf(config)
  return withoutSecrets(await inWords(error, config.database, secrets), secrets)
}

async function inWords(error: unknown, database: string, secrets: readonly string[]): Promise<string> {
  if (error instanceof AggregateError) {
    const all = await Promise.all(error.errors.map((one) => inWords(one, database, secrets)))
    return all.join('\n')
  }
  const trouble = await startTroubleOf(error, database)
  if (trouble !== null) return trouble
  if (error instanceof Refusal || error instanceof ConfigProblems) return error.message
  const slackSays = slackTrouble(error)
  if (slackSays !== null) return `${slackSays} Countersign did not start.`
  const { code, message, port, syscall } = error as Record<'code' | 'message' | 'port' | 'syscall', unknown>
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program, so Countersign can't listen there: stop that program, or give another PORT or HEALTH_PORT.`
  if (code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo')
    return `LISTEN_HOST is not an address of this machine (${message}): leave it out for this machine alone, or give 0.0.0.0 for all its addresses.`
  return fromOutside(error instanceof Error ? error.message : String(error), secrets)
}

import { type DestinationStream, type LogFn, type Logger, pino, stdSerializers } from 'pino'
import type { Config } from '../config/settings.ts'
import { canBeSecret, withoutSecrets } from '../domain/from-outside.ts'
import { LogNotWritten } from '../domain/refusal.ts'
import { shortLine } from './short-line.ts'

/**
 * The app's log, as lines of JSON on standard output. Whatever is passed to it, no line contains a credential: those of
 * the configuration, and everything that looks like Slack's, are struck out of the finished line. None is longer than
 * 2 kB.
 */
export function createLog(
  config: Config,
  destination: DestinationStream = pino.destination(1),
  { struck } = strikingOut(config),
): Logger {
  const options = {
    level: config.logLevel,
    serializers: { err: inShort },
    hooks: { streamWrite: (line: string) => shortLine(struck(line)), logMethod },
  }
  return pino(options, destination)
}

/** If the log can't be written, that is told once, and once more when it can: each step that fails for it would only repeat it. */
function logMethod(this: Logger, given: Parameters<LogFn>, write: LogFn, level: number): void {
  const [fields] = given as readonly unknown[]
  const isTold = isNotWritten(fields) && level < this.levels.values.fatal!
  if (!isTold) write.apply(this, given)
}

function isNotWritten(fields: unknown): boolean {
  return typeof fields === 'object' && fields !== null && 'err' in fields && fields.err instanceof LogNotWritten
}

export type StrikingOut = ReturnType<typeof strikingOut>

/**
 * Strikes out credentials of the configuration, and whatever looks like one of Slack's. `learn` adds those of the next
 * configuration: what was a secret stays one.
 */
export function strikingOut(config: Config) {
  const secrets = new Set<string>()
  learn(config)
  return { struck: (text: string) => withoutSecrets(text, [...secrets]), learn }

  function learn(config: Config): void {
    for (const secret of secretsOf(config)) secrets.add(secret).add(inJson(secret))
  }
}

/** As it is within a line of JSON. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

export function secretsOf({
  slack: { botToken, transport },
  auditKey,
  earlierAuditKeys,
  anchors,
  stacks,
  proxyPasswords = [],
}: Config): string[] {
  const ofSlack = transport.kind === 'socket' ? transport.appToken : transport.signingSecret
  const keys = [auditKey ?? '', ...earlierAuditKeys]
  const letInWith = stacks.flatMap(({ authtoken, oauth }) => [authtoken, oauth?.clientSecret ?? '', oauth?.key ?? ''])
  const own = [botToken, ofSlack, ...keys, anchors.webhook ?? '', ...letInWith]
  return [...own.filter(canBeSecret), ...proxyPasswords]
}

/** The error and where it happened; without the request and response that HTTP clients hang on their errors. */
function inShort(error: Error) {
  const { type, message, stack } = stdSerializers.err(error)
  return { type, message, stack }
}

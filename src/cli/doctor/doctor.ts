import { join } from 'node:path'
import { type Survey, surveySettings } from '../../config/config.ts'
import { tellOfNoConnection } from '../../config/proxies.ts'
import { isPostgres } from '../../domain/database-place.ts'
import { canBeSecret, withoutSecrets } from '../../domain/from-outside.ts'
import { visible } from '../../domain/text.ts'
import type { Inspection } from '../../ports/inspection.ts'
import type { Named } from '../../ports/presence.ts'
import { inspectDatabase, inspectServer } from '../../storage/engine/inspect.ts'
import { presentAt } from '../../storage/engine/present.ts'
import { version } from '../../version.ts'
import { command, type Here, messageOf } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { anchorCheck } from './anchors.ts'
import { borneOutCheck } from './borne-out.ts'
import { databaseCheck } from './database.ts'
import { type Delivery, deliveryChecks } from './delivery.ts'
import { fileChecks } from './files.ts'
import { type Check, type Finding, ifSeen, lookAll, warning } from './finding.ts'
import { governedChecks } from './governed.ts'
import { folderChecks, type Machine, nodeCheck, thisMachine } from './machine.ts'
import { asJson, inLines, tally } from './print.ts'
import { serverChecks } from './server.ts'
import { setAsideCheck } from './set-aside.ts'
import { auditKeyCheck, keysOf, settingsCheck } from './settings.ts'
import { botTokenSays } from './slack.ts'
import { stackSays } from './stack.ts'

type Options = { readonly config?: string; readonly envFile?: string; readonly json?: boolean }

type Tools = {
  readonly machine?: Machine
  /** The folder searched for .env; the current one unless given. */
  readonly folder?: string
}

/**
 * Looks at everything that Countersign needs, changes nothing, and says what it found. Resolves to the exit code: 0
 * without an error, 1 with one, 2 if it could not look. Never tells a secret, whatever it hears.
 */
export function doctor({ config, envFile, json = false }: Options, terminal: Terminal & Tools): Promise<number> {
  const { machine = thisMachine, folder = '' } = terminal
  const look = async ({ env, now, tell }: Here) => {
    const survey = surveySettings(config, env)
    const found = await examine(survey, {
      machine,
      now,
      mayHoldSecrets: [join(folder, '.env'), ...(envFile === undefined || envFile === '.env' ? [] : [envFile])],
    })
    const findings = found.map((finding) => discreet(finding, survey))
    for (const line of json ? [asJson(findings, version)] : inLines(findings)) tell(line)
    return tally(findings).errors > 0 ? 1 : 0
  }
  return command(terminal, look, { exitCode: 2, unexpected: couldNotLook })
}

function couldNotLook(error: unknown): string {
  return `The doctor could not check: ${messageOf(error)}`
}

type Around = Pick<Here, 'now'> & {
  readonly machine: Machine
  /** Files to look at besides those that the settings name. */
  readonly mayHoldSecrets: readonly string[]
}

async function examine(survey: Survey, { machine, now, mayHoldSecrets }: Around): Promise<Finding[]> {
  const { database, path, secretFiles: secrets, stacks } = survey
  const inspecting = database === null ? Promise.resolve(null) : inspectDatabase(database)
  inspecting.catch(() => {})
  const parts = await Promise.all([
    lookAll([
      nodeCheck(machine),
      ...databaseChecks({ database, machine, now, inspection: () => inspecting }),
      ...fileChecks({
        database: database !== null && isPostgres(database) ? null : database,
        config: path,
        secrets: [...secrets, ...mayHoldSecrets],
      }),
      settingsCheck(survey),
      ...(database === null ? [] : anchorChecks({ survey, database, inspecting, now })),
      auditKeyCheck(survey, () => inspecting.catch(() => null)),
      ...(stacks.length > 0 && database !== null
        ? [ifSeen(inspecting, setAsideCheck({ stacks, inspection: () => inspecting }))]
        : []),
    ]),
    slackSays(survey, now),
    lookAll(
      deliveries(survey, {
        lastActed: () => lastActedIn(database, inspecting),
        instances: async () => (database === null ? null : instancesOn(database)),
      }),
    ),
    ...stacks.map(stackSays),
  ])
  const found = parts.flat()
  const { unusedProxies: hint } = survey
  const isOfUse = hint !== null && found.some(({ says }) => tellOfNoConnection(says))
  return isOfUse
    ? [...found, { area: 'proxy', ...warning(hint, 'Set it if calls have to go through a proxy.') }]
    : found
}

type Log = Pick<Around, 'now'> & {
  readonly survey: Survey
  readonly database: string
  readonly inspecting: Promise<Inspection | null>
}

function anchorChecks({ survey, database, inspecting, now }: Log): Check[] {
  const { anchors } = survey
  const places = Object.entries(anchors).flatMap(([place, where]) => (where === null ? [] : [place]))
  const inspection = () => inspecting.catch(() => null)
  return [
    ifSeen(inspecting, anchorCheck({ places, lastAnchors: async () => (await inspecting)?.lastAnchors ?? null, now })),
    borneOutCheck({ database, file: anchors.file, keys: keysOf(survey), inspection }),
  ]
}

type Database = Pick<Around, 'machine' | 'now'> & {
  readonly database: string | null
  readonly inspection: () => Promise<Inspection | null>
}

const noDatabase = warning("No database was looked at, since COUNTERSIGN_DB can't be used.")

function databaseChecks({ database, machine, now, inspection }: Database): Check[] {
  if (database === null) return [{ area: 'database', look: async () => noDatabase }]
  if (!isPostgres(database))
    return [
      ...folderChecks(machine, database),
      databaseCheck({ path: database, inspection, canWrite: machine.canWrite }),
    ]
  const server = inspectServer(database, now)
  server.catch(() => {})
  return serverChecks({ database, inspection, server: () => server })
}

async function slackSays({ botToken, apiUrl, stacks }: Survey, now: () => Date): Promise<Finding[]> {
  const notAsked = (why: string) => ({
    area: 'slack',
    ...warning(`Channels and people were not looked up, since ${why}.`),
  })
  if (botToken === null) return [notAsked('there is no bot token that can be used')]
  const slack = { botToken, apiUrl }
  const { findings, isTaken } = await botTokenSays(slack, now)
  if (!isTaken) return [...findings, notAsked('Slack could not be asked with the bot token')]
  if (stacks.length === 0) return [...findings, notAsked('the settings name none that can be used')]
  return [...findings, ...(await lookAll(await governedChecks({ stacks, slack, now })))]
}

/** Throws if the log can't be read. */
async function lastActedIn(database: string | null, inspecting: Promise<Inspection | null>): Promise<string | null> {
  const { lastActed = null, faults = [] } = (await inspecting) ?? {}
  if (lastActed === null && (database === null || faults.length > 0)) throw new Error('The log could not be read.')
  return lastActed
}

/** Null for a file: only one may use that. */
async function instancesOn(database: string): Promise<readonly Named[] | null> {
  return isPostgres(database) ? presentAt(database).catch(() => []) : null
}

function deliveries({ transport, apiUrl }: Survey, known: Pick<Delivery, 'lastActed' | 'instances'>): Check[] {
  return transport ? deliveryChecks({ transport, apiUrl, ...known }) : []
}

/**
 * Whatever other people's words contain: no credential is passed on, nothing steers a terminal, and a line stays a
 * line.
 */
function discreet(
  finding: Finding,
  { botToken, transport, auditKey, earlierAuditKeys, anchors, stacks }: Survey,
): Finding {
  const ofSlack = transport?.kind === 'socket' ? transport.appToken : transport?.signingSecret
  const secrets = [
    botToken,
    ofSlack,
    auditKey,
    ...earlierAuditKeys,
    anchors.webhook,
    ...stacks.flatMap(({ authtoken, oauth }) => [authtoken, oauth?.clientSecret, oauth?.key]),
  ].flatMap((secret) => (secret && canBeSecret(secret) ? [secret] : []))
  const without = (text: string) => visible(withoutSecrets(text, secrets).replaceAll('\n', ' '))
  const { says, todo } = finding
  return { ...finding, says: without(says), ...(todo !== undefined && { todo: without(todo) }) }
}

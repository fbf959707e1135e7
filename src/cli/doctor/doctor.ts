import { join } from 'node:path'
import { type Survey, surveySettings } from '../../config.ts'
import { auditKey, earlierKeys } from '../../domain/chain.ts'
import type { Keys } from '../../domain/chain-check.ts'
import { withoutSecrets } from '../../domain/from-outside.ts'
import { keyProblem } from '../../domain/key-check.ts'
import { keyOrderOf } from '../../domain/key-order.ts'
import { endProblem } from '../../domain/log-end.ts'
import { type KeyNeeded, keysLacking } from '../../domain/missing-keys.ts'
import { visible } from '../../domain/text.ts'
import { tellOfNoConnection } from '../../proxies.ts'
import { type Inspection, inspectDatabase } from '../../storage/inspect.ts'
import { version } from '../../version.ts'
import { anchorCheck } from './anchors.ts'
import { borneOutCheck } from './borne-out.ts'
import { databaseCheck } from './database.ts'
import { deliveryChecks } from './delivery.ts'
import { fileChecks } from './files.ts'
import { type Check, error, type Finding, lookAll, ok, type Said, warning } from './finding.ts'
import { governedChecks } from './governed.ts'
import { type Machine, machineChecks, thisMachine } from './machine.ts'
import { asJson, inLines, tally } from './print.ts'
import { setAsideCheck } from './set-aside.ts'
import { botTokenSays } from './slack.ts'
import { stackSays } from './stack.ts'

type Options = { readonly config?: string; readonly json?: boolean }

type Around = {
  readonly tell: (line: string) => void
  /** The process's own unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly machine?: Machine
  readonly now?: () => Date
  /** Where .env is looked for: where this is run unless given. */
  readonly folder?: string
}

/**
 * Looks at everything that Countersign needs, changes nothing, and tells what it found. Resolves to the exit code: 0
 * without an error, 1 with one. It says no secret, whatever it hears.
 */
export async function doctor({ config, json = false }: Options, { tell, env, ...around }: Around): Promise<0 | 1> {
  const survey = surveySettings(config, env)
  const findings = (await examine(survey, around)).map((finding) => discreet(finding, survey))
  for (const line of json ? [asJson(findings, version)] : inLines(findings)) tell(line)
  return tally(findings).errors > 0 ? 1 : 0
}

type Tools = Pick<Around, 'machine' | 'now' | 'folder'>

async function examine(
  survey: Survey,
  { machine = thisMachine, now = () => new Date(), folder = '' }: Tools,
): Promise<Finding[]> {
  const { database, path, secretFiles: secrets, stacks } = survey
  const inspecting = (async () => inspectDatabase(database))()
  inspecting.catch(() => {})
  const parts = await Promise.all([
    lookAll([
      ...machineChecks(machine, database),
      databaseCheck({ path: database, inspection: () => inspecting, canWrite: machine.canWrite }),
      ...fileChecks({ database, config: path, secrets: [...secrets, join(folder, '.env')] }),
      settingsCheck(survey),
      anchorCheck({
        places: Object.entries(survey.anchors).flatMap(([place, where]) => (where === null ? [] : [place])),
        lastAnchors: async () => (await inspecting.catch(() => null))?.lastAnchors ?? null,
        now,
      }),
      borneOutCheck({
        database,
        file: survey.anchors.file,
        keys: keysOf(survey),
        inspection: () => inspecting.catch(() => null),
      }),
      auditKeyCheck(survey, () => inspecting.catch(() => null)),
      ...(stacks.length > 0 ? [setAsideCheck({ stacks, inspection: () => inspecting })] : []),
    ]),
    slackSays(survey, now),
    lookAll(deliveries(survey, async () => (await inspecting.catch(() => null))?.lastActed ?? null)),
    ...stacks.map(stackSays),
  ])
  const found = parts.flat()
  const { unusedProxies: hint } = survey
  const isOfUse = hint !== null && found.some(({ says }) => tellOfNoConnection(says))
  return isOfUse
    ? [...found, { area: 'proxy', ...warning(hint, 'Set it where calls have to go through a proxy.') }]
    : found
}

function settingsCheck({ problems, path, proxySwitch }: Survey): Check {
  const unread = warning(
    `NODE_USE_ENV_PROXY is "${proxySwitch}", which Node does not understand, so no proxy is used.`,
    'Set it to 1, or leave it out.',
  )
  const look = async () => {
    const rest = proxySwitch === null ? [] : [unread]
    if (problems.length === 0) return [ok(`${path} and the environment are complete.`), ...rest]
    return [...problems.map((problem) => error(problem)), ...rest]
  }
  return { area: 'settings', look }
}

/** One that is too short is among the problems of the settings. */
function auditKeyCheck(survey: Survey, inspected: () => Promise<Inspection | null>): Check {
  const keys = keysOf(survey)
  const look = async () => {
    const { lastEntry = null, turns = [], keysSince } = (await inspected()) ?? {}
    const wrong = endProblem(lastEntry)
    if (wrong !== null) return error(`The audit log can't be written on, because ${wrong}.`)
    const problem = keyProblem(lastEntry, keys, () => keyOrderOf(turns, keys))
    if (problem !== null) return error(problem, 'Countersign does not start before that.')
    const atHand = [keys.current, ...keys.earlier].flatMap((key) => key?.id ?? [])
    const lacking = keysSince ? keysLacking(keysSince, atHand) : []
    return [keys.current !== null ? ok('AUDIT_KEY is set.') : noAuditKey, ...lacking.map(keyIsLacking)]
  }
  return { area: 'audit key', look }
}

function keysOf({ auditKey: secret, earlierAuditKeys }: Survey): Keys {
  return { current: auditKey(secret), earlier: earlierKeys(earlierAuditKeys) }
}

const noAuditKey = warning(
  'There is no AUDIT_KEY, so whoever can write the database can rewrite the audit log unseen.',
  'Make one with "openssl rand -hex 32", and keep it apart from the database.',
)

function keyIsLacking({ key, changes }: KeyNeeded): Said {
  const numbers = changes.map((id) => `#${id}`).join(', ')
  return warning(
    `The log was written with the key ${key} since open changes were asked for (${numbers}), and that key is not given: they wait when they are approved.`,
    'Add that key to AUDIT_KEY_PREVIOUS, and start Countersign again.',
  )
}

async function slackSays({ botToken, apiUrl, stacks }: Survey, now: () => Date): Promise<Finding[]> {
  const notAsked = (why: string) => ({
    area: 'slack',
    ...warning(`Channels and people were not looked up, since ${why}.`),
  })
  if (botToken === null) return [notAsked('there is no bot token')]
  const slack = { botToken, apiUrl }
  const { findings, isTaken } = await botTokenSays(slack, now)
  if (!isTaken) return [...findings, notAsked('Slack could not be asked with the bot token')]
  if (stacks.length === 0) return [...findings, notAsked('the settings name none that can be used')]
  return [...findings, ...(await lookAll(await governedChecks({ stacks, slack, now })))]
}

function deliveries({ transport, apiUrl }: Survey, lastActed: () => Promise<string | null>): Check[] {
  return transport ? deliveryChecks({ transport, apiUrl, lastActed }) : []
}

/** Whatever somebody else's words quote: no credential is told on, nothing steers a terminal, and a line stays a line. */
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
    ...stacks.map(({ authtoken }) => authtoken),
  ].filter((secret) => secret)
  const without = (text: string) => visible(withoutSecrets(text, secrets as string[]).replaceAll('\n', ' '))
  const { says, todo } = finding
  return { ...finding, says: without(says), ...(todo !== undefined && { todo: without(todo) }) }
}

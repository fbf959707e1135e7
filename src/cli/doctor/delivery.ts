import { createServer, isIPv6 } from 'node:net'
import type { Named } from '../../ports/presence.ts'
import { shaped } from '../../slack/calls/answers.ts'
import { blamesAppToken } from '../../slack/calls/app-token.ts'
import { askSlack } from '../../slack/calls/ask.ts'
import { SlackNo } from '../../slack/calls/said.ts'
import type { Transport } from '../../slack/link/line.ts'
import { givenAddress, type Hello } from '../../slack/link/link.ts'
import { crowd } from '../../slack/link/socket-receiver.ts'
import { tryLink } from '../../slack/link/try-link.ts'
import { instancesInWords } from '../instances.ts'
import { type Check, error, ok, type Said, slackSaysNo, warning } from './finding.ts'

export type Delivery = {
  readonly transport: Transport
  readonly apiUrl: string | null
  /** When somebody last did something in Slack that the log has, as an ISO instant. Rejects if the log can't be read. */
  readonly lastActed: () => Promise<string | null>
  /** The instances that run, as far as the database tells; null if it can have only one. */
  readonly instances: () => Promise<readonly Named[] | null>
}

/** Checks that commands, buttons and forms can reach the app, as far as that can be seen from here. */
export function deliveryChecks({ transport, apiUrl, lastActed, instances }: Delivery): Check[] {
  return [
    {
      area: 'slack delivery',
      look: () => (transport.kind === 'socket' ? socketSays(transport, apiUrl, instances) : portSays(transport)),
    },
    { area: 'instances', look: async () => instancesSay((await instances()) ?? []) },
    { area: 'slack command', look: async () => commandSays(await signOfLife(lastActed), transport.kind) },
  ]
}

type Socket = Extract<Transport, { kind: 'socket' }>
type Port = Extract<Transport, { kind: 'http' }>

/** Slack gives out the address of a connection; it is opened, and closed as soon as Slack greets. */
async function socketSays(
  { appToken: token, proxies }: Socket,
  apiUrl: string | null,
  instances: Delivery['instances'],
): Promise<Said> {
  const method = 'apps.connections.open'
  const { answer } = await askSlack({ method, token, apiUrl })
  if (!answer.ok && !blamesAppToken(answer.error)) return slackSaysNo(new SlackNo(method, answer))
  if (!answer.ok)
    return error(
      `Slack does not open a Socket Mode connection (${answer.error}), so no command, button or form arrives.`,
      'Make an app-level token (xapp-…) with connections:write for SLACK_APP_TOKEN, and turn on Socket Mode for the app.',
    )
  const { url } = shaped(method, givenAddress, answer)
  try {
    return greetingSays(await tryLink({ url, proxies }), await instances())
  } catch (failure) {
    return error(
      `Slack accepts the app-level token, but its Socket Mode connection can't be opened (${(failure as Error).message}), so no command, button or form arrives.`,
      'Let this machine reach that host over a WebSocket. docs/setup.md says how to do that behind a proxy.',
    )
  }
}

function greetingSays({ connections }: Hello, instances: readonly Named[] | null): Said {
  const says = 'Slack accepts the app-level token, and a Socket Mode connection was opened and closed again.'
  const running = Math.max(1, instances?.length ?? 0)
  // The doctor's own, and two of each.
  if (connections === null || connections <= 1 + 2 * running) return ok(says)
  const counts = `${says} Slack counts ${connections} connections for this app, including that one`
  if (connections < crowd)
    return warning(
      `${counts}. ${running === 1 ? 'Countersign uses two when it runs' : `The ${running} instances on this database use two each`}, so another process may be running, perhaps with another database.`,
      `${instances ? 'Stop any that runs with another database' : 'Run only one process with the app-level token, and stop the others'}. A connection that was cut, or is being renewed, also counts for a while: run the doctor again in a few minutes.`,
    )
  return warning(
    `${counts}, and allows ten.`,
    `${instances ? 'Stop any process that runs with another database' : 'Stop other processes that use the app-level token'}. Connections that were cut count until Slack notices.`,
  )
}

function instancesSay(instances: readonly Named[]): Said[] {
  const { length } = instances
  return length > 1 ? [ok(`${length} instances run on this database: ${instancesInWords(instances)}.`)] : []
}

async function portSays({ port, host }: Port): Promise<Said> {
  if (await isFree(port, host)) return ok(`Port ${port} on ${host} is free for Countersign.`)
  if (await refusesUnsigned(port, host))
    return ok(
      `On port ${port} something refuses unsigned requests, as Countersign does when it runs. The doctor can't tell whether SLACK_SIGNING_SECRET belongs to the app: its log warns of each request with another signature.`,
    )
  return error(`Something that is not Countersign listens on port ${port}.`, 'Stop it, or set PORT to another one.')
}

/** Throws if nobody may listen there. */
function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', (failure: NodeJS.ErrnoException) =>
      failure.code === 'EADDRINUSE' ? resolve(false) : reject(failure),
    )
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}

async function refusesUnsigned(port: number, host: string): Promise<boolean> {
  const request = { method: 'POST', signal: AbortSignal.timeout(5_000) }
  const own = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host
  return fetch(`http://${isIPv6(own) ? `[${own}]` : own}:${port}/slack/events`, request).then(
    ({ status }) => status === 401,
    () => false,
  )
}

type SignOfLife = { readonly on: string } | { readonly without: string }

/** A bot token can't read the app's manifest, so people's acts are the only sign that Slack has these. */
function signOfLife(lastActed: Delivery['lastActed']): Promise<SignOfLife> {
  return lastActed().then(
    (at) => (at === null ? { without: nobodyActed } : { on: at.slice(0, 10) }),
    () => ({ without: 'the audit log, which would show that somebody used it, could not be read' }),
  )
}

const nobodyActed =
  'the audit log does not show that anybody has ever asked for something, decided or been refused in Slack, and merely looking is not logged'

function commandSays(sign: SignOfLife, kind: Transport['kind']): Said {
  if ('on' in sign) return ok(`Somebody last used Countersign in Slack on ${sign.on}, and that reached the app.`)
  const urls =
    kind === 'http' ? ' Over HTTP, their request URLs have to point here, as https://your-host/slack/events.' : ''
  return warning(
    `The doctor can't tell whether /token and the buttons reach this app: ${sign.without}.${urls}`,
    'Type /token help in Slack. If there is no answer, start Countersign, paste manifest.yml again and reinstall the app.',
  )
}

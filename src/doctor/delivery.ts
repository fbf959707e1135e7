import { createServer } from 'node:net'
import { askSlack } from '../slack/ask.ts'
import type { Transport } from '../slack/bolt.ts'
import { type Check, error, ok, type Said, warning } from './finding.ts'

type Delivery = {
  readonly transport: Transport
  readonly apiUrl: string | null
  /** When somebody last did something in Slack, as an ISO instant; null when nobody has yet, or that can't be known. */
  readonly lastActed: () => Promise<string | null>
}

/** Whether commands, buttons and forms can reach the app: as far as that can be seen from here. */
export function deliveryChecks({ transport, apiUrl, lastActed }: Delivery): Check[] {
  return [
    {
      area: 'slack delivery',
      look: () => (transport.kind === 'socket' ? socketSays(transport.appToken, apiUrl) : portSays(transport.port)),
    },
    { area: 'slack command', look: async () => commandSays(await lastActed(), transport.kind) },
  ]
}

/** Slack hands out the address of a connection; it is left unopened, and expires. */
async function socketSays(token: string, apiUrl: string | null): Promise<Said> {
  const { answer } = await askSlack({ method: 'apps.connections.open', token, apiUrl })
  if (answer.ok) return ok('Slack takes the app-level token, and would open a Socket Mode connection.')
  return error(
    `Slack opens no Socket Mode connection (${answer.error}), so no command, button or form arrives.`,
    'Make an app-level token (xapp-…) with connections:write for SLACK_APP_TOKEN, and turn on Socket Mode for the app.',
  )
}

async function portSays(port: number): Promise<Said> {
  if (await isFree(port)) return ok(`Port ${port} is free for Countersign.`)
  if (await refusesUnsigned(port))
    return ok(`On port ${port} something refuses unsigned requests, as Countersign does when it runs.`)
  return error(`Something that is not Countersign listens on port ${port}.`, 'Stop it, or set PORT to another one.')
}

/** Throws when nobody may listen there. */
function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', (failure: NodeJS.ErrnoException) =>
      failure.code === 'EADDRINUSE' ? resolve(false) : reject(failure),
    )
    server.listen(port, () => server.close(() => resolve(true)))
  })
}

async function refusesUnsigned(port: number): Promise<boolean> {
  const request = { method: 'POST', signal: AbortSignal.timeout(5_000) }
  return fetch(`http://127.0.0.1:${port}/slack/events`, request).then(
    ({ status }) => status === 401,
    () => false,
  )
}

/** A bot token can't read the app's manifest, so what people did is the only sign that Slack has these. */
function commandSays(lastActed: string | null, kind: Transport['kind']): Said {
  if (lastActed !== null)
    return ok(`Somebody last did something here in Slack on ${lastActed.slice(0, 10)}, so it reached the app then.`)
  const urls =
    kind === 'http' ? ' Over HTTP their request URLs have to lead here, as https://your-host/slack/events.' : ''
  return warning(
    `Whether /token and the buttons lead to this app can't be seen from here, and nobody has used them yet.${urls}`,
    'Start Countersign and type /token help in Slack. If nothing answers, paste manifest.yml again and reinstall the app.',
  )
}

import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { loadTerminal } from '../../config/config.ts'
import { asTyped } from '../../domain/as-typed.ts'
import { Refusal } from '../../domain/refusal.ts'
import { visible } from '../../domain/text.ts'
import { command, type Here, messageOf } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { desksOf, reach, requests } from './desk.ts'
import { type Outcome, outcome, type Removals } from './outcome.ts'

/**
 * Asks the app that uses this database to read its settings again, and says what came of it. Resolves to the exit code:
 * 0 if the settings as they are written are in force now, otherwise 1.
 */
export function reload(removals: Removals, terminal: Terminal): Promise<number> {
  return command(terminal, async (here) => {
    const { database } = loadTerminal({}, here.env)
    const apps = (await Promise.all(desksOf(database).map(open(database)))).filter((app) => app !== null)
    if (apps.length === 0) throw notRunning(database)
    const came = await Promise.all(apps.map((app) => ask(app, removals)))
    for (const one of came) tellOf(one, here)
    return came.every((one) => one?.outcome === 'reloaded') ? 0 : 1
  })
}

function open(database: string): (path: string) => Promise<Socket | null> {
  return (path) =>
    reach(path).catch((error: unknown) => {
      throw new Refusal(
        'unavailable',
        `Countersign runs with the database ${database}, but can't be asked from here (${messageOf(error)}). Nothing was done. Ask as the user that it runs as.`,
      )
    })
}

function notRunning(database: string): Refusal {
  return new Refusal(
    'unavailable',
    `No Countersign that runs on this machine with the database ${database} can be asked, so nothing was done. Give the settings that it was started with. If it does not run, "${asTyped('start')}" starts it.`,
  )
}

/** Null if the app ended first. */
async function ask(app: Socket, removals: Removals): Promise<Outcome | null> {
  app.write(requests[removals])
  try {
    return outcome.parse(JSON.parse(await text(app)))
  } catch {
    return null
  }
}

const words = {
  reloaded: 'These settings are in force.',
  refused: 'Countersign goes on with the settings that it had.',
  stopping: 'Countersign is stopping. The next start reads the settings.',
}

function tellOf(came: Outcome | null, { tell, complain }: Here): void {
  const say = came?.outcome === 'reloaded' ? tell : complain
  for (const line of came?.lines ?? []) say(visible(line))
  if (came === null) say('Countersign ended before it said what came of it: look at its log.')
  else if (came.outcome === 'reloaded' && came.lines.length === 0) say('Nothing has changed.')
  else say(words[came.outcome])
}

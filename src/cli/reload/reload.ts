import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { loadTerminal } from '../../config/config.ts'
import { asTyped } from '../../domain/as-typed.ts'
import { isPostgres } from '../../domain/database-place.ts'
import { Refusal } from '../../domain/refusal.ts'
import { visible } from '../../domain/text.ts'
import type { Named } from '../../ports/presence.ts'
import { presentAt } from '../../storage/engine/present.ts'
import { command, type Here, messageOf } from '../command.ts'
import { instancesInWords } from '../instances.ts'
import type { Terminal } from '../terminal.ts'
import { desksOf, reach, requests } from './desk.ts'
import { type Answer, answer, type Outcome, type Removals } from './outcome.ts'

/**
 * Asks the app that uses this database to read its settings again, and says what came of it. Resolves to the exit code:
 * 0 if the settings as they are written are in force now, otherwise 1.
 */
export function reload(removals: Removals, terminal: Terminal): Promise<number> {
  return command(terminal, async (here) => {
    const { database } = loadTerminal({}, here.env)
    const apps = (await Promise.all(desksOf(database).map(open(database)))).filter((app) => app !== null)
    if (apps.length === 0) throw notRunning(database, await presentAt(database).catch(() => []))
    const came = await Promise.all(apps.map((app) => ask(app, removals)))
    const isOneOfSeveral = isPostgres(database)
    for (const one of came) {
      if (isOneOfSeveral && one?.from) sayer(one, here)(visible(`From ${instancesInWords([one.from])}:`))
      tellOf(one, here)
    }
    if (isOneOfSeveral) await tellOfOthers(database, came, here)
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

function notRunning(database: string, others: readonly Named[]): Refusal {
  const says = `No Countersign that runs on this machine with the database ${database} can be asked, so nothing was done.`
  const todo = `Give the settings that it was started with. If it does not run, "${asTyped('start')}" starts it.`
  return new Refusal('unavailable', [says, ...(others.length > 0 ? [notReached(others)] : []), todo].join(' '))
}

function notReached(others: readonly Named[]): string {
  return `On this database within the last half minute, and not reached from here: ${instancesInWords(others)}. Run "${asTyped('reload')}" there too.`
}

async function tellOfOthers(
  database: string,
  came: readonly (Answer | null)[],
  { tell, complain }: Here,
): Promise<void> {
  try {
    const reached = came.map((one) => one?.from?.id)
    const others = (await presentAt(database)).filter(({ id }) => !reached.includes(id))
    if (others.length > 0) tell(visible(notReached(others)))
  } catch (error) {
    complain(
      visible(`If other instances run on this database, run "${asTyped('reload')}" there too. ${messageOf(error)}`),
    )
  }
}

/** Null if the app ended first. */
async function ask(app: Socket, removals: Removals): Promise<Answer | null> {
  app.write(requests[removals])
  try {
    return answer.parse(JSON.parse(await text(app)))
  } catch {
    return null
  }
}

const words = {
  reloaded: 'These settings are in force.',
  refused: 'Countersign goes on with the settings that it had.',
  stopping: 'Countersign is stopping. The next start reads the settings.',
}

function sayer(came: Outcome | null, { tell, complain }: Here): (line: string) => void {
  return came?.outcome === 'reloaded' ? tell : complain
}

function tellOf(came: Outcome | null, here: Here): void {
  const say = sayer(came, here)
  for (const line of came?.lines ?? []) say(visible(line))
  if (came === null) say('Countersign ended before it said what came of it: look at its log.')
  else if (came.outcome === 'reloaded' && came.lines.length === 0) say('Nothing has changed.')
  else say(words[came.outcome])
}

import type { EmulatedSlack } from '../../src/sandbox/slack/protocol.ts'
import { alice } from '../support/world.ts'
import type { Running } from './programs.ts'
import type { Side } from './sides.ts'
import { until } from './until.ts'

/** `connections`: how many our app has when it is complete. */
type Load = { readonly commands: number; readonly connections: number }
type Memory = { readonly idle: number; readonly afterCommands: number }

const commandsAtOnce = 10

/**
 * Resident memory in MB of both apps: just after their start, and after that many `/token help`, all acked, and ours
 * answered.
 */
export async function memoryUse({ ours, floor }: { ours: Side; floor: Side }, load: Load) {
  const running = { ours: await ours.start(), floor: await floor.start() }
  await until(ours.slack, 'every connection', () => ours.slack.connections >= load.connections)
  return {
    ours: await memoryOf(running.ours, () => sendCommands(ours.slack, load.commands, 'response_url')),
    floor: await memoryOf(running.floor, () => sendCommands(floor.slack, load.commands)),
  }
}

async function memoryOf(running: Running, work: () => Promise<void>): Promise<Memory> {
  const idle = running.residentMb()
  await work()
  const afterCommands = running.residentMb()
  await running.stop()
  return { idle, afterCommands }
}

/** `then`: the Slack method that the app calls after each ack. */
async function sendCommands(slack: EmulatedSlack, count: number, then?: string): Promise<void> {
  const answers = () => slack.calls.filter(({ method, answer }) => method === then && answer?.ok).length
  for (let sent = 0; sent < count; sent += commandsAtOnce) {
    slack.clear()
    await Promise.all(Array.from({ length: commandsAtOnce }, () => sendCommand(slack)))
    if (then) await until(slack, 'every answer', () => answers() === commandsAtOnce)
  }
}

async function sendCommand(slack: EmulatedSlack): Promise<void> {
  const { outcome } = await slack.as(alice).command('/token help')
  if (outcome !== 'acked') throw new Error(`A command was not acked: ${outcome}.`)
}

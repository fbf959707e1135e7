import type { EmulatedSlack } from '../../src/sandbox/slack/protocol.ts'
import { alice } from '../support/world.ts'
import type { Running } from './programs.ts'
import type { Side } from './sides.ts'
import { until } from './until.ts'

/** `connections`: how many our app has when it is complete. */
type Load = { readonly commands: number; readonly connections: number }
type Memory = { readonly idle: number; readonly afterCommands: number }

const commandsAtOnce = 10

/** Resident memory in MB of both apps: fresh from their start, and after so many `/token help`, all acked, ours with the help. */
export async function memoryUse({ ours, floor }: { ours: Side; floor: Side }, load: Load) {
  const running = { ours: await ours.start(), floor: await floor.start() }
  await until(ours.slack, 'every connection', () => ours.slack.connections >= load.connections)
  return {
    ours: await memoryOf(running.ours, () => sendCommands(ours.slack, load.commands)),
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

async function sendCommands(slack: EmulatedSlack, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += commandsAtOnce) {
    slack.clear()
    await Promise.all(Array.from({ length: commandsAtOnce }, () => sendCommand(slack)))
  }
}

async function sendCommand(slack: EmulatedSlack): Promise<void> {
  const { outcome } = await slack.as(alice).command('/token help')
  if (outcome !== 'acked') throw new Error(`A command was not acked: ${outcome}.`)
}

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { forkServer, nextSaid } from './postgres-process.ts'
import type { Said } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with what the server of this run said, and starts it for the first who asks. */
    postgres: string
  }
}

let server: ChildProcess | undefined
let said: Promise<Said> | undefined
const door = createServer(async (_, response) => {
  said ??= start()
  response.end(JSON.stringify(await said))
})
let temporary: string | undefined

export async function setup({ config, provide }: TestProject): Promise<void> {
  temporary = config.env.TMPDIR
  await once(door.listen(0, '127.0.0.1').unref(), 'listening')
  provide('postgres', `http://127.0.0.1:${(door.address() as AddressInfo).port}`)
}

export async function teardown(): Promise<void> {
  door.close()
  if (!server || server.exitCode !== null) return
  server.disconnect()
  await once(server, 'exit')
}

async function start(): Promise<Said> {
  server = forkServer(temporary)
  return nextSaid(server)
}

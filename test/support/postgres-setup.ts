import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
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

/** Detached, so that Ctrl-C at the terminal leaves it to end its server. */
async function start(): Promise<Said> {
  server = fork(new URL('postgres-server.ts', import.meta.url), {
    env: { ...process.env, TMPDIR: temporary },
    execArgv: [],
    detached: true,
  })
  const ended = once(server, 'exit').then(([code]): Said => ({ failed: `its process ended with ${code}` }))
  const spoke = once(server, 'message').then(([message]) => message as Said)
  return Promise.race([spoke, ended])
}

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Said } from './postgres-server.ts'

/** A server in a process of its own, with its files below `temporary`. Detached, so that Ctrl-C leaves it to end its server. */
export function forkServer(temporary: string | undefined): ChildProcess {
  return fork(new URL('postgres-server.ts', import.meta.url), {
    env: { ...process.env, TMPDIR: temporary },
    execArgv: [],
    detached: true,
  })
}

export async function nextSaid(server: ChildProcess): Promise<Said> {
  const heard = new AbortController()
  const { signal } = heard
  const ended = once(server, 'exit', { signal }).then(([code]): Said => ({ failed: `its process ended with ${code}` }))
  const spoke = once(server, 'message', { signal }).then(([message]) => message as Said)
  ended.catch(() => {})
  spoke.catch(() => {})
  try {
    return await Promise.race([spoke, ended])
  } finally {
    heard.abort()
  }
}

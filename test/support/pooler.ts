import { randomBytes } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export type PoolMode = 'session' | 'transaction'

/** A connection to the server, and what is not answered yet of what was sent on it. */
type Backend = {
  readonly socket: Socket
  owed: number
  status: string
  heard: (data: Buffer) => void
  gone: () => void
}

/**
 * Does what PgBouncer does with the connections to a server on which nobody is asked for a password: it refuses settings in the
 * first message, names a process of its own, and gives each client a connection to the server for its session, or for a
 * transaction, the one that was used last first. Seen with PgBouncer 1.18, which the same tests run with where it is installed.
 */
export async function startPooler(url: string, mode: PoolMode): Promise<string> {
  const target = new URL(url)
  const idle: Backend[] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    keep(client)
    let backend: Promise<Backend> | null = null
    const startup = (data: Buffer) => {
      // Asked for encryption.
      if (data.length === 8) return void client.write('N')
      const refused = unsupportedIn(data)
      if (refused !== null) return void client.end(failure(`unsupported startup parameter: ${refused}`))
      client.write(welcome())
      client.off('data', startup)
      client.on('data', (sent) => void pass(sent).catch(() => client.destroy()))
    }
    client.on('data', startup)
    client.on('close', () => void backend?.then(giveBack, () => {}))

    async function pass(sent: Buffer): Promise<void> {
      // It says farewell to the pooler alone.
      if (sent[0] === 'X'.charCodeAt(0)) return
      backend ??= take(target)
      const to = await backend
      to.gone = () => client.destroy()
      to.heard = (data) => {
        client.write(data)
        if (mode === 'transaction' && to.owed === 0 && to.status === 'I') {
          backend = null
          idle.push(to)
        }
      }
      to.owed += kindsIn(sent).filter((kind) => kind === 'Q' || kind === 'S').length
      to.socket.write(sent)
    }
  })

  async function take({ hostname, port, username, pathname }: URL): Promise<Backend> {
    const last = idle.pop()
    if (last !== undefined) return last
    const socket = connect(Number(port), hostname)
    keep(socket)
    const backend: Backend = { socket, owed: 1, status: 'I', heard: () => {}, gone: () => {} }
    const ready = Promise.withResolvers<void>()
    backend.heard = () => backend.owed === 0 && ready.resolve()
    const read = reading((kind, body) => {
      if (kind !== 'Z') return
      backend.owed -= 1
      backend.status = body.toString('latin1')
    })
    socket.on('data', (data) => {
      read(data)
      backend.heard(data)
    })
    socket.on('close', () => {
      const at = idle.indexOf(backend)
      if (at >= 0) idle.splice(at, 1)
      backend.gone()
      ready.reject(new Error('the server ended the connection'))
    })
    socket.write(startupOf({ user: username, database: pathname.slice(1) }))
    await ready.promise
    return backend
  }

  function giveBack(backend: Backend): void {
    backend.gone = () => {}
    if (backend.owed > 0 || backend.status !== 'I') return void backend.socket.destroy()
    backend.owed = 1
    backend.heard = () => backend.owed === 0 && idle.push(backend)
    backend.socket.write(message('Q', 'discard all\0'))
  }

  function keep(socket: Socket): void {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const here = new URL(url)
  here.port = String((server.address() as { port: number }).port)
  return here.href
}

const known = ['user', 'database', 'application_name', 'client_encoding', 'DateStyle', 'TimeZone']

/** Source for all of these: PostgreSQL 18, 54.7: the first message has no kind. */
function unsupportedIn(startup: Buffer): string | null {
  const names = startup
    .subarray(8)
    .toString('latin1')
    .split('\0')
    .filter((_, i) => i % 2 === 0)
  return names.find((name) => name !== '' && !known.includes(name)) ?? null
}

function startupOf(settings: Readonly<Record<string, string>>): Buffer {
  const text = `${Object.entries(settings).flat().join('\0')}\0\0`
  const head = Buffer.alloc(8)
  head.writeInt32BE(text.length + 8, 0)
  head.writeInt32BE(3 << 16, 4)
  return Buffer.concat([head, Buffer.from(text)])
}

const welcome = () => Buffer.concat([message('R', Buffer.alloc(4)), message('K', randomBytes(8)), message('Z', 'I')])
const failure = (text: string) => message('E', `SFATAL\0C08P01\0M${text}\0\0`)

function message(kind: string, body: string | Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(kind)
  head.writeInt32BE(Buffer.byteLength(body) + 4, 1)
  return Buffer.concat([head, Buffer.from(body as string)])
}

/** The client sends its messages whole. */
function kindsIn(sent: Buffer): string[] {
  const kinds: string[] = []
  reading((kind) => kinds.push(kind))(sent)
  return kinds
}

/** Calls back with each message, of which a part may come later. */
function reading(found: (kind: string, body: Buffer) => void): (data: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (data) => {
    rest = Buffer.concat([rest, data])
    for (let end = endOf(rest); end !== null && end <= rest.length; end = endOf(rest)) {
      found(String.fromCharCode(rest[0]!), rest.subarray(5, end))
      rest = rest.subarray(end)
    }
  }
}

function endOf(rest: Buffer): number | null {
  return rest.length < 5 ? null : 1 + rest.readInt32BE(1)
}

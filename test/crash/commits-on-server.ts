import { connect, createServer, type Socket } from 'node:net'

type Options = {
  /** The server behind it. */
  readonly url: string
  /** `before approved 1` is the first commit called `approved` of the process. */
  readonly killAt: string | undefined
  /** Ends the process like a power cut. */
  readonly kill: () => void
  /** Called with the name of each commit that is done. */
  readonly onCommit: (name: string) => void
}

/**
 * A place between one process of the app and its PostgreSQL that does what `at-commit.ts` does for a file: it knows each
 * commit by a name, and kills the process before the server gets it, or once it is done and before the process knows.
 * Resolves to the address for the process.
 */
export async function startBetween({ url, killAt, kill, onCommit }: Options) {
  const target = new URL(url)
  const [host, port] = [target.hostname, Number(target.port)]
  const numbered = counting()
  const sockets = new Set<Socket>()
  const server = createServer((app) => {
    const database = connect(port, host)
    for (const socket of [app, database]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    app.on('close', () => database.destroy())
    database.on('close', () => app.destroy())
    const commitIn = readingCommits()
    const done: string[] = []
    app.on('data', (sent) => {
      const data = lookingElsewhereFirst(sent)
      if (isStartup(data)) return void database.write(data)
      const name = commitIn(data)
      if (name !== null) done.push(numbered(name))
      if (name !== null && killAt === `before ${done.at(-1)}`) {
        kill()
        return void database.destroy()
      }
      database.write(data)
    })
    database.on('data', (data) => {
      const name = isReady(data) ? done.shift() : undefined
      if (name !== undefined) onCommit(name)
      if (name !== undefined && killAt === `after ${name}`) {
        kill()
        return void app.destroy()
      }
      app.write(data)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  target.port = String((server.address() as { port: number }).port)
  target.hostname = '127.0.0.1'
  return { url: target.href, stop }

  function stop(): void {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
}

function counting(): (name: string) => string {
  const counts = new Map<string, number>()
  return (name) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return `${name} ${count}`
  }
}

/** The names that `at-commit.ts` has for what these statements write. */
const asInFile: Readonly<Record<string, string>> = {
  'draft-start': 'drafts',
  'draft-save': 'rowid',
  'drafts-old': 'forget drafts',
  'drafts-beyond': 'forget drafts',
  'card-posting': 'card_posting',
  'card-stands': 'card_channel',
  'card-drawn': 'card_seq',
  'homes-forget': 'forget homes',
  'tokens-put': 'tokens',
  'tokens-unchanged': 'tokens',
  'facts-put': 'stacks',
  'telling-approver': 'telling',
  'told-approver': 'telling',
  present: 'instances',
  left: 'forget instances',
  'forget-left': 'forget instances',
}

/** Apart from those that only lock what they read. */
const writes = /\b(insert|(?<!for )update|delete)\b/i

/** The app sends its statements one at a time, so that what comes at once belongs to one. */
function readingCommits(): (data: Buffer) => string | null {
  const texts = new Map<string, string>()
  let [written, isEvent, isOpen]: [string | null, boolean, boolean] = [null, false, false]
  return (data) => {
    let isCommit = false
    for (const { type, body } of messagesIn(data)) {
      const words = body.toString('latin1').split('\0')
      if (type === 'P') texts.set(words[0]!, words[1]!)
      if (type === 'Q' && words[0]!.startsWith('begin')) [written, isEvent, isOpen] = [null, false, true]
      if (type === 'Q' && /^(commit|rollback)/.test(words[0]!)) {
        isCommit = words[0] === 'commit' && written !== null
        isOpen = false
      }
      if (type !== 'B' || !writes.test(texts.get(words[1]!) ?? '')) continue
      if (!isEvent) written = words[1] === 'append' ? eventIn(body) : (asInFile[words[1]!] ?? words[1]!)
      isEvent ||= words[1] === 'append'
      isCommit ||= !isOpen
    }
    if (!isCommit) return null
    const name = written
    ;[written, isEvent] = [null, false]
    return name
  }
}

/** The first message has no type, but begins with its length, which is below 2 ** 24. */
function isStartup(data: Buffer): boolean {
  return data[0] === 0
}

/**
 * The same message; for the one with the settings of a connection, after it the server finds functions and tables of a schema
 * `shifted` before its own. It looks in the schemas of `search_path` in their order, and in its own first unless that is
 * named. Source: PostgreSQL 18, 5.10.5.
 */
export function lookingElsewhereFirst(data: Buffer): Buffer {
  const settings = "set_config('search_path', 'public', false)"
  const text = data.toString('latin1')
  if (!text.includes(settings)) return data
  const changed = Buffer.from(text.replace(settings, settings.replace('public', 'shifted,pg_catalog,public')), 'latin1')
  changed.writeInt32BE(changed.length - 1, 1)
  return changed
}

/** Source: PostgreSQL 18, 54.7: a byte for the type, four for the length from there on. */
function* messagesIn(data: Buffer): Generator<{ readonly type: string; readonly body: Buffer }> {
  for (let at = 0; at + 5 <= data.length; ) {
    const end = at + 1 + data.readInt32BE(at + 1)
    yield { type: String.fromCharCode(data[at]!), body: data.subarray(at + 5, end) }
    at = end
  }
}

/** The fifth value that is bound: `insert into audit_events (seq, at, actor, change_id, type, …`. */
function eventIn(bound: Buffer): string {
  let at = bound.indexOf(0) + 1
  at = bound.indexOf(0, at) + 1
  at += 2 + 2 * bound.readInt16BE(at) + 2
  for (let left = 4; left > 0; left--) at += 4 + Math.max(0, bound.readInt32BE(at))
  return bound.subarray(at + 4, at + 4 + bound.readInt32BE(at)).toString()
}

/** The server waits for the next statement. */
function isReady(data: Buffer): boolean {
  return data.length >= 6 && data[data.length - 6] === 'Z'.charCodeAt(0)
}

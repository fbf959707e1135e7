import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/**
 * Lets it pass; cuts the connection before the server gets it, or once the server has answered and before the app gets that;
 * or says nothing more in either direction, as a network does that was unplugged, from before or from after the server
 * got it.
 */
export type Fate = 'pass' | 'cut before' | 'cut after' | 'freeze before' | 'freeze after'

type Link = { state: 'open' | 'cut at answer' | 'frozen'; readonly database: Socket }

/**
 * A place between the app and its PostgreSQL. `fate` is asked for everything that the app sends: its text has the words of
 * statements, or the names of those that the connection knows. `changed`: what the app sends as the server gets it.
 */
export async function startCutting(url: string, changed: (data: Buffer) => Buffer = (data) => data) {
  let target = new URL(url)
  const sockets = new Set<Socket>()
  const cutting = { url: '', fate: (_sent: string): Fate => 'pass', turnTo, cutAll, freezeAll, release }
  const links = new Set<Link>()
  const server = createServer((app) => {
    const database = connect(Number(target.port), target.hostname)
    for (const socket of [app, database]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    const link: Link = { state: 'open', database }
    links.add(link)
    app.on('close', () => link.state !== 'frozen' && database.destroy())
    database.on('close', () => {
      links.delete(link)
      if (link.state !== 'frozen') app.destroy()
    })
    app.on('data', (sent) => {
      const data = changed(sent)
      if (link.state === 'frozen') return
      const fate = cutting.fate(data.toString('latin1'))
      if (fate === 'cut before') return void app.destroy()
      if (fate !== 'freeze before') database.write(data)
      if (fate === 'cut after') link.state = 'cut at answer'
      if (fate.startsWith('freeze')) link.state = 'frozen'
    })
    database.on('data', (data) => {
      if (link.state === 'open') app.write(data)
      if (link.state === 'cut at answer') app.destroy()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    cutAll()
    server.close()
  })
  const here = new URL(url)
  here.port = String((server.address() as { port: number }).port)
  here.hostname = '127.0.0.1'
  cutting.url = here.href
  return cutting

  /** New connections lead to another server. */
  function turnTo(other: string): void {
    target = new URL(other)
  }

  function cutAll(): void {
    for (const socket of sockets) socket.destroy()
  }

  /** Nothing more is said on any connection that stands now, in either direction. */
  function freezeAll(): void {
    for (const link of links) link.state = 'frozen'
  }

  /** From now on everything passes on new connections, and the server gives up those on which nothing is said. */
  function release(): void {
    cutting.fate = () => 'pass'
    for (const { state, database } of links) if (state === 'frozen') database.destroy()
  }
}

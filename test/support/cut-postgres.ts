import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/**
 * Lets it pass; cuts the connection before the server gets it, or once the server has answered and before the app gets that;
 * or says nothing more in either direction, as a network does that was unplugged, from before or from after the server
 * got it.
 */
export type Fate = 'pass' | 'cut before' | 'cut after' | 'freeze before' | 'freeze after'

/**
 * A place between the app and its PostgreSQL. `fate` is asked for everything that the app sends: its text has the words of
 * statements, or the names of those that the connection knows.
 */
export async function startCutting(url: string) {
  const target = new URL(url)
  const [host, port] = [target.hostname, Number(target.port)]
  const sockets = new Set<Socket>()
  const cutting = { url: '', fate: (_sent: string): Fate => 'pass', cutAll, release }
  const server = createServer((app) => {
    const database = connect(port, host)
    for (const socket of [app, database]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    let state: 'open' | 'cut at answer' | 'frozen' = 'open'
    app.on('close', () => state !== 'frozen' && database.destroy())
    database.on('close', () => state !== 'frozen' && app.destroy())
    app.on('data', (data) => {
      if (state === 'frozen') return
      const fate = cutting.fate(data.toString('latin1'))
      if (fate === 'cut before') return void app.destroy()
      if (fate !== 'freeze before') database.write(data)
      if (fate === 'cut after') state = 'cut at answer'
      if (fate.startsWith('freeze')) state = 'frozen'
    })
    database.on('data', (data) => {
      if (state === 'open') app.write(data)
      if (state === 'cut at answer') app.destroy()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    cutAll()
    server.close()
  })
  target.port = String((server.address() as { port: number }).port)
  target.hostname = '127.0.0.1'
  cutting.url = target.href
  return cutting

  function cutAll(): void {
    for (const socket of sockets) socket.destroy()
  }

  /** From now on everything passes. */
  function release(): void {
    cutting.fate = () => 'pass'
  }
}

import { connect, createServer } from 'node:net'

/**
 * A port that nobody listens at. The system itself gives out none of these (only those from 32768 up), and each process
 * of the test runner has a thousand of its own: otherwise somebody could take the port before it is used.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + (asked++ % stretch)
    if (await isFree(port)) return port
  }
}

const stretch = 1000
const first = 10_000 + (Number(process.env.VITEST_POOL_ID ?? 0) % 20) * stretch
let asked = process.pid % stretch

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, () => server.close(() => resolve(true)))
  })
}

/** True if something accepts connections there. */
export function canConnect(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

import { WebSocket } from 'undici'
import type { Proxies } from '../../proxies-used.ts'
import { placeInWords } from '../../proxies-used.ts'
import { farewellOf, type Hello, helloOf, NoLink } from './link.ts'
import { openWayOut } from './way-out.ts'

type Attempt = { readonly url: string; readonly proxies: Proxies | null; readonly withinMs?: number }

/**
 * Opens a Socket Mode connection and closes it as soon as Slack greets: nobody uses it. Rejects with NoLink as the
 * app's own connections do.
 */
export async function tryLink({ url, proxies, withinMs = 10_000 }: Attempt): Promise<Hello> {
  const way = openWayOut(proxies)
  const fail = (why: string) => new NoLink(`${placeInWords(url)}: ${why}`)
  const greeted = Promise.withResolvers<Hello>()
  const socket = new WebSocket(url, { dispatcher: way.dispatcher })
  const timer = setTimeout(() => greeted.reject(fail(`no answer within ${withinMs / 1000} seconds`)), withinMs)
  socket.addEventListener('message', ({ data }) => {
    const [hello, reason] = [helloOf(String(data)), farewellOf(String(data))]
    if (hello) greeted.resolve(hello)
    else if (reason) greeted.reject(fail(`Slack says ${reason}`))
  })
  socket.addEventListener('close', () => greeted.reject(fail(way.failure() ?? 'the connection was closed at once')))
  try {
    const hello = await greeted.promise
    await closed(socket)
    return hello
  } finally {
    clearTimeout(timer)
    way.cut()
  }
}

/** Resolves once the other side has closed too, or after a second. */
async function closed(socket: WebSocket): Promise<void> {
  const over = new Promise((resolve) => socket.addEventListener('close', resolve))
  const timer = Promise.withResolvers<void>()
  const enough = setTimeout(timer.resolve, 1_000)
  socket.close(1000)
  await Promise.race([over, timer.promise])
  clearTimeout(enough)
}

import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { openWayOut } from '../../../src/slack/link/way-out.ts'
import { startProxy } from '../../support/proxy.ts'

type Answer = (request: IncomingMessage, socket: Duplex) => void

const takesPart: Answer = (request, socket) =>
  new WebSocketServer({ noServer: true }).handleUpgrade(request, socket, Buffer.alloc(0), () => {})

test.each<[string, string, Answer]>([
  ['stands', 'open', takesPart],
  ['was never answered', 'asked', () => {}],
])('a way out that is cut leaves no connection behind that %s', async (_, until, answer) => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const way = openWayOut(null)
  const asked = once(server, 'upgrade') as Promise<[IncomingMessage, Duplex]>
  const { port } = server.address() as AddressInfo
  const client = new WebSocket(`ws://127.0.0.1:${port}`, { dispatcher: way.dispatcher })
  client.addEventListener('error', () => {})
  const [request, socket] = await asked
  onTestFinished(() => void socket.destroy())
  const ended = once(socket.on('error', () => {}).resume(), 'end')
  answer(request, socket)
  if (until === 'open') await once(client, 'open')
  way.cut()
  await ended
})

test.each([
  ['ws', 'http', 'proxied-slack.invalid:80'],
  ['wss', 'https', 'proxied-slack.invalid:443'],
])('a connection over %s goes through the proxy that is named for %s', async (scheme, named, place) => {
  const proxy = await startProxy({})
  onTestFinished(() => proxy.stop())
  const way = openWayOut({ http: null, https: null, [named]: proxy.url, except: '' })
  onTestFinished(way.cut)
  const client = new WebSocket(`${scheme}://proxied-slack.invalid/`, { dispatcher: way.dispatcher })
  await new Promise((resolve) => client.addEventListener('error', resolve))
  expect(proxy.passed).toEqual([`CONNECT ${place}`])
})

import { request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { startPage } from '../../src/sandbox/page/server.ts'
import { startStack } from '../../src/sandbox/stack/stack.ts'
import { call, workspace } from '../sandbox/slack/support.ts'

test('a request that names another host is refused, so that no web page can reach the demo by rebinding a name', async () => {
  const { url } = await page()
  expect(await get(url, { host: 'evil.example' })).toMatchObject({
    status: 403,
    text: expect.stringContaining('served as'),
  })
  expect(await get(url, { host: new URL(url).host })).toMatchObject({ status: 200 })
})

test('a request from a page of another origin is refused and changes nothing', async () => {
  const { url, slack } = await page()
  const say = { as: 'U0ALICE', do: 'say', channel: 'C0GENERAL', text: 'hello' }
  const refused = await post(url, '/act', say, { origin: 'http://evil.example' })
  expect(refused).toMatchObject({ status: 403, error: expect.stringContaining('http://evil.example') })
  expect(slack.as('U0ALICE').messages('general')).toEqual([])

  expect(await post(url, '/act', say, { origin: url })).toMatchObject({ status: 200 })
  expect(slack.as('U0ALICE').messages('general')).toMatchObject([{ text: 'hello', author: 'U0ALICE' }])
})

test('a body that a form of another site could send, so not JSON, is refused', async () => {
  const { url, stack } = await page()
  const body = { uid: stack.tokens()[0]!.uid, name: 'taken over' }
  expect(await post(url, '/stack/edit', body, { 'content-type': 'text/plain' })).toMatchObject({ status: 415 })
  expect(stack.tokens()[0]!.name).toBe('ci-deploy')
})

test.each([
  ['/act', { as: 'U0NOBODY', do: 'open home' }, 404, 'U0NOBODY'],
  ['/act', { as: 'U0ALICE', do: 'fly' }, 400, 'do'],
  ['/act', { as: 'U0ALICE', do: 'press', where: 'nowhere', actionId: 'x' }, 400, 'where'],
  ['/stack/edit', { uid: 'blt0' }, 404, 'blt0'],
  ['/stack/edit', { uid: 'blt0', scope: [] }, 400, 'scope'],
  ['/stack/edit', { uid: 'blt0', expires_on: 'tomorrow' }, 400, 'expires_on'],
  ['/stack/point', { alias: 'live', branch: 'nowhere' }, 404, 'nowhere'],
  ['/stack/point', { alias: 'live' }, 400, 'branch'],
  ['/trouble', { stack: { down: 'very' } }, 400, 'down'],
  ['/trouble', { stack: { __proto__x: 1 } }, 400, '__proto__x'],
  ['/nothing', {}, 404, '/nothing'],
  ['/state', {}, 405, 'GET'],
])('%s says no to %j with a sentence', async (path, body, status, word) => {
  const { url } = await page()
  expect(await post(url, path, body)).toMatchObject({ status, error: expect.stringContaining(word) })
})

test.each([
  { text: 'escaped' },
  { expiry: 'end of day' },
  { scope: 'sorted' },
  { times: false },
  { updateAnswer: 'notice' },
])("a stack's form of updates, and its answers to them, can be switched: %j", async (behaviour) => {
  const { url, stack } = await page()
  expect(await post(url, '/trouble', { behaviour })).toMatchObject({ status: 200 })
  expect(stack.behaviour).toMatchObject(behaviour)
})

test('an app’s connections are cut unseen, and Slack notices once that is wanted', async () => {
  const { url, slack } = await page()
  const { url: place } = await call(slack, 'apps.connections.open', {}, slack.appToken)
  const link = new WebSocket(String(place))
  onTestFinished(() => link.terminate())
  await slack.waitFor(() => slack.connections === 1, 'the link')
  expect(await post(url, '/trouble', { cutLinks: true })).toMatchObject({ status: 200 })
  expect(JSON.parse((await get(url, {}, '/state')).text).slack).toMatchObject({ connections: 1, ghosts: 1 })
  expect(await post(url, '/trouble', { forgetGhosts: true })).toMatchObject({ status: 200 })
  expect([slack.connections, slack.ghosts]).toEqual([0, 0])
})

test.each([
  [{ do: 'command', text: '/nothing' }, '/nothing'],
  [{ do: 'press', where: 'home', actionId: 'x' }, 'Home'],
])('what Slack would not let somebody do is answered with a sentence, not with a fault: %j', async (act, word) => {
  const { url } = await page()
  const answer = await post(url, '/act', { as: 'U0ALICE', ...act })
  expect(answer).toMatchObject({ status: 200, refused: expect.stringContaining(word) })
})

test('text that is not JSON is refused with a sentence', async () => {
  const { url } = await page()
  expect(await post(url, '/act', '{')).toMatchObject({ status: 400, error: expect.stringContaining('JSON') })
})

test('only the page’s own files are served', async () => {
  const { url } = await page()
  expect(await get(url, {}, '/client/main.js')).toMatchObject({ status: 200 })
  for (const path of ['/client/../server.ts', '/client/%2e%2e/server.ts', '//etc/passwd', '/server.ts', '/client/'])
    expect(await get(url, {}, path)).toMatchObject({ status: 404 })
})

test('something typed into a form that is no longer in front is left out instead of landing in another', async () => {
  const { url } = await page()
  const fill = { as: 'U0ALICE', do: 'fill', modal: 'V0GONE', blockId: 'b', actionId: 'a', value: 'x' }
  expect(await post(url, '/act', fill)).toMatchObject({ status: 200, answer: null })
})

async function page() {
  const slack = await workspace()
  const stack = await startStack()
  const { url, stop } = await startPage({ slack, stack })
  onTestFinished(async () => {
    await stop()
    await stack.stop()
  })
  return { url, slack, stack }
}

async function post(url: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const all = { 'content-type': 'application/json', ...headers }
  const response = await fetch(`${url}${path}`, { method: 'POST', headers: all, body: text })
  return { status: response.status, ...((await response.json()) as object) }
}

/** Sends the request exactly as written: `fetch` sets the Host header itself and tidies up paths. */
function get(url: string, headers: Record<string, string>, path = '/') {
  const { hostname, port } = new URL(url)
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const asked = request({ hostname, port, path, headers }, async (response) => {
      let text = ''
      for await (const part of response) text += part
      resolve({ status: response.statusCode, text })
    })
    asked.on('error', reject).end()
  })
}

import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, buildConnector, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { lightFetch } from '../../../src/slack/calls/light-fetch.ts'

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/users.info`
}

test('a call is sent as it was given, and its answer can be read', async () => {
  const url = await serve(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const { method, headers } = request
    const encoding = headers['accept-encoding']
    response.setHeader('X-OAuth-Scopes', ['chat:write', 'commands'])
    response
      .writeHead(429, { 'Retry-After': '7' })
      .end(JSON.stringify({ body, method, by: headers.authorization, encoding }))
  })
  const answer = await lightFetch(url, { method: 'POST', headers: { Authorization: 'Bearer xoxb-1' }, body: 'user=U1' })
  expect(await answer.json()).toEqual({ body: 'user=U1', method: 'POST', by: 'Bearer xoxb-1', encoding: 'identity' })
  expect(answer).toMatchObject({ ok: false, status: 429, url })
  expect(answer.headers.get('Retry-After')).toBe('7')
  expect(answer.headers.get('x-oauth-scopes')).toBe('chat:write, commands')
  expect(answer.headers.get('x-none')).toBeNull()
})

test('a redirect is not followed, so that a token goes nowhere else', async () => {
  const asked: unknown[] = []
  const url = await serve((request, response) => {
    asked.push(request.url)
    response.writeHead(302, { Location: '/elsewhere' }).end('{"ok":true}')
  })
  expect(await lightFetch(url, { method: 'POST', body: 'token=xoxb-1' })).toMatchObject({ ok: false, status: 302 })
  expect(asked).toEqual(['/api/users.info'])
})

test('a call that is out of time ends with the reason, while it waits and while the answer is on its way', async () => {
  for (const begin of [false, true]) {
    const over = new AbortController()
    const url = await serve((_, response) => {
      if (begin) response.writeHead(200).write('{"ok":')
      setImmediate(() => over.abort(new DOMException('too late', 'TimeoutError')))
    })
    await expect(lightFetch(url, { signal: over.signal })).rejects.toMatchObject({ name: 'TimeoutError' })
  }
})

test('a call that is out of time ends while its connection is still being made, and is not sent after that', async () => {
  const before = getGlobalDispatcher()
  onTestFinished(() => setGlobalDispatcher(before))
  const asked: string[] = []
  const url = await serve((request, response) => {
    asked.push(request.url!)
    response.end('{}')
  })
  const connect = buildConnector({})
  const waiting: (() => void)[] = []
  const late: typeof connect = (options, made) => void waiting.push(() => connect(options, made))
  const dispatcher = new Agent({ connect: late })
  setGlobalDispatcher(dispatcher)
  const over = new AbortController()
  const call = lightFetch(url, { method: 'POST', body: 'text=twice', signal: over.signal })
  over.abort(new DOMException('too late', 'TimeoutError'))
  await expect(call).rejects.toMatchObject({ name: 'TimeoutError' })
  const next = lightFetch(`${url}.next`)
  for (const connects of waiting) connects()
  await next
  expect(asked).toEqual(['/api/users.info.next'])
  await dispatcher.close()
})

test('an answer without an end is given up, and the rest of it is not received', async () => {
  const ended = Promise.withResolvers<void>()
  const url = await serve((_, response) => {
    const more = () => {
      while (response.write(' '.repeat(2 ** 20)));
    }
    response.on('drain', more).on('close', ended.resolve)
    more()
  })
  await expect(lightFetch(url)).rejects.toThrow('its answer is larger than 16 MB')
  await ended.promise
})

test('something that is not text is not sent', async () => {
  await expect(lightFetch('http://127.0.0.1:1/', { method: 'POST', body: new FormData() })).rejects.toThrow('Only text')
})

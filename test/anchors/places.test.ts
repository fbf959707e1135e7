import { createSocket } from 'node:dgram'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { anchorPlaces } from '../../src/anchors/places.ts'
import type { Anchor, AnchorPlace } from '../../src/ports/anchors.ts'
import { temporaryFile } from '../support/file.ts'

const anchor: Anchor = {
  head: 'a'.repeat(64),
  digest: 'b'.repeat(64),
  size: 41,
  change: 7,
  at: '2026-06-01T09:00:00.000Z',
}
const line = `{"at":"2026-06-01T09:00:00.000Z","change":7,"size":41,"head":"${anchor.head}","digest":"${anchor.digest}"}`

const nowhere = { file: null, webhook: null, syslog: null }

function place(settings: Partial<typeof nowhere | Record<keyof typeof nowhere, string>>): AnchorPlace {
  const [one, ...more] = anchorPlaces({ ...nowhere, ...settings })
  expect(more).toEqual([])
  return one!
}

test('nothing is kept at a place that no operator asked for', () => {
  expect(anchorPlaces(nowhere)).toEqual([])
  const all = { file: 'anchors', webhook: 'https://collector.example', syslog: 'udp://localhost' }
  expect(anchorPlaces(all).map(({ name }) => name)).toEqual(['file', 'webhook', 'syslog'])
})

describe('a file', () => {
  test('gets one line of JSON for each anchor, after the earlier ones', async () => {
    const file = temporaryFile('anchors.ndjson')
    await place({ file }).keep(anchor)
    await place({ file }).keep(anchor)
    expect(readFileSync(file, 'utf8')).toBe(`${line}\n${line}\n`)
  })

  test('with half a last line loses no anchor', async () => {
    const file = temporaryFile('anchors.ndjson')
    writeFileSync(file, '{"at":"2026-')
    await place({ file }).keep(anchor)
    expect(readFileSync(file, 'utf8')).toBe(`{"at":"2026-\n${line}\n`)
  })

  test('that cannot be written is reported as a failure', async () => {
    await expect(place({ file: '/dev/full' }).keep(anchor)).rejects.toThrow('ENOSPC')
    await expect(place({ file: '/nowhere/anchors' }).keep(anchor)).rejects.toThrow('ENOENT')
  })
})

describe('a webhook', () => {
  type Asked = { method: string | undefined; headers: IncomingHttpHeaders; body: string }

  async function collector(answer: (response: ServerResponse) => void) {
    const asked: Asked[] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      asked.push({ method: request.method, headers: request.headers, body })
      answer(response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret` }
  }

  test('gets the same JSON once, and any 2xx will do', async () => {
    const { asked, url } = await collector((response) => response.writeHead(204).end())
    await place({ webhook: url }).keep(anchor)
    expect(asked).toEqual([
      { method: 'POST', body: line, headers: expect.objectContaining({ 'content-type': 'application/json' }) },
    ])
  })

  test.each([
    [500, 'status 500'],
    [429, 'status 429'],
    [302, 'status 302'],
  ])('that answers %d is a failure, and not asked again at once', async (status, words) => {
    const { asked, url } = await collector((response) => response.writeHead(status, { location: '/' }).end())
    await expect(place({ webhook: url }).keep(anchor)).rejects.toThrow(words)
    expect(asked).toHaveLength(1)
  })

  test('is never named in an error, since whoever knows it may post there', async () => {
    const { url } = await collector((response) => response.destroy())
    const error = await place({ webhook: url })
      .keep(anchor)
      .catch((error: unknown) => error)
    expect(error).toBeInstanceOf(Error)
    const said = [error, (error as Error).cause, (error as Error).stack].map(String).join()
    expect(said).toContain('could not be reached')
    expect(said).not.toContain('secret')
  })
})

test.each([
  ['udp4', '127.0.0.1', '127.0.0.1'],
  ['udp6', '::1', '[::1]'],
] as const)('a syslog server gets one message after RFC 5424, over %s', async (type, address, host) => {
  const server = createSocket(type)
  await new Promise<void>((resolve) => server.bind(0, address, resolve))
  onTestFinished(() => void server.close())
  const arrived = new Promise<string>((resolve) => server.once('message', (text) => resolve(text.toString())))
  await place({ syslog: `udp://${host}:${server.address().port}` }).keep(anchor)
  const message = await arrived
  const [header] = message.split(' {')
  expect(header).toMatch(/^<38>1 2026-06-01T09:00:00\.000Z [\x21-\x7e]{1,255} countersign \d+ anchor -$/)
  expect(message.slice(header!.length + 1)).toBe(line)
})

test('a syslog server with an unknown name is reported as a failure', async () => {
  await expect(place({ syslog: 'udp://nowhere.invalid' }).keep(anchor)).rejects.toThrow('nowhere.invalid')
})

import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { expect, test } from 'vitest'
import { readTroubles } from '../../../src/sandbox/stack/behaviour.ts'
import { read } from '../../../src/sandbox/stack/endpoints.ts'
import { unkindly } from '../../../src/sandbox/stack/unkind-reads.ts'
import { createWorld } from '../../../src/sandbox/stack/world.ts'

const path = '/v3/stacks/management_tokens'
const asked = (query = '', of = path) => ({
  method: 'GET',
  path: of,
  query: new URLSearchParams(`include_count=true&${query}`),
  header: () => undefined,
  body: undefined,
  form: new URLSearchParams(),
})
const answer = (trouble: (typeof readTroubles)[number], query?: string, of?: string) => {
  const request = asked(query, of)
  const world = createWorld({})
  return unkindly(request, read(request, world, [...world.tokens.values()]), trouble)
}
type Page = { tokens: { uid: string }[]; count?: number }
const page = (...given: Parameters<typeof answer>) => answer(...given).body as Page

test('an answer without end is small on the wire, and half a gigabyte unpacked', async () => {
  const { gzip } = answer('huge')
  expect(gzip!.length).toBeLessThan(2 ** 20)
  let unpacked = 0
  for await (const chunk of Readable.from([gzip!]).pipe(createGunzip())) unpacked += (chunk as Buffer).length
  expect(unpacked).toBeGreaterThan(500 * 2 ** 20)
})

test('a list without end always brings something new', () => {
  const uids = [0, 100, 5000].flatMap((skip) => page('endless', `skip=${skip}`).tokens.map(({ uid }) => uid))
  expect(new Set(uids).size).toBe(300)
})

test('a list that was begun without an end goes on like that, though the trouble is over', () => {
  expect(page('ok', 'include_count=true&skip=300').tokens).toHaveLength(100)
  expect(page('ok', 'include_count=true&skip=4').tokens).toEqual([])
})

test('a token can be listed twice, and counts can be wrong', () => {
  const uids = page('a token twice').tokens.map(({ uid }) => uid)
  expect([uids.length, new Set(uids).size]).toEqual([4, 3])
  expect([page('ok').count, page('count too low').count, page('count too high').count]).toEqual([3, 1, 1003])
})

test.each(readTroubles)('with %s, refusals and single tokens are as ever, or huge', (trouble) => {
  const [single, unknown] = [`${path}/blt5c1de0000000a001`, `${path}/blt9`]
  expect(answer(trouble, '', unknown)).toMatchObject({ status: 404 })
  expect(answer(trouble, '', single)).toMatchObject({ body: { token: { name: 'ci-deploy' } } })
})

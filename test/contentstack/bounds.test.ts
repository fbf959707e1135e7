import { describe, expect, test } from 'vitest'
import type { WireToken } from '../../src/sandbox/stack/wire-token.ts'
import { connectTo, start } from './connect.ts'

const megabyte = 2 ** 20
const uid = 'blt5c1de0000000a001'

/** An answer of that many megabytes, and how many of them were read. */
function flood(megabytes: number, init: ResponseInit = {}) {
  const taken = { megabytes: 0, cancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (taken.megabytes === megabytes) return controller.close()
        taken.megabytes += 1
        controller.enqueue(new Uint8Array(megabyte).fill(32))
      },
      cancel: () => void Object.assign(taken, { cancelled: true }),
    },
    { highWaterMark: 0 },
  )
  return { taken, response: new Response(body, init) }
}

describe('an answer that is too large', () => {
  test('is refused in words, however it was compressed, and not asked for again', async () => {
    const { stack, client } = await start()
    stack.trouble.reads = 'huge'
    const tooLarge = { code: 'unavailable', message: expect.stringMatching(/"site" is larger than 4 MB/) }
    await expect(client.tokens()).rejects.toMatchObject(tooLarge)
    await expect(client.token(uid)).rejects.toMatchObject(tooLarge)
    await expect(client.facts()).rejects.toMatchObject(tooLarge)
    expect(stack.requests).toHaveLength(3)
  })

  test('is not read beyond the bound', async () => {
    const { taken, response } = flood(1000)
    await expect(connectTo(() => response).tokens()).rejects.toThrow(/larger than 4 MB/)
    expect(taken.megabytes).toBeLessThan(8)
    expect(taken.cancelled).toBe(true)
  })

  test('gives only its status if it is a refusal, and is not read beyond the bound', async () => {
    const { taken, response } = flood(1000, { status: 403, headers: { 'content-type': 'application/json' } })
    await expect(connectTo(() => response).tokens()).rejects.toThrow(/no reason given \(status 403\)/)
    expect(taken.megabytes).toBeLessThan(8)
  })

  test('is given up in time if it never ends, however little comes', async () => {
    const drips = () =>
      new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new Uint8Array([123])) })
    const client = connectTo(() => new Response(drips()), { readTimeoutMs: 20 })
    await expect(client.tokens()).rejects.toThrow(/did not answer in time/)
  })

  test('nested without end does no harm', async () => {
    const deep = `{"tokens":[${'['.repeat(300_000)}${']'.repeat(300_000)}]}`
    const unreadable: string[] = []
    const client = connectTo(() => new Response(deep), { onUnreadable: (uid) => unreadable.push(uid) })
    expect(await client.tokens()).toEqual([])
    expect(unreadable).toEqual(['without a uid'])
  })

  test('to an update proves nothing, since no stack answers like that, and is not read beyond the bound', async () => {
    const { taken, response } = flood(1000)
    const token = { uid: 'blt1', name: 'ci' }
    const client = connectTo(({ method }) => (method === 'PUT' ? response : Response.json({ token })))
    const live = await client.token('blt1')
    expect(await client.update(live, { ...live.settings, name: 'cd' })).toMatchObject({ kind: 'unknown' })
    expect(taken.megabytes).toBeLessThan(8)
  })
})

describe('a list', () => {
  test('that never ends is given up, in words', async () => {
    const { stack, client } = await start()
    stack.trouble.reads = 'endless'
    await expect(client.tokens()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/"site" lists more than 5000 tokens, or never comes to an end/),
    })
    expect(stack.requests.length).toBeLessThan(60)
  })

  test('that goes on by one record a page is given up too', async () => {
    let asked = 0
    const client = connectTo(() => {
      asked += 1
      return Response.json({ tokens: [{ uid: `blt${asked}`, name: 'ci' }] })
    })
    await expect(client.tokens()).rejects.toThrow(/never comes to an end/)
    expect(asked).toBe(100)
  })

  test('whose pages are each within bounds, and together are not, is given up', async () => {
    let asked = 0
    const client = connectTo(() => {
      asked += 1
      return Response.json({ tokens: [{ uid: `blt${asked}`, name: 'x'.repeat(3 * megabyte) }] })
    })
    await expect(client.tokens()).rejects.toThrow(/"site" lists more than 16 MB of tokens/)
    expect(asked).toBeLessThan(8)
  })

  test('with as many tokens as a large organisation has is read', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({ uid: `blt${i}`, name: `token ${i}` }))
    const { client } = await start({ tokens: many })
    expect(await client.tokens()).toHaveLength(1000)
  })

  test('with two records of one token shows neither of them, and says so', async () => {
    const unreadable: [string, string][] = []
    const { stack, client } = await start({}, { onUnreadable: (uid, why) => unreadable.push([uid, why]) })
    stack.trouble.reads = 'a token twice'
    expect((await client.tokens()).map((token) => token.uid)).not.toContain(uid)
    expect(unreadable).toEqual([[uid, 'the list has it twice, with different content']])
  })

  test('with the same record twice shows it once', async () => {
    const record = { uid: 'blt1', name: 'ci' }
    const client = connectTo(() => Response.json({ tokens: [record, record] }))
    expect(await client.tokens()).toHaveLength(1)
  })

  test.each(['count too low', 'count too high'] as const)('with a %s is read to its end', async (reads) => {
    const many = Array.from({ length: 150 }, (_, i) => ({ uid: `blt${i}`, name: `token ${i}` }))
    const { stack, client } = await start({ tokens: many })
    stack.trouble.reads = reads
    expect(await client.tokens()).toHaveLength(150)
  })
})

describe('an oversized record', () => {
  const nested = 'nested below'
  /** As JSON so deep that the runtime itself can't write it. */
  const answer = (body: object) =>
    new Response(JSON.stringify(body).replace('"nested below"', '['.repeat(20_000) + ']'.repeat(20_000)))
  const beyond: [string, Partial<WireToken>, RegExp][] = [
    ['a name of a megabyte', { name: 'x'.repeat(megabyte) }, /larger than 64 kB/],
    ['a name longer than a page', { name: 'x'.repeat(1001) }, /name/],
    ['a description longer than a book', { description: 'x'.repeat(10_001) }, /description/],
    [
      '10,000 entries in its scope',
      { scope: Array.from({ length: 10_000 }, (_, i) => ({ module: `m${i}`, acl: {} })) },
      /larger than 64 kB|scope/,
    ],
    ['201 short entries in its scope', { scope: Array.from({ length: 201 }, () => ({}) as never) }, /scope/],
    ['something nested 5,000 deep', { odd: nested }, /nested/],
  ]

  test.each(beyond)('like %s is left out of the list, in words', async (_, odd, why) => {
    const unreadable: [string, string][] = []
    const tokens = [
      { uid: 'blt1', name: 'one' },
      { uid: 'blt2', name: 'two', ...odd },
      { uid: 'blt3', name: 'three' },
    ]
    const client = connectTo(() => answer({ tokens, count: 3 }), {
      onUnreadable: (uid, why) => unreadable.push([uid, why]),
    })
    expect((await client.tokens()).map((token) => token.uid)).toEqual(['blt1', 'blt3'])
    expect(unreadable).toEqual([['blt2', expect.stringMatching(why)]])
    expect(unreadable[0]![1].length).toBeLessThan(300)
  })

  test.each(beyond)('like %s is refused if it is looked at by itself', async (_, odd, why) => {
    const client = connectTo(() => answer({ token: { uid: 'blt2', name: 'two', ...odd } }))
    await expect(client.token('blt2')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(why),
    })
  })

  test('leaves no trace of a long uid in what is said about it', async () => {
    const unreadable: string[] = []
    const tokens = [{ uid: 'x'.repeat(megabyte), name: 'one' }]
    const client = connectTo(() => Response.json({ tokens }), { onUnreadable: (uid) => unreadable.push(uid) })
    expect(await client.tokens()).toEqual([])
    expect(unreadable.map((uid) => uid.length)).toEqual([expect.toSatisfy((length: number) => length < 200)])
  })
})

describe("a stack's own description", () => {
  const answers =
    (stack: object, branches: object[], plan: unknown) =>
    ({ pathname }: URL) => {
      if (pathname.endsWith('/branches')) return { branches }
      if (pathname.endsWith('/branch_aliases')) return { branch_aliases: [] }
      return pathname.includes('/organizations/') ? plan : { stack }
    }
  const facts = (stack: object, branches: object[], plan: unknown = {}) =>
    connectTo(({ url }) => Response.json(answers(stack, branches, plan)(new URL(url)))).facts()
  const shop = { name: 'Shop', org_uid: 'blt1', settings: { branches: true } }

  test('is cut to what can be shown if its name is long', async () => {
    const { title } = await facts({ ...shop, name: 'x'.repeat(megabyte) }, [])
    expect(title.length).toBeLessThan(210)
  })

  test('has no branch that could not be shown to people', async () => {
    const { branches, unread } = await facts(shop, [{ uid: 'x'.repeat(1001) }])
    expect([branches, unread?.branches?.count]).toEqual([[], 1])
  })

  test.each([0, -1, 1.5, '10', null])('is not believed when a limit of the organisation is %j', async (limit) => {
    const plan = (write: unknown) => ({
      organization: {
        plan: {
          features: [
            { uid: 'getLimit', limit: 10 },
            { uid: 'limit', limit: write },
          ],
        },
      },
    })
    expect((await facts(shop, [], plan(10))).organisationLimits).toEqual({ read: 10, write: 10 })
    expect((await facts(shop, [], plan(limit))).organisationLimits).toBeNull()
  })
})

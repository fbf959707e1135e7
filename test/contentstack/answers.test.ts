import { TimeoutError } from 'ky'
import { describe, expect, test } from 'vitest'
import { authtokenCredential } from '../../src/contentstack/credential.ts'
import { readFailure, writeFailure } from '../../src/contentstack/errors.ts'
import { TooManyWaiting } from '../../src/contentstack/turns.ts'
import { connectTo } from './connect.ts'

type Said = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }

const no = (status: number, code?: number, reason = 'No, says the stack.'): Said => ({
  status,
  body: { error_message: reason, ...(code !== undefined && { error_code: code }) },
})
const record = { uid: 'blt1', name: 'ci', scope: [] }

/** A client of a stack that gives this answer to every read, or to every update. */
function client(to: 'GET' | 'PUT', { status, body, headers = {} }: Said) {
  return connectTo(({ method }) =>
    method === to ? Response.json(body, { status, headers }) : Response.json({ token: record, tokens: [record] }),
  )
}

const failed = (asked: Promise<unknown>): Promise<Error & { code?: string }> =>
  asked.then(() => new Error('it was answered')).catch((error) => error)

describe('the outcome of a look at a token', () => {
  const look = (said: Said) => failed(client('GET', said).token('blt1'))

  test.each([
    [no(404, 1), 'not_found'],
    [no(422, 907), 'not_found'],
    [no(422, 21), 'unavailable'],
    [no(404, 21), 'unavailable'],
    [no(400, 1), 'unavailable'],
  ])('is that it is not there only when the stack says so of the token: %j', async (said, code) => {
    const asked = connectTo(({ url }) =>
      url.includes('blt1') ? Response.json(said.body, { status: said.status }) : Response.json({ tokens: [] }),
    )
    expect(await failed(asked.token('blt1'))).toMatchObject({ name: 'Refusal', code })
  })

  test('concerns the person who looks, and not an operator, if the stack refuses this one', async () => {
    expect(await look(no(400, 1))).not.toHaveProperty('endedBy')
    expect(await failed(client('GET', no(400, 1)).tokens())).toMatchObject({ endedBy: 'operator' })
  })

  test('is an outage for a stack in trouble, whatever the answer looks like', async () => {
    for (const status of [408, 429, 500, 503])
      for (const body of [{}, { error_message: 'Later.' }])
        expect(await look({ status, body })).toMatchObject({
          endedBy: 'itself',
          message: expect.stringContaining('the stack answered: '),
        })
  })

  test('has the reason as it was, apart from its last full stop, status, code and request id', async () => {
    const { message } = await look({ ...no(400, 9, 'Not in v1.2. Really.'), headers: { 'x-request-id': 'r1' } })
    expect(message).toContain('Contentstack said: Not in v1.2. Really (status 400, code 9, request id r1).')
    const bare = await look({ status: 400, body: { error_message: '', errors: { scope: ['is v1.2.', 'is odd.'] } } })
    expect(bare.message).toContain('Contentstack said: scope is v1.2., is odd (status 400).')
  })

  test('is a refusal if too many wait, for the list as for a token', () => {
    const context = {
      stack: 'site',
      credential: authtokenCredential('bltSECRET', 'CONTENTSTACK_AUTHTOKEN'),
      baseUrl: 'nowhere',
    }
    expect(readFailure(new TooManyWaiting(), context)).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('Too many looks at "site" are waiting already'),
    })
    expect(readFailure(new TypeError('fetch failed'), context).message).toContain('the connection to the stack failed')
  })

  test('is never a missing token for a list', async () => {
    for (const said of [no(404, 1), no(422, 907)])
      expect(await failed(client('GET', said).tokens())).toMatchObject({ code: 'unavailable', endedBy: 'operator' })
  })
})

describe('the outcome of an update', () => {
  async function update(said: Said) {
    const asked = client('PUT', said)
    const live = await asked.token('blt1')
    return asked.update(live, { ...live.settings, name: 'cd' })
  }

  test.each([
    [no(400), 'refused'],
    [no(422, 1), 'refused'],
    [no(499), 'refused'],
    [no(408), 'unknown'],
    [no(307), 'unknown'],
    [no(500), 'unknown'],
    [no(429), 'busy'],
    [{ status: 429, body: {} }, 'unknown'],
    [{ status: 422, body: {} }, 'unknown'],
  ])('is a refusal only in the words of the stack: %j', async (said, kind) => {
    expect(await update(said)).toEqual({ kind, why: expect.any(String) })
    const named = await update({ ...said, headers: { 'x-request-id': 'r1' } })
    expect(named).toEqual({ kind, why: expect.any(String), requestId: 'r1' })
  })

  test('is no answer to it if the authtoken has ended, and says who has to act', async () => {
    const ended = await update(no(401, 105, 'You are not logged in.'))
    const why = expect.stringMatching(
      /for this update: an operator must log in .* into CONTENTSTACK_AUTHTOKEN.* Contentstack said: You are not logged in \(status 401, code 105\)$/,
    )
    expect(ended).toMatchObject({ kind: 'busy', why, barred: { endedBy: 'operator' } })
    expect(await update(no(401, 161))).toEqual({ kind: 'refused', why: expect.any(String) })
    expect(await update({ status: 401, body: {} })).toEqual({ kind: 'unknown', why: expect.any(String) })
  })

  test('is unknown if it is not answered in time: it may be under way', () => {
    const late = new TimeoutError(new Request('https://stack.invalid'))
    const context = {
      stack: 'Website',
      credential: authtokenCredential('bltSECRET', 'TOKEN'),
      baseUrl: 'https://stack.invalid',
    }
    expect(writeFailure(late, context)).toEqual({ kind: 'none', why: 'the stack did not answer in time' })
  })

  test('names the request by no more than can be kept', async () => {
    const asked = connectTo(({ method }) =>
      Response.json(
        method === 'PUT' ? { token: { ...record, name: 'cd' } } : { token: record },
        method === 'PUT' ? { headers: { 'x-request-id': 'r'.repeat(5000) } } : {},
      ),
    )
    const live = await asked.token('blt1')
    const answer = await asked.update(live, { ...live.settings, name: 'cd' })
    expect(answer).toMatchObject({ kind: 'taken', edited: { by: null, at: null }, requestId: 'r'.repeat(100) })
    expect(answer).not.toHaveProperty('editedAt')
  })
})

describe('the list of a stack', () => {
  test('with one of two tokens twice shows the other, and says so about the one', async () => {
    const unreadable: string[] = []
    const asked = connectTo(
      () =>
        Response.json({
          tokens: [
            { uid: 'blt1', name: 'ci' },
            { uid: 'blt2', name: 'a' },
            { uid: 'blt2', name: 'b' },
          ],
        }),
      { onUnreadable: (uid) => unreadable.push(uid) },
    )
    expect(asked.unreadable?.()).toEqual([])
    expect((await asked.tokens()).map(({ uid }) => uid)).toEqual(['blt1'])
    expect(unreadable).toEqual(['blt2'])
    expect(asked.unreadable?.()).toMatchObject([{ uid: 'blt2', name: 'a' }])
  })

  test('shows that a token is there though a look at it says that it is not', async () => {
    const asked = connectTo(({ url }) =>
      url.includes('blt1')
        ? Response.json({ error_message: 'No such token.' }, { status: 404 })
        : Response.json({
            tokens: [
              { uid: 'blt0', name: 'a' },
              { uid: 'blt1', name: 'b' },
            ],
          }),
    )
    expect(await failed(asked.token('blt1'))).toMatchObject({ message: expect.stringContaining('but lists it') })
  })

  test('does not say so to those who did not ask', async () => {
    const asked = connectTo(() => Response.json({ tokens: [{ uid: 'blt1' }] }))
    expect(await asked.tokens()).toEqual([])
  })
})

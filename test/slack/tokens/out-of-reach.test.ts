import { expect, test } from 'vitest'
import { outOfReach } from '../../../src/slack/tokens/out-of-reach.ts'
import { connectTo } from '../../contentstack/connect.ts'

const failureOf = (reply: () => Response) =>
  connectTo(reply)
    .tokens()
    .then(() => null)
    .catch((error: unknown) => error)

test.each<[string, () => Response, RegExp]>([
  [
    'an answer that is not a list',
    () => Response.json({ tokens: null }),
    /^The stack "site" .*its answer can't be read/,
  ],
  ['a page', () => new Response('<html>Blocked</html>', { status: 403 }), /something between .* answered in its place/],
  ['a stack that is down', () => Response.json({}, { status: 503 }), /the stack answered: .*status 503/],
])('people are told what was seen of %s, and not that nothing was reached', async (_, reply, seen) => {
  const [, said] = outOfReach([await failureOf(reply)])
  expect(said).toMatch(seen)
  expect(said).toMatch(/; try again in a minute\.$/)
})

test('people are told that Contentstack could not be reached if nothing answered, without naming a machine', async () => {
  const failure = await failureOf(() => {
    throw Object.assign(new TypeError('fetch failed'), { cause: new Error('other side closed') })
  })
  expect(outOfReach([failure])[1]).toBe('Contentstack could not be reached; try again in a minute.')
})

test('a failure within the app is not blamed on Contentstack', () => {
  expect(outOfReach([new TypeError('x is not a function')])[1]).toMatch(/^Something went wrong in Countersign itself/)
})

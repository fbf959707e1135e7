import { expect, test } from 'vitest'
import { mostOpen, requireRoom } from '../../src/domain/room.ts'

const { ofRequester, ofToken } = mostOpen
const asked: string[] = []

test('there is room for one more until a person or a token has as many open changes as it may', () => {
  expect(() => requireRoom({ ofRequester: ofRequester - 1, ofToken: ofToken - 1, asked })).not.toThrow()
})

test.each([
  [{ ofRequester, ofToken: 0, asked }, /One person can have at most 100 open changes.*Nothing was sent: cancel some/],
  [{ ofRequester: 0, ofToken, asked }, /One token can have at most 20 open changes.*Nothing was sent: wait/],
])('without room the answer says what is full, and what to do: %j', (waiting, words) => {
  expect(() => requireRoom(waiting)).toThrow(words)
})

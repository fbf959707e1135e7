import { expect, test } from 'vitest'
import { oncePer } from '../../src/domain/once-per.ts'

test('pure work is done once for each object, whatever comes of it', () => {
  const asked: object[] = []
  const sizeOf = oncePer((of: { size?: number }) => {
    asked.push(of)
    return of.size
  })
  const [one, same, none] = [{ size: 1 }, { size: 1 }, {}]
  expect([one, same, one, none, none].map(sizeOf)).toEqual([1, 1, 1, undefined, undefined])
  expect(asked).toEqual([one, same, none])
})

import { expect, test } from 'vitest'
import { stretchOf, within } from '../../src/domain/stretch.ts'

test('a page of a list says where it stands in it', () => {
  expect(stretchOf(['a', 'b', 'c'], { page: 1, size: 2 })).toEqual({ items: ['c'], page: 1, size: 2, total: 3 })
})

test.each([
  [0, 0],
  [1, 0],
  [10, 1],
  [11, 2],
])('beyond the end of a list of %i, pages of five end with page %i', (total, page) => {
  expect(within({ page: 99, size: 5 }, total)).toEqual({ page, size: 5 })
})

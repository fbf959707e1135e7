import { expect, test } from 'vitest'
import { table } from '../../src/cli/table.ts'

const rows = (...names: string[]) => names.map((name) => [name, 'website'])

test('columns line up, however wide the letters of a name are on a terminal', () => {
  expect(table(['TOKEN', 'STACK'], rows('ci-deploy', 'デプロイ', 'cafe\u0301', '🚀 launch'), null)).toEqual([
    'TOKEN      STACK',
    'ci-deploy  website',
    'デプロイ   website',
    'cafe\u0301       website',
    '🚀 launch  website',
  ])
})

test('a wide name is cut to what its column holds, and never within a letter', () => {
  expect(table(['TOKEN', 'STACK'], rows('デプロイトークン', 'ro\u0301le-of-the-pipeline'), 19)).toEqual([
    'TOKEN       STACK',
    'デプロイ…   website',
    'ro\u0301le-of-t…  website',
  ])
})

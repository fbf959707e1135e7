import { expect, test } from 'vitest'
import { namedIn } from '../../../src/domain/quick/named-in.ts'
import { settings } from '../../support/world.ts'

const token = (uid: string, name: string) => ({ stack: 'website', uid, settings: settings({ name }) })
const tokens = [token('blt1', 'ci-deploy'), token('blt2', 'twin'), token('blt3', 'twin'), token('blt4', 'twin a')]

test.each([
  ['ci-deploy because it is late', ['blt1'], '', 'because it is late'],
  ['CI-Deploy 90d', ['blt1'], '', '90d'],
  ['delete ci-deploy', ['blt1'], 'delete', ''],
  ['rotate "twin a" please', ['blt4'], 'rotate', 'please'],
  ['turn off notification for ci-deploy now', ['blt1'], 'turn', 'now'],
  ['blt4 now', ['blt4'], '', 'now'],
  ['twin b', ['blt2', 'blt3'], '', 'b'],
  ['twin a edit', ['blt4'], '', 'edit'],
])('/token %s names a token', (line, uids, before, after) => {
  const named = namedIn(tokens, line)
  expect([named?.tokens.map(({ uid }) => uid), named?.before, named?.after]).toEqual([uids, before, after])
})

test.each(['', 'please delete it', 'frobnicate everything'])('/token %s names none', (line) => {
  expect(namedIn(tokens, line)).toBeNull()
})

import { expect, test } from 'vitest'
import { guess } from '../../../src/slack/command/guess.ts'

const tokens = ['ci-deploy', 'old robot', 'edit']
const line = (typed: string) => guess(typed, (text) => tokens.includes(text.trim()))?.line

test.each([
  ['edti ci-deploy', 'edit ci-deploy'],
  ['EDTI', 'edit'],
  ['extnd ci-deploy 90d because it is late', 'extend ci-deploy 90d because it is late'],
  ['ci-deploy edit', 'edit ci-deploy'],
  ['ci-deploy extend 90d', 'extend ci-deploy 90d'],
  ['old robot histroy', 'history "old robot"'],
  ['edit rename to x', 'rename edit to x'],
  ['approve 42', '#42'],
  ['cancel #7', '#7'],
  ['reject 42 because it is late', '#42'],
  ['undo 1', '#1'],
  ['limits', 'limit'],
])('/token %s probably meant /token %s', (typed, meant) => {
  expect(line(typed)).toBe(meant)
})

test.each(['frobnicate <everything>', 'deploy', 'new token please', 'ci-deploy 90d'])(
  '%s meant no command',
  (typed) => {
    expect(line(typed)).toBeUndefined()
  },
)

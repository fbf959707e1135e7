import { expect, test } from 'vitest'
import { isQuestion, rephrased } from '../../../src/slack/command/rephrase.ts'

test.each([
  ['please extend ci-deploy by 90d', 'extend ci-deploy by 90d'],
  ['can you extend ci-deploy by 90 days?', 'extend ci-deploy by 90 days'],
  ['could you please extend ci-deploy 90d because it is late', 'extend ci-deploy 90d because it is late'],
  ["I'd like to rename ci-deploy to ci", 'rename ci-deploy to ci'],
  ['/token extend ci-deploy 90d', 'extend ci-deploy 90d'],
  ['> token list', 'list'],
  ['ls', 'list'],
  ['tokens on shop', 'list on shop'],
  ['expired on shop', 'list expired on shop'],
  ['which tokens are expiring?', 'list expiring'],
  ['my open changes', 'mine'],
  ["what's pending", 'pending'],
  ['what is waiting for me?', 'pending for me'],
  ['status', 'pending'],
  ['approve', 'pending'],
  ['cancel my change', 'mine'],
  ['?', 'help'],
  ['--help', 'help'],
  ['hello!', 'help'],
  ['view ci-deploy', 'show ci-deploy'],
  ['details of ci-deploy', 'show ci-deploy'],
  ['log of ci-deploy', 'history ci-deploy'],
])('/token %s is taken for /token %s', (typed, line) => {
  expect(rephrased(typed)).toBe(line)
})

test.each(['ci-deploy', 'frobnicate', 'status #1', 'approve 42', 'extend ci-deploy 90d', 'delete ci-deploy'])(
  '/token %s is left as it is',
  (typed) => {
    expect(rephrased(typed)).toBeNull()
  },
)

test('a question is told from a wish', () => {
  expect(['who can approve', 'ci-deploy expires when?', 'How do I extend a token'].map(isQuestion)).not.toContain(false)
  expect(['ci-deploy', 'whole stack', 'island'].map(isQuestion)).not.toContain(true)
})

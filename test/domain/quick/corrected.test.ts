import { expect, test } from 'vitest'
import { readQuick } from '../../../src/domain/quick/command.ts'
import { corrected } from '../../../src/domain/quick/corrected.ts'

const isToken = (text: string) => ['ci', 'wirte robot'].includes(text.trim())

test.each([
  ['extend ci nevr because nevr', 'extend ci never because nevr'],
  ['grant ci wirte on entry', 'grant ci write on entry'],
  ['grant wirte robot wirte on entry', 'grant wirte robot write on entry'],
  ['grant ci write in entry', 'grant ci write on entry'],
  ['scope ci main', 'scope ci +main'],
  ['limit ci organistion', 'limit ci organisation'],
])('%s is corrected to %s', (typed, meant) => {
  const read = readQuick(typed, isToken)
  expect('complaint' in read && corrected(typed, read.complaint, isToken)).toBe(meant)
})

test.each(['extend ci', 'grant ci wirte on zzz', 'grant ci read onn zzz', 'frobnicate ci'])(
  '%s has no correction that could be read',
  (typed) => {
    const read = readQuick(typed, isToken)
    expect('complaint' in read && corrected(typed, read.complaint, isToken)).toBeNull()
  },
)

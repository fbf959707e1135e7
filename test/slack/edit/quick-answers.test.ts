import { expect, test } from 'vitest'
import { quickNear, quickRefused } from '../../../src/slack/edit/quick-answers.ts'
import { reading } from '../kit/drawn.ts'

const typed = '/token rename root-admin to x'

test('a refused line says once that nothing happened', () => {
  const read = (why: string) => {
    const { text, blocks } = quickRefused({ typed, why })
    return [text, reading(blocks)].map((words) => words.match(/nothing was/gi)?.length ?? 0)
  }
  expect(read('This token is protected. Nothing was opened.')).toEqual([1, 1])
  expect(read('The slack is full, so nothing was done.')).toEqual([1, 1])
  expect(read('A token needs a name.')).toEqual([2, 2])
})

test('a line about an unknown token says that none was seen if nothing could be looked at, and otherwise that none has that name', () => {
  const said = (notes: string[]) =>
    quickNear({ waiting: { verb: 'extend', rest: '90d' }, typed, token: 'root-admin', choices: [], notes }).text
  expect(said([])).toContain('No token is called root-admin, and there are no similar names')
  expect(said(['Contentstack is out of reach.'])).toMatch(
    /^No token called root-admin has been seen here so far\. Contentstack is out of reach\. Nothing was opened/,
  )
})

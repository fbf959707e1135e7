import { expect, test } from 'vitest'
import { changeFilter, listOfChanges } from '../../../src/domain/change/filter.ts'
import { withoutFillers } from '../../../src/domain/fillers.ts'
import { asked } from '../../slack/kit/asked.ts'

test.each([
  ['shop', 'shop'],
  ['on shop', 'shop'],
  ['on the shop stack', 'shop'],
  ['for me', ''],
  ['', ''],
  ['"on me"', 'on me'],
  ['ci for shop', 'ci for shop'],
])('%j narrows a list down to %j', (typed, left) => {
  expect(withoutFillers(typed)).toBe(left)
})

test.each([
  ['pending shop', { verb: 'pending', rest: 'shop' }],
  ['all open changes', { verb: 'pending', rest: '' }],
  ['my open changes on shop', { verb: 'mine', rest: 'shop' }],
  ['mine', { verb: 'mine', rest: '' }],
  ['shop', null],
  ['pendings', null],
])('list %s', (typed, list) => {
  expect(listOfChanges(typed)).toEqual(list)
})

test('a text that names a stack is that stack, and otherwise part of what the token is called', () => {
  const change = asked({ after: { ...asked().after, name: 'website-robot' } })
  const here = { change: asked(), stack: ['Website', 'site'] }
  const elsewhere = { change, stack: ['Shop', 'shop'] }
  const fitting = (text: string, all = [here, elsewhere]) => all.filter(changeFilter(text, all).fits)
  expect(fitting('WEBSITE')).toEqual([here])
  expect(fitting('site')).toEqual([here])
  expect(changeFilter('site', [here]).onStack).toBe('Website')
  expect(fitting('website-r')).toEqual([elsewhere])
  expect(fitting('website', [elsewhere])).toEqual([elsewhere])
  expect(fitting(change.tokenUid)).toEqual([here, elsewhere])
  expect(fitting('nothing')).toEqual([])
})

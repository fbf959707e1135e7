import { describe, expect, test } from 'vitest'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { fateOf, isInForce, madeOf } from '../../../src/domain/looks/in-force.ts'
import { alikeFor, isLikeText, isSameText, mayBeText } from '../../../src/domain/looks/own-writing.ts'
import { answeredWith, applying, proposedAt, unanswered } from '../../support/changes.ts'
import { settings } from '../../support/world.ts'

const long = 'Deploys “the site” from CI, every night'

describe("a stack's possible form of a text", () => {
  test.each([
    ['small letters', long, 'deploys “the site” from ci, every night'],
    ['other quotes', long, 'Deploys "the site" from CI, every night'],
    ['no accents', 'Café crème', 'Cafe creme'],
    ['no control characters', 'ci\u0007-deploy', 'ci-deploy'],
    ['signs instead of spaces', 'CI deploy', 'ci-deploy'],
    ['the beginning of it', long, 'Deploys “the site” from CI,'],
  ])('is %s', (_, sent, found) => {
    expect(isLikeText(sent, found)).toBe(true)
    expect(isSameText(sent, found)).toBe(false)
  })

  test.each([
    ['another word', long, 'Deploys “the site” from CI, every day'],
    ['more than was sent', 'ci', 'ci-deploy'],
    ['so little that any text might begin with it', long, 'Deploys'],
    ['the end of it', long, 'site from CI every night'],
    ['nothing', long, ''],
    ['other signs, where there is nothing else', '!!!', '???'],
  ])('is not %s', (_, sent, found) => {
    expect(isLikeText(sent, found)).toBe(false)
  })
})

test('characters spelt out as for a web page are not a similar text, but may be the one that was sent', () => {
  expect(isLikeText('R&D <now>', 'R&amp;D &lt;now&gt;')).toBe(false)
  expect(mayBeText('R&D <now>', 'R&amp;D &lt;now&gt;')).toBe(true)
  expect(mayBeText('R&D', 'R&amp;C')).toBe(false)
})

test("a similar text is guessed only of what was sent, and the stack's form of it is not known", () => {
  const stored = settings({ name: 'ci' })
  const sent = [answeredWith({ kind: 'taken' }), unanswered('2026-06-01T09:15:00.000Z')]
  expect(sent.map(alikeFor)).toEqual([isLikeText, isLikeText])
  const told = answeredWith({ kind: 'taken', stored })
  const applied = evolve(sent[0]!, { type: 'applied', at: proposedAt, written: true })
  const refused = answeredWith({ kind: 'refused', why: 'no' })
  expect([told, applied, refused, applying()].map(alikeFor)).toEqual(Array(4).fill(isSameText))
})

test('a field that is as before was kept, however similar it is to what was asked for', () => {
  const edit = { before: settings({ name: 'ci' }), after: settings({ name: 'CI' }) }
  expect(fateOf(edit, edit.before, isLikeText)).toEqual({ taken: [], kept: ['name'], neither: [] })
  expect(isInForce(edit, settings({ name: 'Ci' }), isLikeText)).toBe(true)
})

test('an update carries the whole token, so that a stack may rewrite other fields', () => {
  const edit = { before: settings({ name: 'CI' }), after: settings({ name: 'CI', description: 'New' }) }
  const live = settings({ name: 'ci', description: 'new' })
  expect(madeOf(edit, live, isLikeText)).toEqual(live)
  expect(madeOf(edit, live)).toEqual(edit.after)
})

import { expect, test } from 'vitest'
import { closedHome, homeView, type ListedChange } from '../../../src/slack/views/home.ts'
import { bob, settings } from '../../support/world.ts'
import { asked, lastApproval } from './asked.ts'
import { buttonsIn, parts, reading, stored } from './drawn.ts'

const listed = (change = asked(), link: string | null = 'https://slack.example/card'): ListedChange => ({
  stored: stored(change),
  stackTitle: 'Website',
  link,
})

test('Home says what waits for this person and what this person waits for', () => {
  const after = settings({ name: 'b', expiresOn: null })
  const view = homeView({ mine: [listed(asked({}, lastApproval(bob)), null)], toDecide: [listed(asked({ after }))] })
  const text = reading(view)
  expect(text).toContain(
    [
      'Changes waiting for you',
      '#42 ci-deploy on Website: Name, Expires. It is waiting for 1 approval. [Open the card](https://slack.example/card)',
      'Your open changes',
      '#42 ci-deploy on Website: Name. It is approved and about to be applied.',
    ].join('\n'),
  )
  expect(buttonsIn(view)).toEqual(['edit_a_token'])
})

test('an empty Home says so', () => {
  const text = reading(homeView({ mine: [], toDecide: [] }))
  expect(text).toContain('Nothing is waiting for you.')
  expect(text).toContain('You have no open changes.')
})

test('what has no room is counted', () => {
  const view = homeView({ mine: Array.from({ length: 25 }, () => listed()), toDecide: [] })
  expect(reading(view)).toContain('and 5 more')
  expect(parts(view).filter((part) => part.text === '#42')).toHaveLength(20)
})

test('whoever may do nothing here sees why, and no button', () => {
  const view = closedHome('This is not for you: guests may not use Countersign.')
  expect(reading(view)).toBe('This is not for you: guests may not use Countersign.')
  expect(buttonsIn(view)).toEqual([])
})

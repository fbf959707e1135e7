import { expect, test } from 'vitest'
import { markOf } from '../../../src/domain/change/seal.ts'
import { inWords, validateView } from '../../../src/sandbox/slack/validate.ts'
import { readFormValue } from '../../../src/slack/kit/ids.ts'
import { refusalView } from '../../../src/slack/kit/modal.ts'
import { cancelForm } from '../../../src/slack/review/cancel-form.ts'
import { readRejection, rejectForm } from '../../../src/slack/review/reject-form.ts'
import { lookingFor } from '../../../src/slack/tokens/listing.ts'
import { loadingView, nearPickerView, pickerView, readPick } from '../../../src/slack/tokens/picker.ts'
import { asked } from './asked.ts'
import { buttonsIn, inputsIn, reading } from './drawn.ts'

test('Slack takes every modal', () => {
  const near = nearPickerView({ typed: 'x', tokens: [] })
  for (const view of [
    loadingView(),
    pickerView(),
    near,
    rejectForm(asked(), { stackTitle: 'Website' }),
    refusalView('No.'),
  ])
    expect(inWords(validateView(view))).toBe('')
})

test('while the token is looked at the requester is told so', () => {
  expect(reading(loadingView())).toContain('Looking at the token in Contentstack.')
})

test('the picker shows tokens before anything is typed', () => {
  const many = Array.from({ length: 7 }, (_, i) => `Stack ${i}`)
  expect(reading(loadingView('show', lookingFor('x', many)))).toContain(
    'The tokens of Stack 0, Stack 1, Stack 2, Stack 3, Stack 4 and 2 more stacks have not been listed yet. That can take a minute',
  )
  expect(inputsIn(pickerView()).get('pick')?.element).toMatchObject({ type: 'external_select', min_query_length: 0 })
})

test('the picker says why each stack cannot be looked at, if that is known, and how old its options are', () => {
  const look = { stackTitle: 'Website', at: '2026-06-01T08:00:00.000Z', failed: true, shut: null }
  const shut = { why: 'the authtoken is not accepted' }
  const view = pickerView('show', [look, { ...look, stackTitle: 'Shop', at: null, shut }, { ...look, failed: false }])
  expect(inWords(validateView(view))).toBe('')
  expect(reading(view)).toMatch(
    /Website can't be looked at: what is shown of it dates from 2026-06-01 08:00 UTC or later\.\nShop does not let Countersign in, since the authtoken is not accepted: what is shown of it may be out of date\.$/,
  )
})

test('the chosen token is read, and a missing choice is refused in words', () => {
  const chosen = { type: 'external_select', selected_option: { value: 'cs1:website' } }
  expect(readPick({ pick: { pick_token: chosen } })).toEqual({ stack: 'website', uid: 'cs1' })
  const none = { pick: { pick_token: { ...chosen, selected_option: null } } }
  expect(() => readPick(none)).toThrow(expect.objectContaining({ code: 'not_found' }))
})

test('rejecting asks for a reason, and knows which revision was seen', () => {
  const change = { ...asked(), revision: 2 }
  const opened = { channel: 'C1', message: '1.2', ts: '3.4' }
  const view = rejectForm(change, { stackTitle: 'Website' }, opened)
  expect(readFormValue(view.private_metadata!)).toEqual({ id: 42, revision: 2, mark: markOf(change), opened })
  expect(reading(view)).toContain(
    'Renames ci-deploy to ci-release\nNeutral: what the token may do stays the same.\n' +
      'Change #42 to token ci-deploy on Website will end here, and will not be applied.',
  )
  expect(inputsIn(view).get('rejection')).not.toHaveProperty('optional')
})

test('cancelling says what the change would do', () => {
  expect(reading(cancelForm(asked(), { stackTitle: 'Website' }))).toContain(
    'Renames ci-deploy to ci-release\nChange #42 to token ci-deploy on Website will end here',
  )
})

test('the reason for rejecting is read', () => {
  expect(readRejection({ rejection: { rejection: { type: 'plain_text_input', value: 'no' } } })).toBe('no')
  expect(readRejection({ rejection: { rejection: { type: 'plain_text_input', value: null } } })).toBe('')
  expect(readRejection({})).toBe('')
})

test('a refusal is shown whole, with a way back', () => {
  const view = refusalView('You asked for change #42 yourself.')
  expect(reading(view)).toBe('This was refused\nBack\nYou asked for change #42 yourself.')
  expect(buttonsIn(view)).toEqual([])
})

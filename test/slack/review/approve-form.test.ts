import { describe, expect, test } from 'vitest'
import { markOf } from '../../../src/domain/change/seal.ts'
import { inWords, validateView } from '../../../src/sandbox/slack/validate.ts'
import { approveForm, nameError, readApproval } from '../../../src/slack/review/approve-form.ts'
import { alice, bob, settings } from '../../support/world.ts'
import { amended, asked, twoParties } from '../kit/asked.ts'
import { inputsIn, reading } from '../kit/drawn.ts'

const named = (name: string, uid = 't1') =>
  asked({ requirement: twoParties, tokenUid: uid, before: settings({ name }), after: settings({ name: 'other' }) })

test('an approval that has to be confirmed repeats the verdict and asks for the name of the token', () => {
  const change = { ...named('ci-deploy'), revision: 2 }
  const view = approveForm(change, { confirm: true, stackTitle: 'Website' })
  expect(inWords(validateView(view))).toBe('')
  expect(view).toMatchObject({ callback_id: 'approve_form', private_metadata: `42:2:${markOf(change)} {}` })
  const text = reading(view)
  expect(text).toContain('Neutral: what the token may do stays the same.')
  expect(text).toContain('written to the token on Website:\nci-deploy')
  expect([...inputsIn(view).keys()]).toEqual(['token_name', 'comment'])
  expect(inputsIn(view).get('token_name')).not.toHaveProperty('optional')
  expect(inputsIn(view).get('comment')).toMatchObject({ optional: true })
})

test('everything that would be written is on it, wherever it was opened from', () => {
  const after = settings({ description: 'x'.repeat(2900), expiresOn: null, otherScope: ['odd'] })
  const text = reading(approveForm(asked({ after, reason: 'Because' }), { confirm: false, stackTitle: 'Website' }))
  expect(text).toContain('Reason, given by @U0ALICE\nBecause\n')
  expect(text).toContain(`Description, after:\n${'x'.repeat(2900)}\n`)
  expect(text).toContain('Expires: 2027-01-31 → never')
  expect(text).toContain('Kept as they are: 1 scope entry')
})

test('a backup that was put back since the change was asked for comes first', () => {
  const text = reading(
    approveForm({ ...asked(), putBackAt: '2026-06-02T09:00:00.000Z' }, { confirm: false, stackTitle: 'Website' }),
  )
  expect(text).toMatch(
    /Back\nA backup of the database was put back 2026-06-02 09:00 UTC\. .* before you approve it\.\n/,
  )
})

test('the reason is attributed to whoever gave it, or to nobody if that is not known', () => {
  const text = (reasonBy?: string) =>
    reading(
      approveForm(asked({}, amended(bob, { ...(reasonBy && { reasonBy }) })), {
        confirm: false,
        stackTitle: 'Website',
      }),
    )
  expect(text(bob)).toContain('Reason, given by @U0BOB\n')
  expect(text(alice)).toContain('Reason, given by @U0ALICE\n')
  expect(text()).toContain('Reason\nThe pipeline moved')
})

test('any other approval takes a comment and nothing else', () => {
  expect([...inputsIn(approveForm(asked(), { confirm: false, stackTitle: 'Website' })).keys()]).toEqual(['comment'])
})

test('what the approver typed is read', () => {
  const text = (value: string | null) => ({ type: 'plain_text_input', value })
  expect(readApproval({ token_name: { token_name: text('ci') }, comment: { comment: text(' yes\n') } })).toEqual({
    name: 'ci',
    comment: 'yes',
  })
  expect(readApproval({ comment: { comment: text(null) } })).toEqual({ name: null, comment: '' })
  expect(readApproval({ token_name: { token_name: text(null) } })).toEqual({ name: '', comment: '' })
  expect(readApproval(null)).toEqual({ name: null, comment: '' })
})

describe('the typed name', () => {
  test('must be the token’s, to the letter', () => {
    expect(nameError(named('ci-deploy'), 'ci-deploy')).toBeNull()
    expect(nameError(named('ci-deploy'), ' ci-deploy ')).toBeNull()
    for (const wrong of ['', 'CI-deploy', 'ci-deploy-2', 'ci', 'other', 't1'])
      expect(nameError(named('ci-deploy'), wrong)).toEqual({
        token_name: expect.stringContaining('nothing was approved'),
      })
  })

  test('may have its accents composed or apart', () => {
    expect(nameError(named('re\u0301serve'), 'r\u00e9serve')).toBeNull()
  })

  test('can be typed as it is shown when it has hidden characters', () => {
    expect(nameError(named('ci\u202Edeploy'), 'ci⟨U+202E⟩deploy')).toBeNull()
    expect(nameError(named('ci\u202Edeploy'), 'cideploy')).not.toBeNull()
  })

  test('is never satisfied by nothing, even for a token whose name is blank', () => {
    expect(nameError(named('  '), '')).not.toBeNull()
    expect(reading(approveForm(named('  '), { confirm: true, stackTitle: 'Website' }))).toContain('(blank)')
    expect(nameError(named('  '), '(blank)')).toBeNull()
  })

  test('gives way to the uid if no input could hold it', () => {
    const name = 'n'.repeat(3001)
    expect(reading(approveForm(named(name, 'cs123'), { confirm: true, stackTitle: 'Website' }))).toContain('cs123')
    expect(nameError(named(name, 'cs123'), 'cs123')).toBeNull()
  })
})

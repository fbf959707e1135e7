import { describe, expect, test } from 'vitest'
import { startWorld } from '../support/journey.ts'
import type { Filled } from '../support/person.ts'

type Mistake = { what: string; token?: string; fill: Filled; says: Record<string, string> }

const noNumber = 'This is not a number of requests a second: give a whole number, such as 20.'
const nothing = Object.fromEntries(['content_type', 'entry'].map((module) => [`module.${module}`, 'none']))

const mistakes: Mistake[] = [
  { what: 'a blank name', fill: { name: '   ' }, says: { name: 'A token needs a name.' } },
  {
    what: 'no branch and no alias on a stack with branches',
    fill: { branches: [], aliases: [] },
    says: { branches: 'This stack uses branches: a token needs at least one branch or alias.' },
  },
  {
    what: 'a token that could do nothing',
    fill: nothing,
    says: { addModule: 'This token could do nothing at all: give it some access.' },
  },
  {
    what: 'a day that has passed',
    fill: { date: '2020-01-31' },
    says: {
      date: 'The token would have expired already: it ends at midnight UTC as that day begins. Choose a later day.',
    },
  },
  {
    what: 'rates that are no numbers',
    fill: { rates: 'custom', readRate: 'plenty', writeRate: '1.5' },
    says: { readRate: noNumber, writeRate: noNumber },
  },
  {
    what: 'a rate of zero',
    fill: { rates: 'custom', readRate: '0', writeRate: '1' },
    says: { readRate: 'Give a whole number above zero.' },
  },
  {
    what: "rates above the organisation's",
    token: 'migration-2024',
    fill: { readRate: '101', writeRate: '51' },
    says: {
      readRate: 'The organisation allows at most 100 reads a second.',
      writeRate: 'The organisation allows at most 50 writes a second.',
    },
  },
  {
    what: 'a blank reason',
    fill: { reason: '  ' },
    says: { reason: 'Say why: approvers read it to decide, and it goes into the log.' },
  },
  {
    what: 'several mistakes at once',
    fill: { name: ' ', date: '2020-01-31', reason: ' ' },
    says: {
      name: 'A token needs a name.',
      date: 'The token would have expired already: it ends at midnight UTC as that day begins. Choose a later day.',
      reason: 'Say why: approvers read it to decide, and it goes into the log.',
    },
  },
  {
    what: 'what is no number beside other mistakes',
    fill: { name: ' ', expiry: 'never', rates: 'custom', readRate: 'plenty', writeRate: '51', reason: ' ' },
    says: {
      name: 'A token needs a name.',
      readRate: noNumber,
      writeRate: 'The organisation allows at most 50 writes a second.',
      reason: 'Say why: approvers read it to decide, and it goes into the log.',
    },
  },
]

describe('mistakes in the form', () => {
  test.each(mistakes)('$what is reported at its field, and the rest stays as it was filled in', async (mistake) => {
    const { token = 'ci-deploy', fill, says } = mistake
    const { alice, stack, audit } = await startWorld()
    await alice.opens(token)
    await alice.fillsIn({ description: 'Typed with care', reason: 'A good one', ...fill })
    const filled = await alice.form()
    // Groups that are closed open with what is wrong in them; Slack shows errors only at inputs in sight.
    await alice.submits()
    const wrong = [alice.reads(), ...Object.values(alice.errors())].join('\n')
    for (const message of Object.values(says)) expect(wrong).toContain(message)
    await alice.submits()
    expect(alice.modal()?.view.callback_id).toBe('edit_form')
    expect(alice.errors()).toEqual(says)
    expect(await alice.form()).toEqual(filled)
    expect(await alice.form()).toMatchObject({ description: 'Typed with care', ...fill })
    expect(await audit()).toEqual(['app started'])
    expect(stack.requests.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('an error goes away once it is corrected', async () => {
    const { alice } = await startWorld()
    await alice.opens('ci-deploy')
    await alice.fillsIn({ name: ' ', reason: 'Shorter' })
    await alice.submits()
    await alice.fillsIn({ name: 'ci' })
    expect((await alice.submits())?.view.callback_id).toBe('preview')
  })

  test('a form that changes nothing is not sent', async () => {
    const { alice, audit } = await startWorld()
    await alice.opens('ci-deploy')
    await alice.fillsIn({ reason: 'Just because', expiry: 'never' })
    await alice.fillsIn({ expiry: 'date', branches: ['development', 'main'] })
    await alice.submits()
    expect(alice.errors()).toEqual({
      reason: 'Nothing would change: the token is already as this form says. Change a field first.',
    })
    expect(await audit()).toEqual(['app started'])
  })

  test('a branch or alias that has gone since it was offered is named', async () => {
    const branches = ['main', 'development', 'feature-x']
    const aliases = [
      { alias: 'live', target: 'main' },
      { alias: 'preview', target: 'development' },
    ]
    const { alice } = await startWorld({ stack: { branches, aliases } })
    await alice.opens('ci-deploy')
    await alice.fillsIn({ branches: ['main', 'feature-x'], aliases: ['preview'], reason: 'A new feature' })
    branches.pop()
    aliases.pop()
    await alice.says('/token list')
    await alice.hears()
    await alice.submits()
    expect(alice.errors()).toEqual({
      branches: 'The stack has no branch called feature-x.',
      aliases: 'The stack has no branch alias called preview.',
    })
    expect(await alice.form()).toMatchObject({ branches: ['main', 'feature-x'], aliases: ['preview'] })
  })

  test('a missing day is reported at the day', async () => {
    const { alice } = await startWorld()
    await alice.opens('preview-reader')
    await alice.fillsIn({ reason: 'It must end', expiry: 'date' })
    expect(await alice.submit()).toBeNull()
    expect(Object.keys(alice.errors())).toEqual(['date'])
  })
})

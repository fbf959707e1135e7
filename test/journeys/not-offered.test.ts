import { expect, test } from 'vitest'
import { buttonsIn, inputsIn } from '../slack/kit/drawn.ts'
import { startWorld } from '../support/journey.ts'
import type { Person } from '../support/person.ts'

const policy = {
  rules: [
    { name: 'every token expires', when: { expiry: 'removed' }, refuse: 'Ask for a day instead.' },
    { name: 'not for long', when: { expiry: { later_than: '200d' } }, refuse: 'Ask again in half a year.' },
    {
      name: 'no writing',
      when: { gains: 'write', requester: ['U0ALICE', 'U0CAROL'] },
      refuse: 'Ask Bob to ask for it.',
    },
    { name: 'no roles', when: { gains: 'role' }, refuse: 'Nobody needs them.' },
    { name: 'frozen', when: { touches: ['main', 'feature-*'] }, refuse: 'main is frozen.' },
    { name: 'slow', when: { rate_limits: 'raised' }, refuse: 'No faster.' },
    { name: 'all else', approvers: ['U0BOB', 'U0CAROL', 'U0DAVE'] },
  ],
}

test('what the policy can only refuse is not offered, and the form says why', async () => {
  const { alice, carol } = await startWorld({ config: { policy } })
  const offered = (person: Person, part: string) => {
    const element = inputsIn(person.modal()?.view.blocks).get(part)?.element as { options?: { value: string }[] }
    return element.options?.map(({ value }) => value)
  }
  await alice.opens('ci-deploy')
  await alice.looksInto('expiry')
  expect(buttonsIn(alice.modal()?.view.blocks)).toEqual(expect.arrayContaining(['form_later_30d', 'form_later_90d']))
  for (const action of ['form_never', 'form_later_180d', 'form_later_1y'])
    expect(buttonsIn(alice.modal()?.view.blocks)).not.toContain(action)
  expect(alice.reads()).toContain(
    'Not offered: Never. The policy refuses it (every token expires): Ask for a day instead.',
  )
  expect(alice.reads()).toContain('Not offered: +180 days, +1 year. The policy refuses them (not for long):')
  await alice.pressesInForm('form_close_expiry')

  await alice.looksInto('access')
  expect(offered(alice, 'addModule')).toEqual(expect.arrayContaining(['asset', 'content_type']))
  for (const refused of ['role', 'everything']) expect(offered(alice, 'addModule')).not.toContain(refused)
  await alice.fillsIn({ addModule: 'asset' })
  expect(offered(alice, 'module.asset')).toEqual(['none', 'read'])
  expect(alice.reads()).toContain(
    'Not offered: access to Roles, access to the whole stack. The policy refuses them (no roles): Nobody needs them.',
  )
  expect(alice.reads()).toMatch(
    /Not offered: write on .*The policy refuses them \(no writing\): Ask Bob to ask for it\./,
  )
  await alice.pressesInForm('form_close_access')

  await alice.looksInto('scope')
  expect(offered(alice, 'branches')).toEqual(['main', 'development'])
  expect(alice.reads()).toMatch(/Not offered: .*taking away main.*The policy refuses them \(frozen\): main is frozen\./)

  await carol.opens('migration-2024')
  await carol.looksInto('rates')
  expect(offered(carol, 'rates')).toEqual(['custom'])
  expect(carol.reads()).toContain('Not offered: higher limits. The policy refuses it (slow): No faster.')
})

test('a name that the policy can only refuse is not offered to whoever types it in a long list either', async () => {
  const names = Array.from({ length: 240 }, (_, i) => `feature-${i}`)
  const { alice } = await startWorld({
    stack: { branches: ['main', 'development', 'release', ...names] },
    config: {
      policy: {
        rules: [{ name: 'frozen', when: { touches: ['feature-1*'] }, refuse: 'Done.' }, ...policy.rules.slice(-1)],
      },
    },
  })
  const form = await alice.opens('ci-deploy')
  await alice.looksInto('scope')
  const typed = async (text: string) => JSON.stringify(await alice.suggest(form, 'form_branches', text))
  expect(await typed('feature-2')).toContain('"value":"feature-29"')
  expect(await typed('feature-1')).toBe('[]')
})

test('a choice that is made already stays in the form, and its preview says that it is refused', async () => {
  const { alice, restarts } = await startWorld()
  await alice.opens('ci-deploy')
  await alice.fillsIn({ expiry: 'never', 'module.asset': 'write', reason: 'Before the rule' })
  await restarts({ policy })
  await alice.pressesInForm('form_close_expiry')
  expect(await alice.form()).toMatchObject({ expiry: 'never', 'module.asset': 'write' })
  await alice.submits()
  expect(alice.reads()).toContain('Ask for a day instead.')
})

test('a form on an open change offers what neither those who ask for it nor its editor would be refused', async () => {
  const { bob, carol } = await startWorld({ config: { policy } })
  const card = await bob.asksFor('ci-deploy', { 'module.asset': 'write' })
  await bob.presses(card, 'amend')
  await bob.modalCalled('edit_form')
  expect(bob.reads()).not.toContain('no writing')
  await carol.presses(card, 'amend')
  await carol.modalCalled('edit_form')
  expect(carol.reads()).toContain('(no writing)')
})

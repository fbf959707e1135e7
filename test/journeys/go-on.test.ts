import { describe, expect, onTestFinished, test } from 'vitest'
import { exampleTokens } from '../../src/sandbox/stack/example-tokens.ts'
import { startStack } from '../../src/sandbox/stack/stack.ts'
import { startWorld, transports, type World } from '../support/journey.ts'

const transport = 'socket'

/** Chooses ci-deploy in the picker that is open. */
async function choosesIn({ alice }: Pick<World, 'alice'>, value = 'blt5c1de0000000a001:website'): Promise<void> {
  const picker = await alice.modalCalled('pick_for_line')
  await alice.suggest(picker, 'pick_token', 'ci')
  await alice.fill('pick', 'pick_token', value)
  await alice.submits()
}

describe.each(transports)(
  'a line whose token has still to be chosen goes on with what was typed, over %s',
  (transport) => {
    test('an edit, with its reason', async () => {
      const world = await startWorld({ transport })
      const { alice } = world
      await alice.says('/token extend zzzzzzzzzzzz by 90 days because the release is late')
      const { id } = await alice.modalCalled('quick_answer')
      await alice.press({ id }, 'choose_for_line')
      await alice.modalCalled('pick_for_line')
      expect(alice.reads()).toMatch(/^Then: extend 90d because the release is late\n/)
      await choosesIn(world)
      expect((await alice.modalCalled('preview')).id).toBe(id)
      expect(alice.reads()).toContain('Token: ci-deploy')
      expect(alice.reads()).toContain('90 days after its current expiry')
      expect(alice.reads()).toContain('Reason\nthe release is late')
    })
  },
)

test.each([
  ['rename to "CI Prod" because x', 'Then: rename to "CI Prod" because x', 'preview', 'Name: ci-deploy → CI Prod'],
  ['extend 90d', 'Then: extend 90d', 'edit_form', 'let token ci-deploy expire on'],
  ['grant write on assets because x', 'Then: grant write on assets because x', 'preview', 'Assets: no access'],
])('/token %s, which names no token, goes on with the one chosen', async (typed, then, opens, says) => {
  const world = await startWorld({ transport })
  const { alice } = world
  await alice.says(`/token ${typed}`)
  expect((await alice.hears())[0]).toMatch(/^Say which token it is about\. .*\nNothing was opened.*\nChoose a token…$/s)
  await alice.press(alice.messages('general')[0]!, 'choose_for_line')
  await alice.modalCalled('pick_for_line')
  expect(alice.reads()).toContain(then)
  await choosesIn(world)
  await alice.modalCalled(opens)
  expect(alice.reads()).toContain(says)
})

test('the form keeps the reason that was typed behind a name, known or not', async () => {
  const world = await startWorld({ transport })
  const { alice } = world
  await alice.opens('ci-deploy because it leaked')
  expect((await alice.form()).reason).toBe('it leaked')
  await alice.closeModal()
  await alice.says('/token edit ci-deplyo because it leaked')
  const { id } = await alice.modalCalled('pick_for_line')
  expect(alice.reads()).toMatch(/^Then: edit because it leaked\nNo token is called ci-deplyo, /)
  await alice.press({ id }, 'say')
  await alice.modalCalled('edit_form')
  expect((await alice.form()).reason).toBe('it leaked')
  await alice.closeModal()
  await alice.says('/token edit zzzzzzzzzzzz because it leaked')
  await choosesIn(world)
  await alice.modalCalled('edit_form')
  expect((await alice.form()).reason).toBe('it leaked')
})

test('a history is the history still, and its page too', async () => {
  const world = await startWorld({ transport })
  const { alice } = world
  await alice.says('/token history zzzzzzzzzzzz 2')
  await alice.hears()
  await alice.press(alice.messages('general')[0]!, 'choose_for_line')
  await choosesIn(world)
  await alice.modalCalled('quick_answer')
  expect(alice.reads()).toMatch(/^History of token ci-deploy/)
  await alice.closeModal()
  await alice.says('/token history ci-deplyo')
  await alice.hears(2)
  await alice.press(alice.messages('general')[1]!, 'say')
  expect((await alice.hears(3))[2]).toMatch(/^History of token ci-deploy/)
})

test('a choice that is refused says so in its place', async () => {
  const world = await startWorld({
    transport,
    config: { policy: { may_ask: ['U0BOB'], rules: [{ name: 'a', approvers: 'U0BOB' }] } },
  })
  const { alice } = world
  await alice.says('/token edit zzzzzzzzzzzz because it leaked')
  await choosesIn(world)
  await alice.modalCalled('refusal')
  expect(alice.reads()).toContain('You are not among those who may ask for changes')
})

test('tokens of one name and one uid on two stacks are told apart by their stacks, and the stack named comes first', async () => {
  const shop = await startStack({ title: 'Shop', apiKey: 'blt5c1de0000000050f', tokens: exampleTokens() })
  onTestFinished(() => shop.stop())
  const ofShop = { name: 'shop', api_key: shop.apiKey, base_url: shop.url }
  const world = await startWorld({ transport, others: [ofShop] })
  await world.until('the first look at the shop', () => world.store.knownFacts('shop'))
  const { alice } = world
  await alice.says('/token rename ci-deploy to ci because x')
  const [said] = await alice.hears()
  expect(said).toContain('It is not clear which token ci-deploy means')
  await alice.press(alice.messages('general')[0]!, 'say', 'rename shop/ci-deploy to ci because x')
  await alice.modalCalled('preview')
  expect(alice.reads()).toContain('Stack: Shop')
  await alice.closeModal()
  for (const [stack, first] of [
    ['shop', 'shop'],
    ['website', 'website'],
  ]) {
    await alice.says(`/token extend ${stack}/zzzzzzzzzzzz 90d`)
    const { id } = await alice.modalCalled('quick_answer')
    await alice.press({ id }, 'choose_for_line')
    const offered = await alice.suggest(await alice.modalCalled('pick_for_line'), 'pick_token', 'ci')
    expect(offered.map((option) => 'value' in option && option.value)[0]).toContain(`:${first}`)
    await alice.closeModal()
  }
})

import { describe, expect, test } from 'vitest'
import { demoPolicy } from '../../src/cli/demo/workspace.ts'
import { startWorld } from '../support/journey.ts'
import type { Person } from '../support/person.ts'

const uid = 'blt5c1de0000000a001'
const why = 'This token is protected: nobody can change it here. Nothing was opened.'
const protects = ['ci-*', 'migration-*']

/** Everything somebody is told, anywhere. */
function told({ messages, toldPrivately, modal, reads }: Person): string {
  const shown = modal()?.view.callback_id === 'refusal' ? [reads()] : []
  return [...shown, ...toldPrivately(), ...messages('dm').map(({ text }) => text)].join('\n')
}

/** Every way to the form of a token. */
const ways: Record<string, (alice: Person) => Promise<unknown>> = {
  '/token edit': (alice) => alice.says('/token edit ci-deploy'),
  'a quick command': (alice) => alice.says('/token extend ci-deploy 90d because it goes on'),
  'a quick command without a reason': (alice) => alice.says('/token grant ci-deploy read on asset'),
  'the shortcut': async (alice) => {
    await alice.shortcut('edit_token')
    await pick(alice)
  },
  'the button on Home': async (alice) => {
    await alice.opensHome()
    await alice.pressesHome('edit_a_token')
    await pick(alice)
  },
  'the page of the token': async (alice) => {
    await alice.says('/token show ci-deploy')
    const { id } = await alice.modalCalled('token_page')
    await alice.press({ id }, 'edit_this_token')
  },
  'a button on a list': async (alice) => {
    await alice.opensHome()
    await alice.pressesHome('edit_this_token', 'blt5c1de0000000a003:website')
  },
}

async function pick(alice: Person): Promise<void> {
  await alice.suggest(await alice.modalCalled('pick_form'), 'pick_token', 'ci')
  await alice.fill('pick', 'pick_token', `${uid}:website`)
  await alice.submits()
}

describe('a protected token', () => {
  test.each(Object.keys(ways))('is refused before a form opens, by %s', async (way) => {
    const { alice, slack, audit, until, store } = await startWorld({
      config: { policy: { ...demoPolicy, protects } },
    })
    await until('the look', async () => (await store.knownTokens()).length > 0)
    await ways[way]!(alice)
    await slack.waitFor(() => told(alice).includes(why), 'the refusal')
    expect(['edit_form', 'preview']).not.toContain(alice.modal()?.view.callback_id)
    expect(await audit()).toEqual(['app started', 'U0ALICE refused'])
  })

  test('is refused if it has to be looked for first', async () => {
    const policy = { ...demoPolicy, protects: ['made-*'] }
    const { alice, slack, stack } = await startWorld({ config: { policy } })
    stack.edit(uid, { name: 'made-just-now' })
    await alice.says('/token edit made-just-now')
    await slack.waitFor(() => told(alice).includes(why), 'the refusal')
  })
})

test('an open change of a token that is now protected is refused before its form opens', async () => {
  const world = await startWorld({ transport: 'socket', config: { policy: demoPolicy } })
  const { alice, slack } = world
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  await world.restarts({ policy: { ...demoPolicy, protects } })
  await alice.presses(alice.card(card), 'amend')
  await slack.waitFor(() => told(alice).includes('This token is protected: nobody can change it here.'), 'the refusal')
  expect(alice.modal()).toBeUndefined()
})

describe('a protected name', () => {
  const nameIsProtected = 'The name that it would get is protected: nobody can give it to a token here.'
  const policy = { ...demoPolicy, protects: ['root-*'] }

  test('is not given to any token, by a form or in one line', async () => {
    const { alice, bob, slack, audit, until, store } = await startWorld({ transport: 'socket', config: { policy } })
    await until('the look', async () => (await store.knownTokens()).length > 0)
    for (const line of ['rename ci-deploy to root-deploy because why not', 'rename ci-deploy to root-deploy']) {
      await alice.says(`/token ${line}`)
      expect(alice.modal()).toBeUndefined()
    }
    await slack.waitFor(() => alice.toldPrivately().length === 2, 'both refusals')
    for (const said of alice.toldPrivately()) expect(said).toContain(`${nameIsProtected} Nothing was opened.`)
    await alice.opens('ci-deploy')
    await alice.fillsIn({ name: 'root-deploy', reason: 'Because' })
    await alice.submits()
    expect(alice.reads()).toBe(`${nameIsProtected} Nothing was sent.`)
    expect(bob.cards()).toEqual([])
    expect(await audit()).toEqual(['app started', ...Array(2).fill('U0ALICE refused')])
  })

  test('does not come back by a revert', async () => {
    const { alice, slack, stack, store, until } = await startWorld({ transport: 'socket', config: { policy } })
    const edits = async () => (await store.events()).filter(({ event }) => event.type === 'outside_edit')
    for (const [name, count] of [
      ['root-deploy', 1],
      ['ci-deploy', 2],
    ] as const) {
      stack.edit(uid, { name })
      await alice.says(`/token show ${uid}`)
      await until(`${count} edits`, async () => (await edits()).length === count)
      await alice.closeModal()
    }
    await alice.says(`/token show ${uid}`)
    const { id } = await alice.modalCalled('token_page')
    await alice.press({ id }, 'revert', `edit:${(await edits()).at(-1)!.seq}`)
    await slack.waitFor(() => told(alice).includes(`${nameIsProtected} Nothing was opened.`), 'the refusal')
    expect(alice.modal()?.view.callback_id).toBe('token_page')
  })
})

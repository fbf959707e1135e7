import { expect, test } from 'vitest'
import { listTokens } from '../../src/cli/token/list.ts'
import { showToken } from '../../src/cli/token/show.ts'
import type { WireToken } from '../../src/sandbox/stack/wire-token.ts'
import { startWorld } from '../support/journey.ts'
import { atTerminalOf } from '../support/terminal.ts'

const odd = { uid: 'blt5c1de0000000a0dd', name: 'odd-one', scope: 'everything' } as unknown as WireToken
const good = { uid: 'blt5c1de0000000a0aa', name: 'good-one' }
const why = /can't be read(:| \()scope: .*expected array/

test('a token that cannot be read is in the list in Slack, with the reason, and neither shown nor edited', async () => {
  const { alice, until, logs } = await startWorld({ transport: 'socket', stack: { tokens: [good, odd] } })
  const warned = () => logs.map((line) => JSON.parse(line)).filter(({ level, token }) => level === 40 && token)
  const before = warned().length
  await alice.says('/token list')
  const [list] = await alice.hears()
  expect(list).toContain('good-one on Website')
  expect(warned().length).toBeGreaterThan(before)
  const { uid } = odd
  expect(warned()[0]).toMatchObject({ stack: 'website', token: uid, why: expect.stringMatching(/^scope: /) })
  expect(list).toMatch(
    /odd-one \(blt5c1de0000000a0dd\) on Website can't be read \(scope: .*change it in Contentstack\./,
  )
  await alice.says('/token show Odd-One')
  await alice.modalCalled('refusal')
  expect(alice.reads()).toMatch(why)
  await alice.closeModal()
  await alice.says(`/token edit ${odd.uid}`)
  await until('the modal to say so', () => why.test(JSON.stringify(alice.modal()?.view.blocks)))
})

test('a token that could be read, and no longer can, is not shown as it was', async () => {
  const { alice, stack } = await startWorld({ transport: 'socket', stack: { tokens: [good] } })
  stack.edit(good.uid, { scope: 'everything' as never })
  await alice.says('/token list')
  expect((await alice.hears())[0]).toMatch(/good-one on Website, as last seen: /)
  await alice.says('/token show good-one')
  expect((await alice.hears(2))[1]).toMatch(why)
})

test("a token that can no longer be read can't be edited in any way, and an open form for it can't be sent", async () => {
  const soon = { ...good, expires_on: new Date(Date.now() + 10 * 86_400_000).toISOString() }
  const { alice, bob, stack, store, until } = await startWorld({ transport: 'socket', stack: { tokens: [soon] } })
  await alice.opensHome()
  await alice.checks('good-one', { description: 'as it was' })
  await bob.opens('good-one')
  await bob.fillsIn({ description: 'as it was', reason: 'The pipeline moved' })
  stack.edit(good.uid, { scope: 'everything' as never })
  await alice.says('/token list')
  await alice.hears()
  const refused = () => why.test(JSON.stringify(alice.modal()?.view.blocks))
  await alice.submits()
  await until('the preview to say so', refused)
  await bob.submits()
  expect(bob.reads()).toMatch(why)
  for (const typed of [
    '/token edit good-one',
    '/token rename good-one to other because we do',
    '/token rename good-one to good-one',
  ]) {
    while (alice.modal()) await alice.closeModal()
    const told = alice.toldPrivately().length
    await alice.says(typed)
    await until(typed, () => refused() || why.test(alice.toldPrivately().slice(told).join()))
  }
  while (alice.modal()) await alice.closeModal()
  const told = alice.dms().length + alice.toldPrivately().length
  await alice.pressesHome('edit_this_token')
  await until('Home', () => refused() || why.test([...alice.dms(), ...alice.toldPrivately()].slice(told).join()))
  expect(await store.openChanges()).toEqual([])
})

test('a token that cannot be read is in the list at the terminal, and show gives the reason', async () => {
  const lookAlike = { ...odd, name: 'odd\u2011one' }
  const { env } = await startWorld({ transport: 'socket', stack: { tokens: [good, lookAlike] } })
  const list = await atTerminalOf(env, (around) => listTokens({}, around))
  expect([list.ok, list.out]).toEqual([
    true,
    expect.stringMatching(/odd⟨U\+2011⟩one +website +blt5c1de0000000a0dd +can't be read: scope/),
  ])
  const json = await atTerminalOf(env, (around) => listTokens({ json: true }, around))
  expect(JSON.parse(json.out)).toMatchObject({ unreadable: [{ stack: 'website', uid: odd.uid, name: lookAlike.name }] })
  const shown = await atTerminalOf(env, (around) => showToken(`website/${lookAlike.name}`, {}, around))
  expect([shown.ok, shown.err]).toEqual([
    false,
    expect.stringMatching(/^odd⟨U\+2011⟩one \(.*\) on website can't be read \(scope: /),
  ])
})

test('an unreadable token is found everywhere, with the reason, and no other in its place', async () => {
  const { alice, until } = await startWorld({ transport: 'socket', stack: { tokens: [good, odd] } })
  await alice.says('/token list')
  await alice.hears()
  await alice.says('/token')
  const picker = await alice.modalCalled('pick_form')
  const offered = async (typed: string) => JSON.stringify(await alice.suggest(picker, 'pick_token', typed))
  for (const typed of ['', 'ODD']) expect(await offered(typed)).toContain("can't be read, on Website")
  expect(await offered('good')).not.toContain("can't be read")
  await alice.suggest(picker, 'pick_token', 'odd')
  await alice.fill('pick', 'pick_token', `${odd.uid}:website`)
  await alice.submits()
  expect(alice.reads()).toMatch(why)
  while (alice.modal()) await alice.closeModal()

  for (const typed of ['/token show odd-on', '/token rename odd-one to even-one because it is', '/token edit dd-on']) {
    await alice.says(typed)
    await until('the modal to say so', () => why.test(JSON.stringify(alice.modal()?.view.blocks)))
    expect(JSON.stringify(alice.modal()?.view.blocks)).not.toContain('good-one')
    while (alice.modal()) await alice.closeModal()
  }
  const told = alice.toldPrivately().length
  await alice.says('/token history odd-one')
  const said = (await alice.hears(told + 1))[told]
  expect(said).toMatch(why)
  expect(said).not.toContain('good-one')
})

test('a token that was fixed in Contentstack is shown and edited at once, though nobody has listed it since', async () => {
  const { alice, stack, until } = await startWorld({ transport: 'socket', stack: { tokens: [good] } })
  stack.edit(good.uid, { scope: 'everything' as never })
  await alice.says('/token list')
  await alice.hears()
  await alice.says('/token show good-one')
  expect((await alice.hears(2))[1]).toMatch(why)
  stack.edit(good.uid, { scope: [] as never })
  for (const typed of ['/token show good-one', '/token edit good-one']) {
    await alice.says(typed)
    await until('it to be shown', () => JSON.stringify(alice.modal()?.view.blocks ?? []).includes('good-one'))
    expect(alice.reads()).not.toMatch(why)
    while (alice.modal()) await alice.closeModal()
  }
})

test('while its stack is down, a token that nobody has seen is said to be possibly there', async () => {
  const { alice, stack } = await startWorld({ transport: 'socket', stack: { tokens: [good] } })
  await alice.says('/token list')
  await alice.hears()
  stack.trouble.down = true
  await alice.says('/token show brand-new')
  await alice.modalCalled('pick_page')
  await alice.says('/token history brand-new')
  for (const said of [alice.reads(), (await alice.hears(2))[1]]) {
    expect(said).toContain('No token called brand-new has been seen here so far.')
    expect(said).toContain('may be out of date')
  }
})

test('on a stack that was never listed, no name is called unknown, whatever is typed, and nothing shown is called old', async () => {
  const world = await startWorld({ transport: 'socket', stack: { tokens: [] } })
  const { alice, stack, restarts, until } = world
  await restarts({}, [], () => {
    stack.trouble.reads = 'endless'
  })
  const unseen = 'No token called ci-deploy has been seen here so far'
  const unlisted = 'The tokens of Website have not been listed yet.'
  const verbs = ['edit ci-deploy', 'rename ci-deploy to ci because it moved', 'extend ci-deploy 30d because it is late']
  const others = [
    'show ci-deploy',
    'grant ci-deploy read on entry',
    'revoke ci-deploy read on all',
    'scope ci-deploy +main',
  ]
  for (const typed of [...verbs, ...others, 'limit ci-deploy organisation']) {
    await alice.says(`/token ${typed}`)
    await until(`${typed} to be answered`, () => alice.modal() && alice.reads().includes(unseen))
    expect(alice.reads()).toContain(unlisted)
    expect(alice.reads()).not.toContain('out of date')
    while (alice.modal()) await alice.closeModal()
  }
  for (const [i, typed] of ['history ci-deploy', 'list'].entries()) {
    await alice.says(`/token ${typed}`)
    expect((await alice.hearsAhead(i + 1)).at(-1)).toBe(
      'The tokens of Website have not been listed yet. That can take a minute; the answer comes here then.',
    )
    const said = (await alice.hears(i + 1)).at(-1)
    expect(said).toContain(typed === 'list' ? 'No tokens are known here yet.' : unseen)
    expect(said).toContain(unlisted)
    expect(said).not.toContain('out of date')
  }
  expect(await alice.opensHome()).toContain("Website can't be looked at, and its tokens have not been listed yet.")
})

test('the picker says that the tokens of a stack that was never listed are not found yet, and choosing that entry chooses nothing', async () => {
  const { alice, stack, restarts } = await startWorld({ transport: 'socket', stack: { tokens: [] } })
  await restarts({}, [], () => {
    stack.trouble.reads = 'endless'
  })
  await alice.says('/token')
  const picker = await alice.modalCalled('pick_form')
  expect(alice.reads()).toContain('The tokens of Website have not been listed yet, so they are not found here.')
  const [only, ...others] = await alice.suggest(picker, 'pick_token', 'ci')
  expect(only).toMatchObject({
    text: { text: 'Not listed yet: type again in a minute' },
    description: { text: 'Website' },
  })
  expect(others).toEqual([])
  await alice.fill('pick', 'pick_token', 'unlisted-0')
  await alice.submits()
  expect(alice.reads()).toContain('No token was chosen, so nothing was opened. Choose one from the list.')
  await alice.closeModal()
  stack.trouble.reads = 'ok'
  await alice.says('/token list')
  await alice.hears()
  expect(await alice.suggest(picker, 'pick_token', 'ci')).toEqual([])
})

test('the picker and its options say of a stack that cannot be looked at that this is the last look, and when it was', async () => {
  const { alice, stack, until } = await startWorld({ transport: 'socket', stack: { tokens: [good] } })
  await alice.says('/token')
  const before = await alice.modalCalled('pick_form')
  expect(alice.reads()).not.toContain('Website')
  expect(await alice.suggest(before, 'pick_token', 'good')).toMatchObject([{ description: { text: 'Website' } }])
  await alice.closeModal()
  stack.trouble.down = true
  await alice.says('/token list')
  await until('the list', () => alice.toldPrivately().join().includes('may be out of date'))
  await alice.says('/token')
  const picker = await alice.modalCalled('pick_form')
  expect(alice.reads()).toMatch(
    /Website can't be looked at: what is shown of it dates from \d{4}-\d\d-\d\d \d\d:\d\d UTC or later\./,
  )
  expect(await alice.suggest(picker, 'pick_token', 'good')).toMatchObject([
    { text: { text: 'good-one' }, description: { text: 'as last seen, on Website' } },
  ])
})

test('/token show of an unknown name opens a modal while its stack is listed, and shows the token there', async () => {
  const { alice, stack, slack } = await startWorld({ transport: 'socket', stack: { tokens: [good] } })
  stack.edit(good.uid, { name: 'made-just-now' })
  let listed = () => {}
  const listing = new Promise<void>((resolve) => {
    listed = resolve
  })
  stack.hooks.beforeReading = () => listing
  await alice.says('/token show made-just-now')
  const { id } = await alice.modalCalled('loading')
  expect(alice.reads()).toBe(
    'No token called made-just-now is known yet, so all tokens are being listed again. That can take a minute; if a token is called made-just-now, it opens here then.',
  )
  listed()
  expect((await alice.modalCalled('token_page')).id).toBe(id)
  expect(alice.reads()).toContain('made-just-now')
  expect(slack.deliveries.at(-1)?.outcome).toBe('acked')
})

test('while a stack is listed for the first time, the modal for a name says that this can take a minute', async () => {
  const { alice, stack, restarts, until } = await startWorld({ transport: 'socket', stack: { tokens: [] } })
  await restarts({}, [], () => {
    stack.trouble.reads = 'endless'
  })
  await until('the first list to fail', async () => (await alice.opensHome()).includes("Website can't be looked at"))
  for (const typed of ['edit ci-deploy', 'show ci-deploy', 'rename ci-deploy to ci because it moved']) {
    const listed = Promise.withResolvers<void>()
    stack.hooks.beforeReading = () => listed.promise
    await alice.says(`/token ${typed}`)
    await alice.modalCalled('loading')
    expect(alice.reads()).toContain(
      'The tokens of Website have not been listed yet. That can take a minute; if a token is called ci-deploy,',
    )
    listed.resolve()
    await until(`${typed} to be answered`, () => alice.reads().includes('has been seen here so far'))
    await alice.closeModal()
  }
})

test('an answer that waits while the tokens are listed again is announced, and comes', async () => {
  const { alice, stack } = await startWorld({ transport: 'socket', stack: { tokens: [good] } })
  for (const [i, typed] of ['list', 'history nonesuch'].entries()) {
    const listed = Promise.withResolvers<void>()
    stack.hooks.beforeReading = () => listed.promise
    await alice.says(`/token ${typed}`)
    const said = await alice.hearsAhead(i + 1)
    expect(said.at(-1)).toBe('All tokens are being listed again. That can take a minute; the answer comes here then.')
    listed.resolve()
    expect((await alice.hears(i + 1)).at(-1)).toContain(typed === 'list' ? 'good-one' : 'No token is called nonesuch')
  }
})

import { describe, expect, onTestFinished, test } from 'vitest'
import { verifyDatabase } from '../../src/cli/audit/verify.ts'
import { exampleTokens } from '../../src/sandbox/stack/example-tokens.ts'
import { startStack } from '../../src/sandbox/stack/stack.ts'
import { closedIn, startWorld, type World } from '../support/journey.ts'

/** The same uid on both stacks, so that only the stack tells the tokens apart. */
const ciDeploy = 'blt5c1de0000000a001'

/** A world with another stack beside the website, whose tokens are called `shop-ci-deploy` and so on. */
async function startTwo(config: Readonly<Record<string, unknown>> = {}) {
  const tokens = exampleTokens().map((token) => ({ ...token, name: `shop-${token.name}` }))
  const shop = await startStack({ title: 'Shop', apiKey: 'blt5c1de0000000050f', tokens })
  onTestFinished(() => shop.stop())
  const ofShop = { name: 'shop', api_key: shop.apiKey, base_url: shop.url }
  const world = await startWorld({ config, others: [ofShop] })
  await world.until('the first look at the shop', () => world.store.knownFacts('shop'))
  return { ...world, shop, ofShop }
}

async function isIntact({ config }: Pick<World, 'config'>): Promise<boolean | null> {
  return (await verifyDatabase(config.database, { current: null, earlier: [] }, null)).intact.holds
}

const applied = (card: { text: string }) => /was applied/.test(card.text)

describe('a stack is known by its api_key', () => {
  test('renamed, it keeps its changes and tokens, and its rules go by the new name', async () => {
    const rules = (name: string, who: string) => ({ rules: [{ name, when: { stack: name }, approvers: who }] })
    const world = await startWorld({ config: { policy: rules('website', 'U0BOB') } })
    const { alice, bob, carol, slack, stack, restarts } = world
    const first = await alice.asksFor('ci-deploy', { name: 'ci-1' })
    await restarts({ name: 'site', policy: rules('site', 'U0CAROL') })
    expect(await bob.answerTo('/token pending')).toContain('#1 Renames ci-deploy to ci-1 · Website')
    expect((await bob.answerTo('/token list')).match(/ci-deploy/g)).toHaveLength(1)

    await bob.approves(bob.card(first))
    await carol.approves(bob.card(first))
    await slack.waitFor(() => applied(bob.card(first)), 'the outcome')
    expect(stack.token(ciDeploy)?.name).toBe('ci-1')

    const second = await alice.asksFor('ci-1', { name: 'ci-2' })
    expect(bob.readsCard(second)).toContain('Rule: site')
    await carol.approves(second)
    await slack.waitFor(() => applied(bob.card(second)), 'the second outcome')
    await bob.says('/token history ci-2')
    const past = (await bob.hears(3)).at(-1)!
    for (const number of ['#1', '#2']) expect(past).toContain(number)
    expect(await isIntact(world)).toBe(true)
  })

  test('taken out, its changes are set aside in words, and nothing of other stacks fails; put back, they go on', async () => {
    const world = await startTwo()
    const { alice, bob, slack, stack, shop, ofShop, restarts, logs, store } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci-1' })
    const why = 'is set aside, because its stack is no longer configured'
    await alice.says('/token show ci-deplo')
    const { id: near } = await alice.modalCalled('pick_page')
    await restarts(ofShop)
    await slack.waitFor(() => bob.readsCard(card).includes(why), 'the card to say so')
    expect(logs.filter((line) => line.includes('are set aside')).map((line) => JSON.parse(line))).toMatchObject([
      { level: 40, stack: 'website', changes: [1], tokens: 3 },
    ])
    expect(bob.readsCard(card)).toContain('It goes on once the stack is configured again')
    expect(buttonsOf(bob.card(card))).toEqual(['Cancel…'])

    expect(await bob.answerTo('/token pending')).toMatch(
      /^Nothing is waiting for approval\.\nSet aside\n#1 Renames ci-deploy to \S+ · Website\. It is set aside/,
    )
    expect(await bob.answerTo('/token 1')).toContain(why)
    expect(await alice.answerTo('/token mine')).toContain(why)
    await alice.press({ id: near }, 'show_token', `${ciDeploy}:website`)
    const aside =
      'This stack is no longer configured, so its tokens and changes are set aside. Nothing was done; ask whoever runs Countersign.'
    await slack.waitFor(() => alice.dms().includes(aside), 'the word to Alice')
    await alice.closeModal()
    const list = await bob.answerTo('/token list')
    expect(list).not.toContain('Website')
    expect(list).toContain('shop-ci-deploy on Shop')
    expect(await bob.answerTo('/token history ci-deploy')).not.toContain('#1')
    expect(await alice.opensHome()).toContain(why)
    expect(await bob.opensHome()).toContain('Nothing is waiting for you.')

    const other = await alice.asksFor('shop-ci-deploy', { name: 'shop-1' })
    await bob.approves(other)
    await slack.waitFor(() => applied(bob.card(other)), 'the outcome on the other stack')
    expect([shop.token(ciDeploy)?.name, stack.token(ciDeploy)?.name]).toEqual(['shop-1', 'ci-deploy'])

    await restarts({}, [ofShop])
    await slack.waitFor(() => bob.readsCard(card).includes('waiting for 1 approval'), 'the card to go on')
    await bob.approves(bob.card(card))
    await slack.waitFor(() => applied(bob.card(card)), 'the outcome')
    expect(stack.token(ciDeploy)?.name).toBe('ci-1')
    expect(logs.filter((line) => /"level":(50|60)/.test(line))).toEqual([])
    expect((await store.get(1)).change.stack).toBe('website')
    expect(await isIntact(world)).toBe(true)
  })

  test('a change that is set aside can be cancelled, and expires in its time', async () => {
    const { alice, bob, slack, ofShop, restarts, passes } = await startTwo()
    const [first, second] = [
      await alice.asksFor('ci-deploy', { name: 'a' }),
      await alice.asksFor('ci-deploy', { name: 'b' }),
    ]
    await restarts(ofShop)
    await slack.waitFor(() => bob.readsCard(second).includes('is set aside'), 'the cards to say so')
    await alice.cancels(bob.card(first))
    await slack.waitFor(() => bob.readsCard(first).includes('was cancelled by'), 'the end of the first')
    passes(8 * 24 * 3600)
    await slack.waitFor(() => bob.readsCard(second).includes('expired'), 'the end of the second')
    expect(bob.thread(second).filter((said) => said.includes('please approve'))).toEqual([])
  })

  test('two stacks that swap their names keep what is theirs', async () => {
    const { alice, bob, slack, stack, shop, ofShop, restarts } = await startTwo()
    const card = await alice.asksFor('ci-deploy', { name: 'ci-1' })
    const other = await alice.asksFor('shop-ci-deploy', { name: 'shop-1' })
    await restarts({ name: 'shop' }, [{ ...ofShop, name: 'website' }])
    for (const each of [card, other]) {
      await bob.approves(bob.card(each))
      await slack.waitFor(() => applied(bob.card(each)), 'the outcome')
    }
    expect([stack.token(ciDeploy)?.name, shop.token(ciDeploy)?.name]).toEqual(['ci-1', 'shop-1'])
    await bob.says('/token list')
    const [list] = await bob.hears()
    expect(list!.match(/ on Website/g)).toHaveLength(3)
    expect(list!.match(/ on Shop/g)).toHaveLength(3)
  })

  test('an approved change is not applied to another stack that was given the name', async () => {
    const { alice, bob, slack, stack, shop, ofShop, restarts, until, store } = await startTwo()
    const card = await alice.asksFor('ci-deploy', { name: 'ci-1' })
    stack.trouble.refuseReads = { status: 401, body: {} }
    await bob.approves(card)
    await until(
      'the interruption',
      async () => (await store.get(1)).change.status === 'approved' && /next try/.test(bob.card(card).text),
    )
    shop.edit(ciDeploy, stack.token(ciDeploy)!)
    await restarts({ ...ofShop, name: 'website' })
    const why = 'is set aside, because it was asked for on another stack that was called "website" before'
    await slack.waitFor(() => bob.readsCard(card).includes(why), 'the card to say so')
    const later = await alice.asksFor('ci-deploy', { description: 'of the other stack' })
    await bob.approves(later)
    await slack.waitFor(() => applied(bob.card(later)), 'the outcome of another change')
    expect(shop.token(ciDeploy)).toMatchObject({ name: 'ci-deploy', description: 'of the other stack' })
    expect(bob.readsCard(card)).toContain(why)
  })
})

function buttonsOf({ blocks }: { blocks: readonly { type: string; [field: string]: unknown }[] }): string[] {
  return blocks.flatMap(({ type, elements }) =>
    type === 'actions' ? (elements as { text: { text: string } }[]).map(({ text }) => text.text) : [],
  )
}

test('a stack whose channel was archived is closed at the next start, says so, and no other stack is', async () => {
  const { alice, slack, logs, ofShop, restarts } = await startTwo()
  const shop = { ...ofShop, channel: 'C0GENERAL' }
  await slack.admin.changeChannel('C0GENERAL', { isArchived: true })
  await restarts({}, [shop])
  const closed = 'The approvals channel C0GENERAL of shop is archived: unarchive it, or choose another.'
  expect(closedIn(logs)).toEqual([[closed]])
  expect(await alice.opensHome()).toContain(`Closed: ${closed.replace('shop', 'Shop')}`)

  await alice.opens('shop-ci-deploy')
  await alice.fillsIn({ reason: 'The pipeline moved', name: 'ci' })
  await alice.submits()
  expect(alice.reads()).toContain('the approvals channel C0GENERAL is archived')
  await alice.closeModal()
  await alice.asksFor('ci-deploy', { name: 'ci' })
})

test('while its channel is archived a change is still decided on, and neither the log nor Home says otherwise', async () => {
  const { alice, bob, slack, logs, passes, until } = await startWorld()
  const card = await alice.asksFor('ci-deploy', { name: 'ci-1' })
  await bob.opensHome()
  const about = (word: string) => logs.map((line) => JSON.parse(line)).filter((line) => word in line)
  await slack.admin.changeChannel('C0APPROVALS', { isArchived: true })
  passes(360)
  const closed = 'The approvals channel C0APPROVALS of website is archived: unarchive it, or choose another.'
  await until('the error', () => about('closed').length > 0)
  expect(about('closed')).toMatchObject([
    { level: 50, closed: [closed], msg: expect.stringMatching(/^No card can be posted .* can still be decided on/) },
  ])
  await until('Home to say so', () => bob.readsHome().includes(`Closed: ${closed.replace('website', 'Website')}`))
  expect(bob.readsHome()).toContain('What already waits can still be decided on, here too.')
  await bob.approves(card)
  await slack.waitFor(() => alice.messages('dm').some(applied), 'the outcome')

  await slack.admin.changeChannel('C0APPROVALS', { isArchived: false })
  passes(360)
  await until('the word that it is over', () => about('open').length > 0)
  expect(about('open')).toMatchObject([{ level: 30, open: ['The approvals channel C0APPROVALS of website'] }])
})

test.each([
  [{ isArchived: true }, 'the approvals channel is archived'],
  [{ appIsMember: false }, 'Countersign is not in the approvals channel'],
])(
  'whoever asked for a change whose card Slack refused is told so, and why, until it has one: %j',
  async (how, why) => {
    const { alice, bob, slack, passes, until } = await startWorld({ transport: 'socket' })
    for (const person of [alice, bob]) await person.opensHome()
    await slack.admin.changeChannel('C0APPROVALS', how)
    await alice.sends('ci-deploy', { name: 'ci-1' })
    const says = `Its card could not be posted (${why}): approvers can decide on it on App Home.`
    await until('the message', () => alice.dms().length > 0)
    expect(alice.dms()[0]).toContain(says)
    await alice.says('/token 1')
    expect((await alice.hears())[0]).toContain(says)
    for (const person of [alice, bob]) await until('Home', () => person.readsHome().includes(`approval. ${says}`))

    await slack.admin.changeChannel('C0APPROVALS', { isArchived: false, appIsMember: true })
    passes(3600)
    await until('the card', () => bob.cards().length === 1)
    await until('Home to say no more of it', () => !bob.readsHome().includes('could not be posted'))
  },
)

test.each([{ isArchived: true }, { appIsMember: false }])(
  'once Slack has refused a card to a channel, nobody else can ask for a change there, and the log says so: %j',
  async (how) => {
    const { alice, mallory, slack, logs, until, audit } = await startWorld({ transport: 'socket' })
    await slack.admin.changeChannel('C0APPROVALS', how)
    await alice.sends('ci-deploy', { name: 'ci-1' })
    await until('the error', () => logs.some((line) => 'closed' in JSON.parse(line)))
    await mallory.opens('preview-reader')
    await mallory.fillsIn({ reason: 'The pipeline moved', name: 'reader' })
    await mallory.submits()
    expect(mallory.reads()).toContain('the approvals channel C0APPROVALS')
    expect(await audit(2)).toEqual([])
  },
)

test('once another channel is configured, an open change is decided on there, and its old card says where unless that was archived', async () => {
  const { alice, bob, slack, stack, store, logs, restarts, until } = await startWorld({ transport: 'socket' })
  const old = await alice.asksFor('ci-deploy', { name: 'ci-1' })
  await slack.admin.changeChannel('C0GENERAL', { appIsMember: true })
  await restarts({ channel: 'C0GENERAL' })
  const anew = () => bob.messages('C0GENERAL').find(({ text }) => text.includes('ci-1'))
  const card = await slack.waitFor(anew, 'the card in the other channel')
  const link = `/archives/C0GENERAL/p${card.ts.replace('.', '')}`
  await slack.waitFor(() => bob.readsCard(old).includes(link), 'the old card to say where')
  expect(bob.readsCard(old)).toMatch(
    /^The card of change #1 to token ci-deploy on Website is now in another channel\.\n\[Open the card\]/,
  )
  expect(buttonsOf(bob.card(old))).toEqual([])
  await bob.approves(card)
  await slack.waitFor(() => applied(anew()!), 'the outcome')
  expect(stack.token(ciDeploy)?.name).toBe('ci-1')
  expect(logs.map((line) => JSON.parse(line)).filter(({ msg }) => msg.includes('Another channel'))).toMatchObject([
    { level: 30, changes: [1] },
  ])

  await alice.sends('ci-1', { name: 'ci-2' })
  const left = await slack.waitFor(
    () => bob.messages('C0GENERAL').find(({ text }) => text.includes('ci-2')),
    'the card of another change',
  )
  await slack.admin.changeChannel('C0GENERAL', { isArchived: true })
  await restarts({})
  const instead = await slack.waitFor(() => bob.cards().find(({ text }) => text.includes('ci-2')), 'its card instead')
  const complaints = () =>
    logs.map((line) => JSON.parse(line)).filter(({ msg }) => msg.includes('in the old channel stays as it is'))
  await until('the word that the old one stays', () => complaints().length > 0)
  await bob.approves(instead)
  await slack.waitFor(() => applied(bob.card(instead)), 'the outcome')
  expect(complaints()).toMatchObject([{ level: 40, change: 2, channel: 'C0GENERAL', ts: left.ts }])
  expect(bob.messages('C0GENERAL').find(({ ts }) => ts === left.ts)).toEqual(left)
  await until('an end of all work', async () => (await store.unfinished(new Date().toISOString())).length === 0)
})

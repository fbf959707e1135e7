import { describe, expect, test } from 'vitest'
import { proposeChange } from '../../src/cli/change/propose.ts'
import { distinct } from '../../src/domain/look-alikes.ts'
import { startWorld, untilGone, type World } from '../support/journey.ts'
import { atTerminalOf } from '../support/terminal.ts'

const ciDeploy = 'blt5c1de0000000a001'
const preview = 'blt5c1de0000000a002'

/** Every stack reports an edit in its own way, or not at all. */
const stacks = [
  ['tells when a token was edited, and shows it in its answer', { times: true, updateAnswer: 'token' }],
  ['tells when a token was edited, and answers with a notice', { times: true, updateAnswer: 'notice' }],
  ['does not tell when a token was edited, but shows it in its answer', { times: false, updateAnswer: 'token' }],
  ['tells nothing but that it took an update', { times: false, updateAnswer: 'notice' }],
] as const

/** Two that have neither way in common: each case is tried with both ways of both. */
const [thisAndThat, theOtherTwo] = [
  [stacks[0], stacks[3]],
  [stacks[1], stacks[2]],
] as const

type Behaviour = (typeof stacks)[number][1]

function start(behaviour: Behaviour) {
  return startWorld({ transport: 'socket', stack: { behaviour }, timing: { write_timeout: 1, lease: 5, arrival: 900 } })
}

/** Alice asks for another name and description; Bob approves. */
async function approved(world: World, wanted = { name: 'ci', description: 'New' }) {
  const { alice, bob } = world
  const card = await alice.asksFor('ci-deploy', wanted)
  await bob.approves(card)
  const says = (text: string | RegExp) =>
    world.slack.waitFor(() => new RegExp(text).exec(world.bob.readsCard(card))?.[0], String(text))
  return { card, says }
}

/**
 * Waits until the log has the result of the update: a lease that is really short runs out too soon on a busy machine.
 */
async function leaseIsOver(world: World): Promise<void> {
  await world.until('what came of the update', async () => (await world.audit(1)).includes('app write_answered'))
  world.passes(6)
}

/** Cancelled after its update was sent and not answered; the update may still arrive. */
async function lostAndCancelled(behaviour: Behaviour) {
  const world = await start(behaviour)
  world.stack.trouble.updates = 'arrives late'
  const { card, says } = await approved(world)
  await leaseIsOver(world)
  await says('not applied yet.*an update may have been sent .* and could arrive until')
  world.stack.trouble.updates = 'ok'
  await world.alice.cancels(card)
  await says('was cancelled .*; an update may have been sent .* and could arrive until')
  return { world, card, says }
}

async function outsideEdits({ store }: World) {
  return (await store.events()).flatMap(({ event }) => (event.type === 'outside_edit' ? [event] : []))
}

describe.each(thisAndThat)('looks at a stack that %s', (_, behaviour) => {
  test('an update that was taken is applied, though later looks still show the old state', async () => {
    const world = await start(behaviour)
    world.stack.hooks.afterTaking = () => void Object.assign(world.stack.trouble, { staleReads: 3 })
    const { says } = await approved(world)
    await says('was applied')
    expect(world.stack.takenUpdates()).toBe(1)
    expect(world.stack.trouble.staleReads).toBe(0)
    expect(await outsideEdits(world)).toEqual([])
  })

  test('an update that was taken is reported as taken and not seen yet, while every look is behind', async () => {
    const world = await start(behaviour)
    world.stack.hooks.afterTaking = () => void Object.assign(world.stack.trouble, { lagMs: 3_600_000 })
    const { says } = await approved(world)
    await leaseIsOver(world)
    await says('not seen on the token yet; the stack said that it took the update')
    world.stack.trouble.lagMs = 0
    world.passes(400)
    await says('was applied')
    expect(world.stack.takenUpdates()).toBe(1)
  })

  test('an update that was taken and that no look shows in time is not reported as kept out, and is reported once it is seen', async () => {
    const world = await start(behaviour)
    const { alice, bob, slack, stack } = world
    stack.hooks.afterTaking = () => void Object.assign(stack.trouble, { lagMs: 3_600_000 })
    const { card, says } = await approved(world)
    await says('the stack said that it took the update')
    const isSaid = (text: RegExp) => text.test(bob.readsCard(card)) || world.passes(301)
    await world.until('the end', () => isSaid(/(failed|was applied) /))
    await says('no look ha[sd]')
    expect(bob.readsCard(card)).not.toContain('kept the old')
    stack.trouble.lagMs = 0
    await world.until('the look', () => isSaid(/and a look showed what it asked for/))
    await slack.waitFor(() => alice.dms().some((dm) => dm.includes('a look showed what it asked for')), 'the DM')
    expect(stack.takenUpdates()).toBe(1)
  })

  test('a look from before the last change does not undo that change, and stops no waiting change', async () => {
    const world = await start(behaviour)
    const { stack, alice, bob, slack } = world
    const first = await approved(world)
    await first.says('was applied')
    const card = await alice.asksFor('preview-reader', { name: 'preview' })
    const second = await alice.asksFor('ci', { name: 'ci-2' })
    stack.trouble.staleReads = 1
    await bob.approves(second)
    await slack.waitFor(() => /not applied yet|was applied/.test(bob.readsCard(second)), 'the second to be tried')
    world.passes(11)
    await slack.waitFor(() => /was applied/.test(bob.readsCard(second)), 'the second')
    expect(stack.token(ciDeploy)).toMatchObject({ name: 'ci-2', description: 'New' })
    expect(bob.readsCard(card)).toContain('is waiting for')
    expect(await outsideEdits(world)).toEqual([])
  })

  test('a list from before the last change is not taken for an edit made elsewhere', async () => {
    const world = await start(behaviour)
    const { says } = await approved(world)
    await says('was applied')
    const waiting = await world.alice.asksFor('ci', { name: 'ci-2' })
    world.stack.trouble.staleReads = 1
    world.passes(61)
    await world.until('a list that is behind', () => world.stack.trouble.staleReads === 0)
    const lists = () => world.stack.requests.filter(({ path }) => path.endsWith('management_tokens')).length
    const before = lists()
    await world.until('another list', () => lists() > before || world.passes(61))
    expect(await outsideEdits(world)).toEqual([])
    expect(world.bob.readsCard(waiting)).toContain('is waiting for')
  })
})

describe.each(theOtherTwo)('beside a stack that %s', (_, behaviour) => {
  test('an update that was taken, and refused when it was sent again on the way, is not reported as not written', async () => {
    const world = await start(behaviour)
    world.stack.trouble.updates = 'take, then refuse'
    const { says } = await approved(world)
    await says(
      'the token was already set this way; what is known of the update sent .*: the stack refused: name is not unique',
    )
    expect(world.stack.takenUpdates()).toBe(1)
    expect(JSON.stringify(await world.audit(1))).not.toContain('apply_refused')
  })

  test('an edit by hand right after an update was taken is reported beside what was written', async () => {
    const world = await start(behaviour)
    world.stack.hooks.afterTaking = () => world.stack.edit(ciDeploy, { is_email_notification_enabled: false })
    const { says } = await approved(world)
    await says('was applied .*; more of the token was changed in the meantime')
    expect(world.bob.readsCard(world.bob.cards()[0]!)).toContain('E-mail 7 days before expiry: no instead of yes')
    expect(await outsideEdits(world)).toMatchObject([
      { before: { name: 'ci' }, after: { name: 'ci', emailNotice: false } },
    ])
  })

  test('a value that the stack writes in its own form is applied, and named if it differs', async () => {
    const world = await start(behaviour)
    Object.assign(world.stack.behaviour, { text: 'trimmed', expiry: 'end of day', scope: 'sorted' })
    const { says } = await approved(world, { name: 'ci  deploy 2', description: 'New' })
    await says('was applied .*, but the stack keeps some of it differently')
    expect(world.bob.readsCard(world.bob.cards()[0]!)).toMatch(/Name: ci deploy 2 instead of ci⟨2 spaces⟩deploy 2/)
    expect(await outsideEdits(world)).toEqual([])
  })

  const asked = 'CI “Deploy” & Release, for all nights'
  test.each([
    ['lower case', 'ci “deploy” & release, for all nights'],
    ['cut short', 'CI “Deploy” & Release, for all ni'.slice(0, 32)],
    ['straight quotes', 'CI "Deploy" & Release, for all nights'],
  ] as const)('a name that the stack stores in its own form (%s) is applied, and named', async (text, kept) => {
    const world = await start(behaviour)
    world.stack.behaviour.text = text
    const { says } = await approved(world, { name: asked, description: '' })
    await says('was applied .*, but the stack keeps some of it differently')
    expect(world.stack.token(ciDeploy)).toMatchObject({ name: kept })
    expect(world.bob.readsCard(world.bob.cards()[0]!)).toContain(
      `Name: ${distinct(kept)} instead of ${distinct(asked)}`,
    )
    expect(await outsideEdits(world)).toEqual([])
  })

  test('a change that is cancelled after its update was lost says that it may still arrive, and later that it did', async () => {
    const { world, says } = await lostAndCancelled(behaviour)
    const { alice, stack } = world
    stack.letArrive()
    world.passes(61)
    await says('was cancelled .*; an update may have been sent .*, and a look showed what it asked for')
    await world.slack.waitFor(() => alice.dms().some((dm) => dm.includes('a look showed what it asked for')), 'the DM')
    expect(await outsideEdits(world)).toEqual([])
    expect(stack.token(ciDeploy)).toMatchObject({ name: 'ci' })
  })

  test('while an update may still arrive, nothing else is written to its token', async () => {
    const { world, card } = await lostAndCancelled(behaviour)
    const { alice, bob, stack, slack } = world
    await alice.checks('ci-deploy', { description: 'Other' })
    const awaited = /An update of change #1 could still arrive until .*\. Until then, no other change is written/
    expect(alice.reads()).toMatch(awaited)
    const proposal = { token: 'website/ci-deploy', as: alice.id, reason: 'Why', description: 'Other', dryRun: true }
    const { out } = await atTerminalOf(world.env, (around) => proposeChange(proposal, around))
    expect(out).toMatch(awaited)
    await alice.submits()
    const second = await slack.waitFor(
      () => bob.cards().find(({ text }) => text.includes('Change #2 ')),
      'the second card',
    )
    await bob.approves(second)
    await slack.waitFor(
      () => bob.readsCard(second).includes('an update of change #1 may have been sent to this token'),
      'the wait',
    )
    stack.letArrive()
    world.passes(61)
    await slack.waitFor(
      () => /was cancelled .* a look showed what it asked for/.test(bob.readsCard(card)),
      'the arrival',
    )
    world.passes(900)
    await slack.waitFor(
      () => /was stopped .*: the token had been changed as #1 asked/.test(bob.readsCard(second)),
      'the stop',
    )
    expect(stack.token(ciDeploy)).toMatchObject({ name: 'ci', description: 'New' })
  })
})

test('an update whose stack goes down before a look could show the outcome says so, why, and when it is looked at again', async () => {
  const world = await start(stacks[0][1])
  const { alice, bob, slack, stack } = world
  stack.trouble.updates = 'take, then 500'
  stack.hooks.afterTaking = () => void Object.assign(stack.trouble, { down: true })
  const { card, says } = await approved(world)
  const stands = /approved and not seen on the token yet; an update was sent .*; it is looked at again .*:\d\d UTC\./
  await says(stands.source)
  expect(bob.readsCard(card)).toMatch(
    /It can't be cancelled until a look .*\nWhy the outcome of the update is not known yet:\n.*status 500/,
  )
  await leaseIsOver(world)
  await says('Service unavailable')
  await says(stands.source)
  expect(bob.readsCard(card)).toMatch(
    /It can't be cancelled until a look .*\nWhy the outcome of the update is not known yet:\n.*Service unavailable \(status 503/,
  )
  expect(bob.readsCard(card)).not.toMatch(/being applied now|on its way/)
  expect(await alice.opensHome()).toMatch(stands)
  await alice.says('/token 1')
  expect((await alice.hears())[0]).toMatch(stands)
  const fell = bob.readsCard(card)
  world.passes(4800)
  await slack.waitFor(() => bob.readsCard(card) !== fell && stands.test(bob.readsCard(card)), 'the next look')

  Object.assign(stack.trouble, { down: false, updates: 'ok' })
  world.passes(301)
  await says('was applied')
  expect(stack.takenUpdates()).toBe(1)
})

describe('a name that the stack stores in an unexpected form', () => {
  const asked = { name: 'Ship & run' }

  test.each([stacks[0], stacks[2]])('is applied, and named, beside one that %s', async (_, behaviour) => {
    const world = await start(behaviour)
    world.stack.behaviour.text = 'escaped'
    const card = await world.alice.asksFor('ci-deploy', asked)
    await world.bob.approves(card)
    await world.slack.waitFor(
      () =>
        /was applied .*(keeps some of it differently|some of it is not as asked for)/.test(world.bob.readsCard(card)),
      'the end',
    )
    expect(world.bob.readsCard(card)).toContain('Name: Ship &amp; run instead of Ship & run')
    expect(await outsideEdits(world)).toEqual([])
  })

  const untold = [
    [...stacks[1], ''],
    [...stacks[3], ', or the stack showed it as it was earlier'],
  ] as const
  test.each(untold)(
    'stops the change, in words that leave open whose doing it was, beside one that %s',
    async (_, behaviour, earlier) => {
      const world = await start(behaviour)
      world.stack.behaviour.text = 'escaped'
      const card = await world.alice.asksFor('ci-deploy', asked)
      await world.bob.approves(card)
      await leaseIsOver(world)
      await world.slack.waitFor(() => world.bob.readsCard(card).includes('not seen on the token yet'), 'the wait')
      world.passes(901)
      await world.slack.waitFor(() => world.bob.readsCard(card).includes('was stopped'), 'the end')
      expect(world.bob.readsCard(card)).toContain(
        `the token had been changed elsewhere, or the stack took what was sent only in part or in its own way${earlier}; the stack said that it took the update`,
      )
    },
  )
})

describe('something that is not a stack, or not all of it, is not believed', () => {
  const kind = stacks[0][1]
  const notFound = { message: 'Not Found' }

  const noSuchToken = { status: 404, body: { error_message: 'No such token.', error_code: 141 } }

  test.each<[string, { status: number; body: unknown }, number?]>([
    ['a 404 of a gateway', { status: 404, body: notFound }],
    ['a 422 of another service', { status: 422, body: notFound }],
    ['a page with status 200', { status: 200, body: '<html>Log in</html>' }],
    ['half an answer', { status: 200, body: '{"token":{"uid":"blt5c1de' }],
    ['another token', { status: 200, body: { token: { uid: preview, name: 'preview-reader', scope: [] } } }],
    ['another service’s answer', { status: 200, body: { hello: 'world' } }],
    ['a 404 in the stack’s own words, for a token that it lists', noSuchToken],
    ['a 404 in the stack’s own words, and a list without any token', noSuchToken, 1],
  ])('%s on the look before writing is an interruption', async (_, answer, shortLists = 0) => {
    const world = await start(kind)
    const card = await world.alice.asksFor('ci-deploy', { name: 'ci' })
    Object.assign(world.stack.trouble, { nextReads: [answer], shortLists })
    await world.bob.approves(card)
    await world.slack.waitFor(() => world.bob.readsCard(card).includes('not applied yet'), 'the interruption')
    expect(world.stack.takenUpdates()).toBe(0)
    expect(world.bob.readsCard(card)).not.toContain('Choose another token')
    world.passes(11)
    await world.slack.waitFor(() => world.bob.readsCard(card).includes('was applied'), 'the outcome')
  })

  test('a list without any token loses none of them, nor an edit made at that moment', async () => {
    const world = await start(kind)
    const card = await world.alice.asksFor('ci-deploy', { name: 'ci' })
    world.stack.trouble.shortLists = 1
    world.stack.edit(preview, { description: 'by hand' })
    world.passes(61)
    await world.until('the edit', async () => (await outsideEdits(world)).length === 1)
    expect(await outsideEdits(world)).toMatchObject([{ tokenUid: preview, after: { description: 'by hand' } }])
    expect((await world.store.knownTokens()).map(({ uid }) => uid)).toContain(ciDeploy)
    expect(world.bob.readsCard(card)).toContain('is waiting for')
  })

  test('a list from before the last change is not taken for an edit, though the clock is set forward by an hour meanwhile', async () => {
    const world = await start(kind)
    const { says } = await approved(world)
    await says('was applied')
    const waiting = await world.alice.asksFor('ci', { name: 'ci-2' })
    world.stack.trouble.staleReads = 1
    world.clockIsSet(3600)
    await world.until('a list that is behind', () => world.stack.trouble.staleReads === 0)
    await world.alice.says('/token list')
    await world.alice.hears()
    expect(await outsideEdits(world)).toEqual([])
    expect(world.bob.readsCard(waiting)).toContain('is waiting for')
  })

  test('a token that is gone is forgotten once the stack has said so itself for a quarter of an hour', async () => {
    const world = await start(kind)
    await world.alice.asksFor('ci-deploy', { name: 'ci' })
    world.stack.remove(preview)
    await untilGone(world, preview, async () => (await world.store.knownTokens()).every(({ uid }) => uid !== preview))
  })

  test('a normal apply is two looks and one update', async () => {
    const world = await start(kind)
    const card = await world.alice.asksFor('ci-deploy', { name: 'ci' })
    world.stack.clear()
    await world.bob.approves(card)
    await world.slack.waitFor(() => world.bob.readsCard(card).includes('was applied'), 'the outcome')
    expect(world.stack.requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET'])
  })
})

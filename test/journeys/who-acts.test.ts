import { describe, expect, test } from 'vitest'
import { demoPolicy } from '../../src/cli/demo/workspace.ts'
import { startWorld, type World } from '../support/journey.ts'

const ciDeploy = 'blt5c1de0000000a001'

const outsiders = [
  ['U0GUS', 'guests may not use Countersign'],
  ['U0SAM', 'people from other workspaces may not use Countersign'],
  ['U0LEFT', 'deactivated members may not use Countersign'],
  ['U0ROBOT', 'bots may not use Countersign'],
] as const

describe('who acts', () => {
  test.each(outsiders)('%s is refused whatever they press on a card: %s', async (id, why) => {
    const { alice, person, stack, store } = await startWorld({ config: { policy: demoPolicy } })
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    const outsider = person(id)
    const buttons = ['approve', 'approve_with_comment', 'reject', 'claim', 'amend', 'nudge', 'cancel']
    for (const button of buttons) await outsider.presses(card, button)
    const words = `This is not for you: ${why}. Nothing was done.`
    expect(await outsider.hears(buttons.length)).toEqual(buttons.map(() => words))
    expect(outsider.modal()).toBeUndefined()

    const refused = (await store.events()).filter(({ event }) => event.type === 'refused')
    expect(refused.map(({ actor, event }) => event.type === 'refused' && [actor, event.attempted])).toEqual(
      buttons.map((button) => [id, `${button} 1:1`]),
    )
    expect((await store.get(1)).change.status).toBe('pending')
    expect(stack.takenUpdates()).toBe(0)
  })

  test.each(outsiders.filter(([id]) => id !== 'U0SAM'))(
    '%s gets no form by a command or a shortcut',
    async (id, why) => {
      const { person, audit } = await startWorld()
      const outsider = person(id)
      await outsider.says('/token edit ci-deploy')
      expect(await outsider.hears()).toEqual([`This is not for you: ${why}. Nothing was done.`])
      await outsider.shortcut('edit_token')
      expect(outsider.modal()).toBeUndefined()
      expect(await audit()).toEqual(['app started', `${id} refused`, `${id} refused`])
    },
  )

  test('a refusal that Slack does not deliver is still acked and recorded, and is not an error', async () => {
    const { person, slack, audit, logs, until } = await startWorld()
    slack.trouble.fail['chat.postMessage'] = 'user_disabled'
    await person('U0LEFT').shortcut('edit_token')
    const about = () => logs.filter((line) => line.includes('U0LEFT'))
    await until('the log to say so', () => about().length > 0)
    expect(about().map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 30,
        msg: 'What U0LEFT did (edit_token) was refused, so nothing was done, but they could not be told (user_disabled).',
      }),
    ])
    expect(about()[0]).not.toContain('stack')
    expect(logs.filter((line) => JSON.parse(line).level > 40)).toEqual([])
    expect(slack.deliveries.map(({ outcome }) => outcome)).toEqual(['acked'])
    expect(await audit()).toEqual(['app started', 'U0LEFT refused'])
  })

  test.each(outsiders)('%s sees a closed Home, and gets nothing by what an older one offered: %s', async (id, why) => {
    const { alice, mallory, person, slack, audit } = await startWorld()
    await alice.asksFor('ci-deploy', { name: 'ci' })
    expect(await person(id).opensHome()).toBe(`This is not for you: ${why}. Nothing was done.`)
    expect(JSON.stringify(person(id).home())).not.toContain('action_id')

    await mallory.opensHome()
    await slack.admin.changePerson(mallory.id, { deleted: true })
    await mallory.press('home', 'edit_a_token')
    expect(mallory.modal()).toBeUndefined()
    expect((await audit()).at(-1)).toBe('U0MALLORY refused')
  })

  test('an open form is worth nothing once its person has left', async () => {
    const { alice, bob, slack } = await startWorld()
    await alice.says('/token')
    const picker = await alice.modalCalled('pick_form')
    expect(await alice.suggest(picker, 'pick_token', 'ci')).toHaveLength(1)
    await alice.closeModal()
    await alice.checks('ci-deploy', { name: 'ci' })
    await slack.admin.changePerson(alice.id, { deleted: true })
    await alice.submits()
    expect(alice.reads()).toContain('deactivated members may not use Countersign')
    expect(bob.cards()).toEqual([])
  })

  test('nothing is offered to somebody who became a guest while choosing', async () => {
    const { alice, slack } = await startWorld()
    await alice.says('/token')
    const picker = await alice.modalCalled('pick_form')
    await slack.admin.changePerson(alice.id, { isRestricted: true })
    expect(await alice.suggest(picker, 'pick_token', 'ci')).toEqual([])
  })

  test.each([
    {
      what: 'the company',
      leaves: ({ slack }: World) => slack.admin.changePerson('U0BOB', { deleted: true }),
      why: 'deactivated members may not use Countersign',
    },
    {
      what: 'the group',
      leaves: ({ slack }: World) => slack.admin.changeUserGroup('S0OWNERS', { users: ['U0CAROL'] }),
      why: 'only the people its rule names may decide on it',
    },
  ])(
    'an approver who leaves $what before it is applied no longer counts, and the card says why',
    async ({ leaves, why }) => {
      const world = await startWorld({ config: { policy: demoPolicy } })
      const { alice, bob, carol, slack, stack, passes, audit } = world
      stack.trouble.refuse = { status: 429, body: { error_message: 'Too many requests', error_code: 429 } }
      const card = await alice.asksFor('ci-deploy', { name: 'ci' })
      await bob.approves(card)
      await slack.waitFor(() => bob.readsCard(card).includes('too many requests'), 'the apply to be put off')
      await leaves(world)
      stack.trouble.refuse = null
      passes(11)
      await slack.waitFor(() => carol.readsCard(card).includes('no longer enough'), 'the card to say so')
      expect(carol.readsCard(card)).toMatch(/Approved by @U0BOB .* \(no longer counts: .*\)/)
      expect(carol.readsCard(card)).toContain(`(no longer counts: ${why})`)
      expect(carol.readsCard(card)).toContain('1 more must approve under the current policy')
      expect(stack.takenUpdates()).toBe(0)
      expect((await audit(1)).at(-1)).toBe('app quorum_lost')

      await carol.approves(carol.card(card))
      await slack.waitFor(() => /was applied/.test(carol.card(card).text), 'the outcome')
      expect(stack.token(ciDeploy)?.name).toBe('ci')
    },
  )

  test('a change that nobody could take over, since both people named have to approve it, is rejected instead', async () => {
    const rules = [{ name: 'both', approvers: ['U0BOB', 'U0CAROL'], quorum: 2 }]
    const { alice, bob, slack, audit } = await startWorld({ config: { policy: { rules } } })
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await slack.admin.changePerson(alice.id, { deleted: true })
    await slack.waitFor(() => bob.readsCard(card).includes('Nobody can take it over'), 'the card to say so')
    await slack.waitFor(() => bob.thread(card).length > 0, 'the word to the approvers')
    expect(bob.thread(card)[0]).toContain('@U0BOB, @U0CAROL: please reject or cancel it on the card.')
    const home = await bob.opensHome()
    expect(home).toContain('It is waiting to be rejected or cancelled.')
    for (const shown of [home, bob.readsCard(card)]) expect(shown).not.toContain('Take over')
    await bob.rejects(bob.card(card), 'Nobody asks for it any more')
    await slack.waitFor(() => bob.readsCard(card).includes('was rejected by'), 'the end')
    expect((await audit(1)).at(-1)).toBe('U0BOB rejected')
  })

  test('a change stops if its requester leaves before it is applied, is taken over in its card, and is applied', async () => {
    const { alice, bob, carol, slack, stack, audit } = await startWorld({ config: { policy: demoPolicy } })
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await slack.admin.changePerson(alice.id, { deleted: true })
    await slack.waitFor(() => bob.readsCard(card).includes('waiting to be taken over'), 'the card to say so')
    expect(bob.readsCard(card)).toContain(
      '@U0ALICE asked for this change, and may no longer ask for it: deactivated members may not use Countersign.',
    )
    await slack.waitFor(() => bob.thread(card).length > 0, 'the word to the approvers')
    expect(bob.thread(card)[0]).toContain('please take over or cancel it on the card.')
    await bob.presses(card, 'approve')
    expect((await bob.hears())[0]).toContain(
      "Change #1 can't be approved now: somebody who asks for it may no longer do so",
    )

    await bob.presses(bob.card(card), 'take_over')
    await bob.modalCalled('take_over_form')
    expect(bob.reads()).toContain(
      'Change #1 to token ci-deploy on Website will be asked for in your name, instead of that of @U0ALICE.\n' +
        'After that you can no longer approve or reject it',
    )
    expect(bob.readsCard(card)).toContain('waiting to be taken over')
    await bob.submits()
    await slack.waitFor(() => bob.readsCard(card).includes('Taken over from @U0ALICE by @U0BOB'), 'the new revision')
    await bob.approves(bob.card(card))
    expect((await bob.hears(2))[1]).toContain('whoever asks for a change may not decide on it')
    expect(stack.takenUpdates()).toBe(0)
    await carol.approves(carol.card(card))
    await slack.waitFor(() => /was applied/.test(carol.card(card).text), 'the outcome')
    await slack.waitFor(() => bob.dms().some((dm) => dm.includes('Your change #1')), 'the word to its requester')
    expect((await audit(1)).filter((entry) => !entry.includes('refused'))).toEqual([
      ...['U0ALICE proposed', 'app askers_barred', 'app reminded', 'U0BOB taken_over'],
      ...['U0CAROL approved', 'app apply_started', 'app write_answered', 'app applied'],
    ])
  })

  test('a change of somebody who leaves can be cancelled by an approver', async () => {
    const { alice, bob, slack, store } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await slack.admin.changePerson(alice.id, { isRestricted: true })
    await slack.waitFor(() => bob.readsCard(card).includes('waiting to be taken over'), 'the card to say so')
    await bob.cancels(bob.card(card))
    await slack.waitFor(() => bob.readsCard(card).includes('was cancelled by @U0BOB'), 'the card to say so')
    expect((await store.get(1)).change.status).toBe('cancelled')
  })

  test('the requester is told how somebody else changed it, and reads who gave the reason', async () => {
    const { alice, bob, carol, slack } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.amends(card, { name: 'ci-next', reason: 'A better name' })
    await slack.waitFor(() => alice.dms().some((dm) => dm.startsWith('@U0BOB edited your change #1')), 'the word')
    const told = alice.dms().at(-1)!
    expect(told).toContain('Name: ci → ci-next')
    expect(told).toContain('The reason, by @U0BOB:\nA better name\nIt was:\nThe pipeline moved')
    await slack.waitFor(() => carol.readsCard(card).includes('Reason, given by @U0BOB\nA better name'), 'the card')
    await carol.presses(carol.card(card), 'approve_with_comment')
    await carol.modalCalled('approve_form')
    expect(carol.reads()).toContain('Reason, given by @U0BOB')
  })

  test('in an organisation, an approver from another workspace decides, if they are in ours', async () => {
    const { alice, bob, carol, slack } = await startWorld({ enterpriseId: 'E0SANDBOX' })
    await slack.admin.changePerson(bob.id, { teamId: 'T0ELSEWHERE', teams: ['T0ELSEWHERE'] })
    await slack.admin.changePerson(carol.id, { teamId: 'T0ELSEWHERE', teams: ['T0SANDBOX', 'T0ELSEWHERE'] })
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.approves(card)
    expect((await bob.hears())[0]).toContain('people from other workspaces may not use Countersign')
    await carol.approves(card)
    await slack.waitFor(() => /was applied/.test(alice.card(card).text), 'the outcome')
  })

  test('in an organisation, both ids of a person count as one: they neither approve their own changes, nor twice', async () => {
    const config = { approvers: ['U0ALICE', 'U0BOB', 'U0CAROL'], approvals: 2 }
    const { alice, bob, carol, slack, stack, store } = await startWorld({
      ...{ enterpriseId: 'E0SANDBOX', config },
    })
    for (const { id } of [alice, bob, carol]) await slack.admin.changePerson(id, { globalId: id.replace('U', 'W') })
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await slack.admin.changePerson(alice.id, { goesByGlobalId: true })
    await alice.approves(card)
    expect((await alice.hears())[0]).toContain('whoever asks for a change may not decide on it')

    await bob.approves(card)
    await slack.admin.changePerson(bob.id, { goesByGlobalId: true })
    await bob.approves(card)
    expect((await bob.hears())[0]).toContain('You have approved change #1 already')
    expect([(await store.get(1)).change.status, stack.takenUpdates()]).toEqual(['pending', 0])
    await carol.approves(card)
    await slack.waitFor(() => /was applied/.test(alice.card(card).text), 'the outcome')
    await slack.waitFor(() => alice.dms().some((dm) => dm.includes('was applied')), 'the word to Alice')
  })

  test('somebody who joins the deciding group may decide at once, and somebody who leaves it may not', async () => {
    const { alice, bob, mallory, slack, stack } = await startWorld({ config: { policy: demoPolicy } })
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await mallory.approves(card)
    expect((await mallory.hears())[0]).toContain('only the people its rule names may decide on it')
    await slack.admin.changeUserGroup('S0OWNERS', { users: ['U0CAROL', 'U0MALLORY'] })
    await bob.approves(card)
    expect((await bob.hears())[0]).toContain('only the people its rule names may decide on it')
    expect(stack.takenUpdates()).toBe(0)
    await mallory.approves(card)
    await slack.waitFor(() => /was applied/.test(alice.card(card).text), 'the outcome')
  })
})

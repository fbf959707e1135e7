import { describe, expect, test } from 'vitest'
import { reading } from '../slack/kit/drawn.ts'
import { startWorld, type World } from '../support/journey.ts'
import { outsideEdit } from '../support/many.ts'
import type { Person } from '../support/person.ts'

const uid = 'blt5c1de0000000a001'

/** The text of App Home once it says this, without opening it again. */
function homeSays({ slack }: World, person: Person, said: string | RegExp): Promise<string> {
  return slack.waitFor(() => {
    const text = reading(person.home()?.blocks ?? [])
    return (typeof said === 'string' ? text.includes(said) : said.test(text)) && text
  }, `Home of ${person.id} to say ${said}`)
}

describe('App Home', () => {
  test('it shows everyone what waits for them, what they asked for, and the outcome', async () => {
    const { alice, bob, carol, slack } = await startWorld({ config: { approvals: 2 } })
    const empty = await alice.opensHome()
    expect(empty).toContain('Edit a token')
    expect(empty).toContain('Nothing is waiting for you.')
    expect(empty).toContain('You have no open changes.')
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    const link = `[Open the card](${slack.url}/archives/C0APPROVALS/p${card.ts.replace('.', '')})`
    const line = (state: string) => `#1 Renames ci-deploy to ci · Website. It is waiting for ${state}. ${link}`
    expect(await alice.opensHome()).toContain(`Yours\n${line('2 approvals')}`)
    expect(await bob.opensHome()).toContain(`Needs you\n${line('2 approvals')}\nNeutral: `)

    await bob.approves(card)
    expect(await bob.opensHome()).toContain('Nothing is waiting for you.')
    expect(await carol.opensHome()).toContain(`Needs you\n${line('1 more approval')}`)

    await alice.cancels(card)
    for (const person of [alice, carol]) {
      const home = await person.opensHome()
      expect(home).not.toContain('#1 Renames ci-deploy')
      expect(home).toMatch(/Recently changed\n[\s\S]*#1[\s\S]*@U0ALICE\n@U0BOB\nCancelled by @U0ALICE\n/)
    }
  })

  test('the report is for approvers, and says what came of changes', async () => {
    const { alice, bob, mallory, until, audit } = await startWorld()
    await bob.rejects(await alice.asksFor('ci-deploy', { name: 'ci' }), 'Not now')
    const before = (await audit()).length
    for (const person of [bob, mallory]) {
      await person.opensHome()
      await person.pressesHome('report')
      await person.modalCalled('report')
    }
    await until('the report', () => bob.reads().includes('1 asked for: 1 rejected'))
    expect(bob.reads()).toContain('Website, approvers\n1 asked for: 1 rejected\nFirst decision: half within ')
    await until('the refusal', () => mallory.reads().startsWith('Only approvers can see the report'))
    await bob.press({ id: bob.modal()!.id }, 'report_30')
    await until('the other report', () => bob.reads().includes('1 asked for: 1 rejected'))
    expect(await audit()).toHaveLength(before)
  })

  test('people who may not decide see that nothing waits for them', async () => {
    const { alice, mallory } = await startWorld()
    await alice.asksFor('ci-deploy', { name: 'ci' })
    expect(await mallory.opensHome()).not.toContain('#1')
  })

  test('a change is approved from there, and every open Home follows by itself', async () => {
    const world = await startWorld()
    const { alice, bob, carol, dave, stack, slack } = world
    for (const person of [alice, bob, carol, dave]) await person.opensHome()
    await alice.asksFor('ci-deploy', { name: 'ci' })
    await homeSays(world, alice, 'Yours\n#1')
    await homeSays(world, bob, 'Needs you\n#1')
    await homeSays(world, carol, 'Needs you\n#1')

    await bob.pressesHome('approve_with_comment', '1:1')
    await bob.modalCalled('approve_form')
    expect(bob.reads()).toContain('What will be written\nName: ci-deploy → ci')
    await bob.submits()
    for (const person of [alice, bob, carol, dave]) await homeSays(world, person, '@U0ALICE\n@U0BOB\nApplied')
    expect(stack.token(uid)?.name).toBe('ci')
    expect(reading(carol.home()?.blocks)).toContain('Nothing is waiting for you.')
    expect(slack.calls.filter(({ status }) => status !== 200)).toEqual([])
  })

  test('a change is rejected and edited from there in the same forms as on its card', async () => {
    const world = await startWorld()
    const { alice, bob } = world
    await alice.opensHome()
    await bob.opensHome()
    await alice.asksFor('ci-deploy', { name: 'ci' })
    await homeSays(world, alice, 'Yours\n#1')
    await alice.pressesHome('amend', '1:1')
    await alice.modalCalled('edit_form')
    await alice.fillsIn({ name: 'ci-2' })
    await alice.submits()
    await alice.modalCalled('preview')
    await alice.submits()
    await world.slack.waitFor(() => JSON.stringify(bob.home()).includes('"1:2:'), 'the new revision')
    await bob.pressesHome('reject', '1:2')
    await bob.modalCalled('reject_form')
    await bob.fill('rejection', 'rejection', 'Not now')
    await bob.submits()
    await homeSays(world, alice, 'Rejected by @U0BOB')
  })

  test('somebody who presses something that is gone is told so in a direct message', async () => {
    const world = await startWorld()
    const { alice, bob, carol, store } = world
    await carol.opensHome()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await homeSays(world, carol, 'Needs you\n#1')
    world.slack.trouble.fail['views.publish'] = 'internal_error'
    await bob.approves(card)
    await world.until('the end', async () => (await store.get(1)).change.status === 'applied')
    await carol.pressesHome('approve_with_comment', '1:1')
    const told = await world.slack.waitFor(() => carol.dms()[0], 'the word to Carol')
    expect(told).toContain("can't approve change #1 now")
    expect(await world.audit(1)).toContain('U0CAROL refused')
  })

  test('it follows when Slack reports a change of a person or a group', async () => {
    const world = await startWorld({ config: { approvers: ['S0OWNERS'] } })
    const { alice, bob, mallory, slack } = world
    for (const person of [bob, mallory]) await person.opensHome()
    await alice.asksFor('ci-deploy', { name: 'ci' })
    await homeSays(world, bob, 'Needs you\n#1')
    await slack.admin.changeUserGroup('S0OWNERS', { users: ['U0CAROL', mallory.id] })
    await homeSays(world, bob, 'Nothing is waiting for you.')
    await homeSays(world, mallory, 'Needs you\n#1')
    await slack.admin.changePerson(mallory.id, { isRestricted: true })
    expect(await homeSays(world, mallory, 'guests may not')).not.toContain('ci-deploy')
  })

  test('a token that expires soon leads to its form', async () => {
    const soon = new Date(Date.now() + 9 * 24 * 3_600_000).toISOString().slice(0, 10)
    const world = await startWorld({ stack: { tokens: [{ uid, name: 'ci', expires_on: soon }] } })
    const { alice } = world
    expect(await alice.opensHome()).toContain(`Expiring soon\nci · Website · expires ${soon}\nEdit`)
    await alice.pressesHome('edit_this_token', `${uid}:website`)
    await alice.modalCalled('edit_form')
    expect(await alice.form()).toMatchObject({ name: 'ci' })
  })

  test('an edit made elsewhere stays there until somebody says that they have looked at it', async () => {
    const world = await startWorld()
    const { alice, bob, store } = world
    await store.note(outsideEdit(1), 'app', null)
    for (const person of [alice, bob])
      expect(await person.opensHome()).toContain('Outside edits to look at\ntoken-1 on Website, edited')
    const { seq } = (await store.events()).at(-1)!
    await bob.pressesHome('looked_at', `${seq}`)
    for (const person of [alice, bob]) await homeSays(world, person, 'Outside edits to look at\nNone.')
    expect((await store.events()).at(-1)).toMatchObject({
      actor: bob.id,
      event: { type: 'outside_edit_seen', edit: seq },
    })
    const count = (await store.events()).length
    await world.slack.redeliver(world.slack.deliveries.findLast(({ kind }) => kind === 'block_actions')!)
    expect(await store.events()).toHaveLength(count)
  })

  test('news from another process shows after ten minutes', async () => {
    const world = await startWorld()
    await world.alice.opensHome()
    // News left over from the start may show the first of these.
    for (const i of [1, 2, 3]) {
      await world.store.note(outsideEdit(i), 'app', null)
      world.passes(600)
      await homeSays(world, world.alice, `token-${i} on Website`)
    }
  })

  test('it says when a stack was last looked at, and that it is out of reach', async () => {
    const world = await startWorld()
    const { alice, stack } = world
    expect(await alice.opensHome()).toMatch(
      /Health\nWebsite can be reached; all its tokens were last listed .*\.\nThe audit log has not/,
    )
    for (const _ of ['once', 'and again']) {
      stack.trouble.refuseReads = { status: 403, body: { error_message: 'no', error_code: 161 } }
      await alice.says('/token list')
      const why = 'the account behind the authtoken may not manage tokens'
      await homeSays(world, alice, `Website does not let Countersign in, since ${why}: what is shown of it dates from`)
      stack.trouble.refuseReads = null
      await alice.says('/token list')
      await homeSays(world, alice, 'Website can be reached')
    }
  })
})

import { describe, expect, test } from 'vitest'
import { parts } from '../slack/kit/drawn.ts'
import { startWorld, type World } from '../support/journey.ts'
import { outsideEdit } from '../support/many.ts'

const uid = 'blt5c1de0000000c001'
const trick = '<!channel> & <@U0MALLORY> <https://evil.example|Approve> \u202Eevil\u2066 \u200B*b* :x:'
const oldName = `ci ${trick.slice(0, 40)}`
const newName = 'x<!here>&amp;\u202E\n<@U0MALLORY>'
const description = `${trick}\n`.repeat(40).slice(0, 3000).padEnd(3000, '<')
const reason = `Please\n> ${trick}\n\`\`\`${trick}`

const robot = {
  uid,
  name: oldName,
  description: `Old ${trick}\r\n`,
  scope: [
    { module: 'entry', acl: { read: true } },
    { module: 'branch', acl: { read: true }, branches: ['main'] },
    { module: `odd ${trick}`, acl: { read: true } },
  ],
}

/** Control characters, formats and other invisible characters, except the newline. */
const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/** Expects that nothing the app sent to Slack gives a person's text a meaning, or hides any of it. */
function expectHarmless({ slack }: World): void {
  const sent = [...slack.calls.map(({ args }) => args), ...slack.deliveries.map(({ ackBody }) => ackBody ?? {})]
  expect(textsIn(sent).filter((text) => hidden.test(text))).toEqual([])
  const all = parts(sent)
  const markup = all.flatMap(({ type, text }) => (typeof text === 'string' && type !== 'text' ? [{ type, text }] : []))
  const read = markup.filter(({ type }) => type === undefined || type === 'mrkdwn').map(({ text }) => text)
  expect(read.length).toBeGreaterThan(0)
  for (const text of read) expect(text).not.toMatch(/<!(?!date\^)|<@U0MALLORY>|<https:\/\/evil/)
  const people = all.flatMap(({ type, user_id }) => (type === 'user' ? [user_id] : []))
  expect(people).not.toContain('U0MALLORY')
  expect(all.filter(({ type }) => type === 'broadcast' || type === 'usergroup' || type === 'emoji')).toEqual([])
  expect(all.filter(({ type, url }) => type === 'link' && String(url).includes('evil'))).toEqual([])
  const plain = all.filter(({ type }) => type === 'plain_text')
  expect(plain.filter(({ emoji }) => emoji !== false)).toEqual([])
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

describe('text written to mislead', () => {
  test('it is shown as what it is from the form to the outcome, and reaches the stack as it was written', async () => {
    const world = await startWorld({ stack: { tokens: [robot], title: `Shop ${trick}` } })
    const { alice, bob, stack, slack, store } = world
    const card = await alice.asksFor(oldName, { name: newName, description, reason })
    const shown = bob.readsCard(card)
    expect(shown).toContain('⟨U+202E⟩evil⟨U+2066⟩ ⟨U+200B⟩')
    expect(shown).toContain('Name, after:\nx<!here>&amp;⟨U+202E⟩\n<@U0MALLORY>\n')
    expect(card.text).toContain('to x&lt;!here&gt;&amp;amp;⟨U+202E⟩⟨U+000A⟩&lt;@U0MALLORY&gt;;')
    const visible = description
      .replaceAll('\u202E', '⟨U+202E⟩')
      .replaceAll('\u2066', '⟨U+2066⟩')
      .replaceAll('\u200B', '⟨U+200B⟩')
    expect(shown.replaceAll('\n', '')).toContain(visible.replaceAll('\n', ''))

    await bob.confirms(card, 'approve_with_comment', { comment: reason })
    await slack.waitFor(() => alice.dms()[1]?.includes('was applied'), 'the word to Alice')
    expect(alice.dms()[1]).toContain('⟨U+202E⟩evil')
    expect(stack.token(uid)).toMatchObject({ name: newName, description, scope: robot.scope })
    const [proposed] = await store.events(1)
    expect(proposed?.event).toMatchObject({ reason, before: { name: oldName }, after: { name: newName, description } })
    expectHarmless(world)
  })

  test('what nobody touched in the form stays byte for byte, however it is shown', async () => {
    const world = await startWorld({ stack: { tokens: [robot] } })
    const { alice, bob, stack, slack } = world
    const card = await alice.asksFor(oldName, { 'module.entry': 'write' })
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(uid)).toMatchObject({ name: oldName, description: robot.description })
    expect(stack.token(uid)?.scope).toEqual([
      { module: 'entry', acl: { read: true, write: true } },
      ...robot.scope.slice(1),
    ])
    expectHarmless(world)
  })

  test('it is harmless in a rejection, in drift, in a refusal of the stack, and in Home', async () => {
    const world = await startWorld({ stack: { tokens: [robot], title: trick } })
    const { alice, bob, stack, slack } = world
    const rejected = await alice.asksFor(oldName, { name: newName, reason })
    await bob.opensHome()
    await bob.rejects(rejected, reason)
    await slack.waitFor(() => alice.dms()[1]?.includes('was rejected'), 'the rejection')
    const drifted = await alice.asksFor(oldName, { name: newName, reason })
    stack.edit(uid, { description: `By hand ${trick}` })
    await bob.approves(drifted)
    await slack.waitFor(() => alice.dms()[3]?.includes('was stopped'), 'the drift')
    const why = { error_message: trick, error_code: 141, errors: { name: [trick] } }
    stack.trouble.refuse = { status: 422, body: why }
    await alice.opens(oldName)
    await slack.waitFor(() => alice.reads().includes('· By hand'), 'the form to be redrawn')
    await alice.fillsIn({ name: newName, description, reason })
    await alice.submits()
    await alice.submits()
    const failed = await slack.waitFor(() => bob.cards()[2], 'the third card')
    await bob.approves(failed)
    await slack.waitFor(() => alice.dms().at(-1)?.includes('failed'), 'the refusal')
    expect(bob.readsCard(failed)).toContain('⟨U+202E⟩evil')
    const [before, after] = [outsideEdit(1).before, { ...outsideEdit(1).after, name: newName, description }]
    await world.store.note({ ...outsideEdit(1), before, after, by: trick, editedAt: trick }, 'app', null)
    expect(await bob.opensHome()).toContain('x<!here>&amp;⟨U+202E⟩⟨U+000A⟩<@U0MALLORY> on <!channel>')
    expectHarmless(world)
  })

  test("it is harmless on a token's page, in its history, and on the way back", async () => {
    const world = await startWorld({ stack: { tokens: [robot], title: trick } })
    const { alice, bob, stack, slack, until } = world
    const card = await alice.asksFor(oldName, { name: newName, description, reason })
    await bob.confirms(card, 'approve_with_comment', { comment: reason })
    await slack.waitFor(() => alice.dms()[1]?.includes('was applied'), 'the word to Alice')
    stack.edit(uid, { description: `By hand ${trick}`, updated_by: trick, updated_at: trick })
    await alice.says(`/token show ${uid}`)
    const { id } = await alice.modalCalled('token_page')
    await until('the edit by hand', () => alice.reads().includes('Edited elsewhere'))
    expect(alice.reads()).toContain('Name, after:\nx<!here>&amp;⟨U+202E⟩\n<@U0MALLORY>\n')
    expect(alice.reads()).toContain('by <!channel> & <@U0MALLORY> <https://evil.example|Approve> ⟨U+202E⟩evil')
    await alice.says(`/token history ${uid}`)
    expect((await alice.hears())[0]).toContain('⟨U+202E⟩evil')
    await alice.press({ id }, 'revert', 'change:1')
    await alice.modalCalled('edit_form')
    await alice.fillsIn({ reason: `Revert to before #1: ${reason}` })
    await alice.submits()
    await alice.submits()
    const second = await slack.waitFor(() => bob.cards()[1], 'the second card')
    await bob.approves(second)
    await slack.waitFor(() => /was applied/.test(bob.card(second).text), 'the outcome')
    expect(stack.token(uid)).toMatchObject({ name: oldName, scope: robot.scope })
    expectHarmless(world)
  })

  test('it is harmless in the answer to a command', async () => {
    const world = await startWorld({ stack: { tokens: [robot] } })
    const { alice, slack, stack } = world
    stack.trouble.refuseReads = { status: 403, body: { error_message: trick, error_code: 161 } }
    await alice.says(`/token show ${oldName}`)
    await alice.modalCalled('token_page')
    await slack.waitFor(() => alice.reads().includes('may be out of date'), 'the page to say what it could not see')
    expect(alice.reads()).toContain('<!channel> & <@U0MALLORY>')
    await alice.closeModal()
    await alice.says('/token list')
    expect((await alice.hears(1))[0]).toContain('<!channel> & <@U0MALLORY>')
    stack.trouble.refuseReads = null
    await alice.says(`/token history ${oldName}`)
    await alice.says(`/token show ${trick}`)
    await alice.modalCalled('pick_page')
    expect(alice.reads()).toContain('<!channel> & <@U0MALLORY>')
    await alice.closeModal()
    await alice.says(`/token history ${trick} 2`)
    await alice.says('/token <!channel>\u202E')
    const said = await alice.hears(4)
    expect(said.some((words) => words.includes('/token <!channel>⟨U+202E⟩ is not a command here'))).toBe(true)
    await alice.says(`/token edit ${trick}`)
    await alice.modalCalled('pick_form')
    expect(alice.reads()).toContain('<!channel> & <@U0MALLORY>')
    await alice.closeModal()
    await alice.says(`/token rename ${trick} to x because ${trick}`)
    await alice.modalCalled('quick_answer')
    expect(alice.reads()).toContain('because <!channel> & <@U0MALLORY>')
    await alice.closeModal()
    await alice.says(`/token rename ${oldName} to "${newName}" because ${reason}`)
    await alice.modalCalled('preview')
    expect(alice.reads()).toContain('Name, after:\nx<!here>&amp;⟨U+202E⟩\n<@U0MALLORY>\n')
    await alice.closeModal()
    await alice.says(`/token scope ${oldName} +${trick}`)
    await alice.says(`/token ${trick}`)
    await alice.hears(6)
    await alice.says('/token')
    const picker = await alice.modalCalled('pick_form')
    expect(await alice.suggest(picker, 'pick_token', 'ci <!')).toHaveLength(1)
    expect(slack.see('U0MALLORY').conversations.flatMap(({ messages }) => messages)).toEqual([])
    expectHarmless(world)
  })
})

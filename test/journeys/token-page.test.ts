import { describe, expect, test } from 'vitest'
import type { Message } from '../../src/sandbox/slack/protocol.ts'
import { buttonsIn, parts } from '../slack/kit/drawn.ts'
import { placeAt } from '../support/engine.ts'
import { startWorld, transports, type World } from '../support/journey.ts'
import { pastOf } from '../support/past.ts'
import { settings } from '../support/world.ts'

const uid = 'blt5c1de0000000a001'
const transport = 'socket'
const byHand = 'blt5c1de0000000bad0'

type Person = World['alice']

async function opensPage(person: Person, name = 'ci-deploy') {
  await person.says(`/token show ${name}`)
  return person.modalCalled('token_page')
}

/** The text of the page in front, once it says this. */
async function pageSays({ slack }: World, person: Person, text: string): Promise<string> {
  return slack.waitFor(() => person.reads().includes(text) && person.reads(), `the page to say "${text}"`)
}

async function apply(world: World, fields: Record<string, string>, comment = 'Looks right'): Promise<Message> {
  const { alice, bob, slack } = world
  const card = await alice.asksFor('ci-deploy', fields)
  await bob.confirms(card, 'approve_with_comment', { comment })
  await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
  return card
}

/** Twelve changes and an edit by hand, of which the last is change 12. */
async function writeLongPast({ config, store }: World): Promise<void> {
  const last = (await store.events()).at(-1)?.seq ?? 0
  const past = { tokenUid: uid, settings: settings(), changes: 12, editEvery: 10 }
  const { changes, events } = pastOf(past, { seq: last, id: 0 })
  const { add } = placeAt(config.database)
  await add('change_requests', changes)
  await add('audit_events', events)
}

describe.each(transports)("a token's page over %s", (transport) => {
  test('opens from what is known, in words, for the one who asked', async () => {
    const { alice, stack, until, whoSees } = await startWorld({ transport })
    stack.trouble.slowMs = 300
    await opensPage(alice)
    expect(stack.requests.filter(({ status }) => status !== null)).toEqual([])
    const said = alice.reads()
    expect(said).toContain(`ci-deploy\nStack: Website. uid: ${uid}\nDescription: Deploys from CI\n`)
    expect(said).toContain(
      "What it can do\nReads and writes: Entries\nReads: Content types\nRate limits: the organisation's\n",
    )
    expect(said).toContain('Where\nBranches: development, main\nBranch aliases: live (→ main)\n')
    expect(said).toMatch(/Until when\nExpires: (\d{4}-\d\d-\d\d) \(it stops working \1 00:00 UTC\)\n/)
    expect(said).toContain('Open changes\nThere are none.\nHistory\nNo change to this token has ended yet')
    expect(whoSees('What it can do')).toEqual([alice.id])
    stack.trouble.slowMs = 0
    await until('the look behind the page', () => stack.requests.some(({ status }) => status === 200))
  })

  test('shows who asked, who approved and why, what is still open, and who edited what elsewhere', async () => {
    const world = await startWorld({ transport })
    const { alice, bob, stack, until } = world
    const card = await apply(world, { description: 'Faster', reason: 'The pipeline moved' }, 'Fine by me')
    stack.edit(uid, { description: 'By hand' })
    const open = await until('the form with what was edited by hand', async () => {
      await alice.opens('ci-deploy')
      const seen = await until('the form', () => alice.reads().includes('· By hand')).catch(() => false)
      if (!seen) await alice.closeModal()
      return seen
    })
    expect(open).toBe(true)
    await alice.closeModal()
    const second = await alice.asksFor('ci-deploy', { name: 'ci-release' })
    const third = await alice.asksFor('ci-deploy', { description: 'Not to be' })
    await bob.rejects(third, 'No need')
    await opensPage(bob)
    const said = await pageSays(world, bob, '1–3 of 3 entries, newest first.')
    expect(said).toContain(`Open changes\n#2 by @${alice.id}: Name. It is waiting for 1 approval. [Open the card](`)
    const [rejected, edited, applied] = said
      .slice(said.indexOf('History'))
      .split(/\n(?=#|Edited elsewhere)/)
      .slice(1)
    expect(rejected).toMatch(
      /^#3 was rejected by @U0BOB .*\nNo need\nWhat was asked for\nDescription: By hand → Not to be/s,
    )
    expect(edited).toMatch(new RegExp(`^Edited elsewhere .* by ${byHand} \\(Contentstack user\\), found .*\n`))
    expect(edited).toContain('Description: Faster → By hand\nRevert to before this')
    expect(applied).toMatch(
      /^#1 was applied .*Open the card.*\nAsked for by @U0ALICE .*:\s*The pipeline moved\nApproved by @U0BOB/s,
    )
    expect(applied).toContain(
      'Fine by me\nWhat was written\nDescription: Deploys from CI → Faster\nRevert to before this',
    )
    expect(rejected).not.toContain('Revert')
    const links = parts(bob.modal()?.view.blocks).filter(({ type }) => type === 'link')
    for (const { ts } of [card, second])
      expect(links.map(({ url }) => String(url).split('/').at(-1))).toContain(`p${ts.replace('.', '')}`)
  })
})

test('an edit by hand that nobody has seen yet is on the page as soon as it is looked at, and noted once', async () => {
  const world = await startWorld({ transport })
  const { alice, bob, carol, stack, audit } = world
  stack.edit(uid, { description: 'By hand' })
  for (const person of [alice, bob, carol]) {
    await opensPage(person)
    const said = await pageSays(world, person, 'Edited elsewhere')
    expect(said).toContain('Description: By hand\n')
  }
  expect(await audit()).toEqual(['app started', 'app outside_edit'])
})

test('while a stack is out of reach the page shows the last look, and says so', async () => {
  const world = await startWorld({ transport })
  const { alice, stack } = world
  stack.trouble.refuseReads = { status: 401, body: { error_message: 'logged out', error_code: 105 } }
  await opensPage(alice)
  const said = await pageSays(world, alice, 'This is what Countersign saw last, and may be out of date.')
  expect(said).toContain("Contentstack doesn't accept the authtoken")
  expect(said).toContain('Reads and writes: Entries')
})

test('a long history is turned page by page, to its end and back', async () => {
  const world = await startWorld({ transport })
  const { alice } = world
  await writeLongPast(world)
  await opensPage(alice)
  const numbers = () =>
    [...alice.reads().matchAll(/^(#\d+ was applied|Edited elsewhere)/gm)].map(([said]) => said.split(' ')[0])
  const turns = async (action: string) => {
    const { id } = await alice.modalCalled('token_page')
    world.slack.clear()
    await alice.press({ id }, action)
    // It is shown whatever was redrawn behind the page since the press: unlike a redraw, it uses no hash.
    await world.until('the other page', () =>
      world.slack.calls.some(
        ({ method, args, answer }) =>
          method === 'views.update' && args.view_id === id && !('hash' in args) && answer?.ok === true,
      ),
    )
  }
  const turnButtons = () => buttonsIn(alice.modal()?.view.blocks).filter((action) => /_past$/.test(action))
  await pageSays(world, alice, '–5 of')
  const [first] = alice.reads().match(/\d+–5 of \d+/)!
  await turns('older_past')
  expect(alice.reads()).toContain('6–10 of')
  expect(turnButtons()).toEqual(['newer_past', 'older_past'])
  await turns('older_past')
  expect(numbers().at(-1)).toBe('#1')
  expect(turnButtons()).toEqual(['newer_past'])
  await turns('newer_past')
  expect(alice.reads()).toContain('6–10 of')
  await turns('newer_past')
  expect(alice.reads()).toContain(first)
  expect(turnButtons()).toEqual(['older_past'])
})

test('/token history says the same in text, page by page, and shows the last page beyond the end', async () => {
  const world = await startWorld({ transport })
  const { alice, whoSees } = world
  await writeLongPast(world)
  const asks = (text: string) => alice.answerTo(`/token history ${text}`)
  const first = await asks('ci-deploy')
  expect(first).toMatch(/^History of token ci-deploy on Website\nOpen changes\nThere are none.\nPast\n#12 was applied/)
  expect(first).toContain('\nAsked for by @U0ALICE')
  expect(first).toContain(
    'The pipeline moved\nApproved by @U0BOB.\nDescription: change 11 → change 12\n#11 was applied',
  )
  expect(first).toContain('Edited elsewhere')
  expect(first).toMatch(/Page 1 of 3. Older: \/token history ci-deploy 2$/)
  expect(await asks('ci-deploy 2')).toMatch(/\n#8 was applied.*Page 2 of 3. Older: \/token history ci-deploy 3$/s)
  const last = await asks(`${uid} 3`)
  expect(last).toMatch(/\n#1 was applied.*Page 3 of 3.$/s)
  expect(await asks('CI-DEPLOY 99')).toContain('Page 3 of 3.')
  expect(whoSees('History of token')).toEqual([alice.id])
})

test('a token whose own name ends in a number is not taken for a page', async () => {
  const tokens = ['robot', 'robot 2'].map((name, i) => ({ uid: `blt5c1de0000000b00${i}`, name }))
  const { alice } = await startWorld({ transport, stack: { tokens } })
  await alice.says('/token history robot 2')
  expect((await alice.hears())[0]).toContain('History of token robot 2 on')
  await alice.says('/token history robot 3')
  expect((await alice.hears(2))[1]).toContain('History of token robot on')
})

describe('a token that is gone', () => {
  async function goneToken(tokens: { uid: string; name: string }[], gone: readonly string[] = [uid]) {
    const world = await startWorld({ transport, stack: { tokens } })
    await writeLongPast(world)
    const later = new Date(Date.now() + 60_000).toISOString()
    for (const tokenUid of gone) {
      world.stack.remove(tokenUid)
      await world.store.tokenIsGone({ stack: 'website', tokenUid }, later)
    }
    return world
  }

  test('says that it is gone when it is to be shown, and its history still opens, by its uid and its last name', async () => {
    const { alice } = await goneToken([{ uid, name: 'ci-deploy 2' }])
    for (const name of ['ci-deploy 2', 'CI-Deploy 2', uid]) {
      await alice.says(`/token show ${name}`)
      await alice.modalCalled('near_matches')
      expect(alice.reads()).toMatch(
        new RegExp(
          `^Nothing was opened.\nToken ci-deploy 2 on Website is gone: the stack said so .*: /token history ${uid}\nShow history$`,
        ),
      )
      await alice.closeModal()
      const said = await alice.answerTo(`/token history ${name}`)
      expect(said).toMatch(
        /^History of token ci-deploy 2 on Website\nThe token is gone: the stack said so .*\nOpen changes/,
      )
      expect(said).toContain('#12 was applied')
      expect(await alice.answerTo(`/token history ${name} 3`)).toMatch(/\n#1 was applied.*Page 3 of 3.$/s)
    }
  })

  test.each(['ci-deploy 2', uid])(
    'is said to be gone when it is to be edited as %j, by form or in a line',
    async (name) => {
      const { alice, until } = await goneToken([{ uid, name: 'ci-deploy 2' }])
      const isGone = /Token ci-deploy 2 on Website is gone: the stack said so .*: \/token history blt/
      for (const line of [
        `/token edit ${name}`,
        `/token rename ${name === uid ? uid : `"${name}"`} to ci because of it`,
      ]) {
        await alice.says(line)
        await until('what became of it', () => isGone.test(alice.reads()))
        expect(alice.reads()).not.toContain('No token is called')
        await alice.closeModal()
      }
    },
  )

  test('makes way for another with its name, and several with one name are told apart by their uids', async () => {
    const [second, third] = ['blt5c1de0000000b001', 'blt5c1de0000000b002']
    const named = [uid, second, third].map((uid, i) => ({ uid, name: i === 0 ? 'robot' : 'crawler' }))
    const { alice } = await goneToken([...named, { uid: 'blt5c1de0000000b003', name: 'robot' }], [uid, second, third])
    expect(await alice.answerTo('/token history robot')).toContain('No change to this token has ended yet')
    expect(await alice.answerTo(`/token history ${uid}`)).toContain('#12 was applied')
    const said = await alice.answerTo('/token history crawler')
    for (const one of [second, third]) expect(said).toContain(`/token history ${one}`)
  })
})

test('/token show with a name that fits no token offers the nearest, each with its page', async () => {
  const { alice, whoSees } = await startWorld({ transport })
  await alice.says('/token show ci-deplyo')
  const { id } = await alice.modalCalled('pick_page')
  expect(alice.reads()).toContain(
    'No token is called ci-deplyo, so nothing was opened. Did you mean this one?\nci-deploy · Website\nShow',
  )
  expect(whoSees('ci-deplyo')).toEqual([alice.id])
  await alice.press({ id }, 'show_token')
  await alice.modalCalled('token_page')
  expect(alice.reads()).toContain('What it can do')
})

test('App Home leads to the page of any token, and of one that expires soon', async () => {
  const soon = new Date(Date.now() + 9 * 24 * 3_600_000).toISOString().slice(0, 10)
  const { alice, stack, until } = await startWorld({
    transport,
    stack: { tokens: [{ uid, name: 'ci', expires_on: soon }] },
  })
  await alice.opensHome()
  await alice.pressesHome('show_a_token')
  const picker = await alice.modalCalled('pick_page')
  await alice.suggest(picker, 'pick_token', 'ci')
  await alice.fill('pick', 'pick_token', `${uid}:website`)
  await alice.submits()
  expect((await alice.modalCalled('token_page')).id).toBe(picker.id)
  expect(alice.reads()).toContain(`Until when\nExpires: ${soon}`)
  stack.edit(uid, { name: 'ci-2' })
  await alice.closeModal()
  await alice.pressesHome('show_token', `${uid}:website`)
  await alice.modalCalled('token_page')
  await until('the look behind the page', () => alice.reads().includes('Name: ci → ci-2'))
})

test('the page leads to the form of its token, in its place', async () => {
  const { alice } = await startWorld({ transport })
  const { id } = await opensPage(alice)
  await alice.press({ id }, 'edit_this_token')
  expect((await alice.modalCalled('edit_form')).id).toBe(id)
  expect((await alice.form()).name).toBe('ci-deploy')
})

test('somebody who has turned the page meanwhile stays on it', async () => {
  const world = await startWorld({ transport })
  const { alice, stack, until } = world
  await writeLongPast(world)
  stack.trouble.slowMs = 200
  const { id } = await opensPage(alice)
  await alice.press({ id }, 'older_past')
  await until('the older page', () => alice.reads().includes('6–10 of'))
  await until('the look behind the page', () => stack.requests.some(({ status }) => status === 200))
  stack.trouble.slowMs = 0
  await until('the edit to be noted', async () => (await world.audit()).includes('app outside_edit'))
  await alice.says('/token list')
  await alice.hears()
  expect(alice.reads()).toContain('6–10 of')
})

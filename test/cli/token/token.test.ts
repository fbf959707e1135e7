import { describe, expect, test } from 'vitest'
import { tellHistory } from '../../../src/cli/token/history.ts'
import { listTokens } from '../../../src/cli/token/list.ts'
import { showToken } from '../../../src/cli/token/show.ts'
import { startWorld, type World } from '../../support/journey.ts'
import { runCommand } from '../../support/process.ts'
import { atTerminalOf } from '../../support/terminal.ts'

const ciDeploy = 'blt5c1de0000000a001'
const start = () => startWorld({ transport: 'socket' })

function lists({ env }: World, options: Parameters<typeof listTokens>[0] = {}, columns: number | null = null) {
  return atTerminalOf(env, (around) => listTokens(options, around), columns)
}

function shows({ env }: World, token: string, json = false) {
  return atTerminalOf(env, (around) => showToken(token, { json }, around))
}

function tells({ env }: World, token: string, json = false) {
  return atTerminalOf(env, (around) => tellHistory(token, { json }, around))
}

describe('countersign token list', () => {
  test('says in words what each token may do, as the stack has it now', async () => {
    const world = await start()
    world.stack.edit(ciDeploy, { name: 'ci-now' })
    const { ok, out } = await lists(world)
    expect(ok).toBe(true)
    expect(out).toMatch(/^TOKEN +STACK +UID +MAY +EXPIRES\n/)
    expect(out).toMatch(/\nci-now +website +blt5c1de0000000a001 +read and write: Entries; read: Content types +\d{4}-/)
  })

  test('fits into the width of the terminal, and spells out what nobody could see', async () => {
    const world = await start()
    world.stack.edit(ciDeploy, { name: 'c\u0456\u202e\u0007' })
    const { out } = await lists(world, {}, 80)
    for (const line of out.split('\n')) expect([...line].length).toBeLessThanOrEqual(80)
    expect((await lists(world)).out).toContain('\nc⟨U+0456⟩⟨U+202E⟩⟨U+0007⟩ ')
    expect((await shows(world, ciDeploy)).out).toMatch(/^c⟨U\+0456⟩⟨U\+202E⟩⟨U\+0007⟩ on website /)
    world.stack.edit(ciDeploy, { name: '\u05d0\u05d1' })
    expect((await lists(world)).out).toContain('\n⟨U+2068⟩\u05d0\u05d1⟨U+2069⟩ ')
  })

  test('gives programs one document with stable keys', async () => {
    const { tokens } = JSON.parse((await lists(await start(), { json: true, stack: 'website' })).out)
    expect(Object.keys(tokens[0])).toEqual(['stack', 'uid', 'name', 'expiresOn', 'settings', 'inWords'])
    expect(tokens[0].inWords[0]).toEqual({ key: 'name', label: 'Name', value: tokens[0].name })
  })

  test('fails with words for a stack that does not exist or does not answer, and writes nothing', async () => {
    const world = await start()
    const before = await world.store.events()
    expect(await lists(world, { stack: 'shop' })).toMatchObject({
      ok: false,
      err: expect.stringContaining('There is no stack "shop"'),
    })
    world.stack.trouble.refuseReads = { status: 401, body: { error_message: 'logged out', error_code: 105 } }
    expect(await lists(world)).toMatchObject({
      ok: false,
      out: '',
      err: expect.stringContaining("doesn't accept the authtoken"),
    })
    expect(await world.store.events()).toEqual(before)
  })

  test('needs neither Slack nor the database', async () => {
    const { COUNTERSIGN_CONFIG, CONTENTSTACK_AUTHTOKEN } = (await start()).env
    const env = { COUNTERSIGN_CONFIG: COUNTERSIGN_CONFIG!, CONTENTSTACK_AUTHTOKEN: CONTENTSTACK_AUTHTOKEN! }
    expect(await atTerminalOf(env, (around) => listTokens({}, around))).toMatchObject({ ok: true, err: '' })
  })
})

describe('countersign token show', () => {
  test('says every setting in words, and which changes are open', async () => {
    const world = await start()
    await world.alice.asksFor('ci-deploy', { name: 'ci' })
    const { ok, out } = await shows(world, 'website/ci-deploy')
    expect(ok).toBe(true)
    expect(out).toContain(`ci-deploy on website (${ciDeploy})`)
    expect(out).toMatch(/\nEntries +read and write\n/)
    expect(out).toMatch(/\nBranch aliases +live \(→ main\)\n/)
    expect(out).toMatch(/\n#1 Renames "ci-deploy" to \S+ · "website"\. It is waiting for 1 approval\.$/)
    const shown = JSON.parse((await shows(world, ciDeploy, true)).out)
    expect(shown).toMatchObject({ token: { uid: ciDeploy }, openChanges: [{ id: 1, status: 'pending' }] })
  })

  test('names the nearest tokens if none has that name', async () => {
    const { ok, err } = await shows(await start(), 'ci-deplyo')
    expect([ok, err]).toEqual([
      false,
      expect.stringMatching(/no token called "ci-deplyo"; there is website\/ci-deploy/),
    ])
  })
})

describe('countersign token history', () => {
  test('lists every change with who asked, why, who approved and the outcome, newest first', async () => {
    const world = await start()
    const { alice, bob, slack } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    const second = await alice.asksFor('ci', { name: 'ci-2' })
    await alice.cancels(second)
    const { ok, out } = await tells(world, 'ci')
    expect(ok).toBe(true)
    const [head, ...rows] = out.split('\n')
    expect(head).toMatch(/^CHANGE +ASKED +BY +WHAT +WHY +APPROVED BY +OUTCOME$/)
    expect(rows[0]).toMatch(
      /^#2 .*Name: ci → ci-2 +The pipeline moved +nobody +was cancelled by Alice Arden \(U0ALICE\)/,
    )
    expect(rows[1]).toMatch(
      /^#1 .*Alice Arden \(U0ALICE\) +Name: ci-deploy → ci .*Bob Brandt \(U0BOB\) +was applied \d{4}/,
    )
    expect(JSON.parse((await tells(world, ciDeploy, true)).out)).toMatchObject({
      token: { stack: 'website', uid: ciDeploy },
      changes: [
        { id: 2, status: 'cancelled', endedBy: 'U0ALICE' },
        { id: 1, status: 'applied', approvals: [{ by: 'U0BOB' }] },
      ],
    })
  })

  test('is shown by ids while Slack is out of reach, and for a token that is gone', async () => {
    const world = await start()
    await world.alice.asksFor('ci-deploy', { name: 'ci' })
    world.stack.remove(ciDeploy)
    const { SLACK_BOT_TOKEN: _, CONTENTSTACK_AUTHTOKEN: __, COUNTERSIGN_CONFIG: ___, ...env } = world.env
    const { ok, out } = await atTerminalOf(env, (around) => tellHistory(`website/${ciDeploy}`, {}, around))
    expect([ok, out]).toEqual([true, expect.stringMatching(/\n#1 .* U0ALICE +Name: ci-deploy → ci/)])
    const deaf = await atTerminalOf({ ...env, SLACK_BOT_TOKEN: 'xoxb-wrong' }, (around) =>
      tellHistory(`website/${ciDeploy}`, {}, around),
    )
    expect(deaf.out).toBe(out)
  })

  test('is shown for a token that is gone by its last name too, where showing it leads to', async () => {
    const world = await start()
    await world.alice.asksFor('ci-deploy', { name: 'ci' })
    world.stack.remove(ciDeploy)
    expect((await shows(world, 'ci-deploy')).err).toContain('no token called "ci-deploy"')
    await world.store.tokenIsGone({ stack: 'website', tokenUid: ciDeploy }, new Date(Date.now() + 60_000).toISOString())
    for (const typed of ['ci-deploy', 'website/ci-deploy', ciDeploy]) {
      expect((await tells(world, typed)).out).toMatch(/\n#1 .*Name: ci-deploy → ci/)
      expect((await shows(world, typed)).err).toMatch(
        new RegExp(`ci-deploy on website \\(${ciDeploy}\\) is gone.*history website/${ciDeploy}"`),
      )
    }
  })

  test('shows what was edited outside the app, as far as the stack says by whom', async () => {
    const world = await start()
    await world.alice.says('/token list')
    world.stack.edit(ciDeploy, { description: '\u05d0\u05d1' })
    await world.alice.says('/token list')
    await world.until('the edit to be noted', async () =>
      (await tells(world, ciDeploy)).out.includes('EDITED ELSEWHERE, SEEN'),
    )
    const { out } = await tells(world, ciDeploy)
    expect(out).toMatch(/\nEDITED ELSEWHERE, SEEN +BY +WHAT\n.* Description: .* → ⟨U\+2068⟩\u05d0\u05d1⟨U\+2069⟩$/)
    expect(JSON.parse((await tells(world, ciDeploy, true)).out)).toMatchObject({
      changes: [],
      outsideEdits: [{ fact: { type: 'outside_edit', tokenUid: ciDeploy, after: { description: '\u05d0\u05d1' } } }],
    })
  })

  test('says so for a token that nobody asked for a change of', async () => {
    expect((await tells(await start(), 'ci-deploy')).out).toBe('Nobody ever asked for a change to it.')
  })
})

test('on the command line the list goes to standard output, and what is wrong to standard error', async () => {
  const { env } = await start()
  expect(await runCommand(['token', 'list'], env)).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/^TOKEN/),
  })
  const missing = await runCommand(['token', 'list'], {})
  expect(missing).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^COUNTERSIGN_CONFIG is missing/) })
  expect(await runCommand(['token', 'show'], env)).toMatchObject({ code: 2, out: '' })
})

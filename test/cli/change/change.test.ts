import { userInfo } from 'node:os'
import { describe, expect, test } from 'vitest'
import { cancelChange } from '../../../src/cli/change/cancel.ts'
import { listChanges } from '../../../src/cli/change/list.ts'
import type { Proposal } from '../../../src/cli/change/proposal.ts'
import { proposeChange } from '../../../src/cli/change/propose.ts'
import { showChange } from '../../../src/cli/change/show.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { rawConnection, temporaryFile } from '../../support/file.ts'
import { startWorld, type World } from '../../support/journey.ts'
import { runCommand } from '../../support/process.ts'
import { failWrites } from '../../support/tamper.ts'
import { atTerminalOf } from '../../support/terminal.ts'

const asked: Proposal = { token: 'website/ci-deploy', as: 'U0ALICE', reason: 'The pipeline moved', name: 'ci' }
const start = () => startWorld({ transport: 'socket' })

function proposes({ env }: World, changes: Partial<Proposal> = {}) {
  return atTerminalOf(env, (terminal) => proposeChange({ ...asked, ...changes }, terminal))
}

function cancels({ env }: World, id: string, reason?: string) {
  return atTerminalOf(env, (terminal) => cancelChange(id, { ...(reason !== undefined && { reason }) }, terminal))
}

test('`change show` says who stopped it, who took it over, and who gave the reason', async () => {
  const world = await start()
  const { alice, bob, carol, slack, env } = world
  await alice.asksFor('ci-deploy', { name: 'ci' })
  await bob.amends(bob.cards()[0]!, { name: 'preview-reader', reason: 'A better name' })
  await slack.admin.changePerson(alice.id, { deleted: true })
  await slack.waitFor(() => carol.readsCard(carol.cards()[0]!).includes('taken over or cancelled'), 'the card')
  await bob.takesOver(bob.cards()[0]!)
  const { out } = await atTerminalOf(env, (terminal) => showChange('1', {}, { ...terminal, columns: null }))
  expect(out).toContain('Taken over from Alice Arden (U0ALICE) by Bob Brandt (U0BOB)')
  expect(out).toContain('Reason, given by Bob Brandt (U0BOB)')
  expect(out).toContain('Another token of this stack is already called "preview-reader"')
  expect(out).toMatch(/U0BOB\) +edited it: .*Reason: A better name/)
  expect(out).toContain('stopped it, since some may no longer ask for it: U0ALICE (deactivated members may not use')
  expect(out).toMatch(
    /U0BOB\) +took it over from U0ALICE; sent in view \w+, opened on message [\d.]+ in channel C\w+ at .* by Slack's clock, which showed revision 2/,
  )
  const json = JSON.parse((await atTerminalOf(env, (terminal) => showChange('1', { json: true }, terminal))).out)
  expect(json.change).toMatchObject({
    ...{ requester: 'U0BOB', reasonBy: 'U0BOB', barredAskers: [] },
    takenOver: [{ by: 'U0BOB', from: ['U0ALICE'], requester: 'U0ALICE' }],
  })
})

describe('a change that an operator proposes at a terminal while the app runs', () => {
  test('gets its card, is approved in Slack, is applied, and the log names the operator', async () => {
    const world = await start()
    const { alice, bob, slack, stack, audit } = world
    const { ok, out, err } = await proposes(world)
    expect([ok, err]).toEqual([true, ''])
    expect(out).toContain('Name: "ci-deploy" → "ci"')
    expect(out).toContain(
      'Approvals. Rule: "approvers"\n○ Bob Brandt (U0BOB), Carol Castro (U0CAROL): needs 1 approval',
    )
    expect(out).toContain('Change #1 is recorded, asked for by Alice Arden (U0ALICE).')
    const card = await slack.waitFor(() => bob.cards()[0], 'the card')
    expect(bob.readsCard(card)).toMatch(/Asked for by @U0ALICE .*\nEntered for them at a terminal by operator root/)
    const dm = await slack.waitFor(() => alice.dms()[0], 'the word to Alice')
    expect(dm).toContain("It was entered for you at a terminal by operator root. If you don't want it, press Cancel")
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.takenUpdates()).toBe(1)
    expect((await audit(1))[0]).toBe('operator:root proposed')
    expect((await world.store.get(1)).change).toMatchObject({ requester: 'U0ALICE', enteredBy: 'operator:root' })
  })

  test('may not be approved by the person it was entered for, but cancelled by them', async () => {
    const world = await startWorld({ transport: 'socket', config: { approvers: ['U0ALICE', 'U0BOB'] } })
    const { alice, slack, audit } = world
    await proposes(world)
    const card = await slack.waitFor(() => alice.cards()[0], 'the card')
    await alice.approves(card)
    expect((await alice.hears())[0]).toContain('whoever asks for a change may not decide on it')
    await alice.cancels(card)
    expect(await audit(1)).toEqual(['operator:root proposed', 'U0ALICE refused', 'U0ALICE cancelled'])
  })

  test('is made once with the same --origin, and another under that name is refused', async () => {
    const world = await start()
    await proposes(world, { origin: 'nightly-1' })
    const again = await proposes(world, { origin: 'nightly-1' })
    expect(again.out).toBe('Change #1 was recorded by an earlier run with this --origin. Nothing was done now.')
    const other = await proposes(world, { origin: 'nightly-1', name: 'other' })
    expect([other.ok, other.err]).toEqual([
      false,
      expect.stringMatching(/was used for change #1, which asked for some/),
    ])
    expect(await world.store.changes({ most: 9 })).toHaveLength(1)
  })

  test('is made once with the same --origin for a person who has an id in the organisation too', async () => {
    const world = await startWorld({ transport: 'socket', enterpriseId: 'E0SANDBOX' })
    for (const { id } of [world.alice, world.bob])
      await world.slack.admin.changePerson(id, { globalId: id.replace('U', 'W') })
    for (const as of ['U0ALICE', 'U0ALICE', 'W0ALICE']) await proposes(world, { as, origin: 'nightly-1' })
    expect(await world.store.openChanges()).toMatchObject([{ change: { id: 1, requester: 'W0ALICE' } }])
    const again = await proposes(world, { origin: 'nightly-1' })
    expect(again.out).toBe('Change #1 was recorded by an earlier run with this --origin. Nothing was done now.')
    const other = await proposes(world, { as: 'U0BOB', origin: 'nightly-1' })
    expect(other.err).toContain('was used for change #1, which asked for something else')
  })

  test('can still be asked for again under its --origin once the token is as it asked', async () => {
    const world = await start()
    await proposes(world, { origin: 'nightly-2' })
    const card = await world.slack.waitFor(() => world.bob.cards()[0], 'the card')
    await world.bob.approves(card)
    await world.slack.waitFor(() => /was applied/.test(world.bob.card(card).text), 'the outcome')
    expect((await proposes(world, { origin: 'nightly-2' })).out).toMatch(/^Change #1 was recorded by an earlier run/)
  })

  test('with --dry-run is judged the same, and leaves no trace, refused or not', async () => {
    const world = await start()
    const before = (await world.store.events()).length
    const { ok, out } = await proposes(world, { dryRun: true, name: 'preview-reader' })
    expect([ok, out]).toEqual([true, expect.stringMatching(/needs 1 approval.*\n\nNothing was recorded/s)])
    expect(out).toContain('Another token of this stack is already called "preview-reader", with the uid "blt')
    const refused = await proposes(world, { dryRun: true, as: 'U0GUS' })
    expect([refused.ok, refused.err]).toEqual([
      false,
      expect.stringMatching(/U0GUS can't ask for anything: guests may not use/),
    ])
    expect(await world.store.changes({ most: 9 })).toEqual([])
    expect(await world.store.events()).toHaveLength(before)
  })
})

describe('the gate at a terminal says no when the one in Slack does', () => {
  test('to a guest, to what the policy forbids, and to what nobody could approve; each is in the log as the operator', async () => {
    const refusing = { rules: [{ name: 'short names', when: { verdict: 'neutral' }, refuse: 'Keep the names.' }] }
    const policy = { may_ask: ['U0ALICE', 'U0BOB'], rules: [...refusing.rules, { name: 'all', approvers: ['U0BOB'] }] }
    const world = await startWorld({ transport: 'socket', config: { policy } })
    const said: [Partial<Proposal>, RegExp][] = [
      [{ as: 'U0GUS' }, /U0GUS can't ask for anything: guests may not use Countersign/],
      [{ as: 'U0NOBODY' }, /U0NOBODY can't ask for anything: people whom Slack does not know/],
      [{ as: 'U0MALLORY' }, /not among those who may ask/],
      [{}, /The policy forbids it \(short names\): Keep the names\./],
      [{ as: 'U0BOB', grant: ['asset=read'] }, /Too few people besides those who ask/],
    ]
    for (const [changes, words] of said) {
      for (const dryRun of [true, false]) {
        const { ok, err } = await proposes(world, { ...changes, dryRun })
        expect([ok, err]).toEqual([false, expect.stringMatching(words)])
      }
    }
    const refused = (await world.audit()).filter((entry) => entry.endsWith('refused'))
    expect(refused).toEqual(said.map(() => 'operator:root refused'))
  })

  test('while the approvals channel is open to others, and takes the same once it is not', async () => {
    const world = await start()
    const { slack } = world
    await slack.admin.changeChannel('C0APPROVALS', { isExtShared: true })
    const shared = await proposes(world)
    expect([shared.ok, shared.err]).toEqual([false, expect.stringContaining('shared with another organisation')])
    expect(await world.store.changes({ most: 9 })).toEqual([])
    await slack.admin.changeChannel('C0APPROVALS', { isExtShared: false })
    expect(await proposes(world)).toMatchObject({ ok: true })
  })

  test.each<[string, Partial<Proposal>, RegExp]>([
    ['a name that is too long', { name: 'x'.repeat(51) }, /at most 50 characters/],
    ['an unknown branch', { branch: ['+nowhere'] }, /no branch called nowhere/],
    ['a day that is over', { expires: '2020-01-01' }, /would have expired already/],
    ['no reason', { reason: ' ' }, /Say why/],
    ['nothing to change', { name: 'ci-deploy' }, /Nothing would change/],
    ['a token without its stack', { token: 'ci-deploy' }, /does not name a stack/],
    ['an unknown stack', { token: 'shop/ci-deploy' }, /There is no stack "shop"; there are website/],
    [
      'an unknown token',
      { token: 'website/ci-deplyo' },
      /no token called "website\/ci-deplyo"; there is website\/ci-d/,
    ],
    ['an e-mail that is neither on nor off', { notify: 'maybe' }, /--notify maybe can't be read: give yes or no/],
  ])('to %s, as at the fields of the form', async (_, changes, words) => {
    const world = await start()
    const { ok, err } = await proposes(world, changes)
    expect([ok, err]).toEqual([false, expect.stringMatching(words)])
    expect(await world.store.changes({ most: 9 })).toEqual([])
  })

  test('an alias is asked for with where it points at that moment, which is not drift to the running app', async () => {
    const world = await start()
    world.stack.point('preview', 'feature-x')
    const { ok, err } = await proposes(world, { alias: ['+preview'] })
    expect([ok, err]).toEqual([true, ''])
    const [asked] = await world.store.changes({ most: 1 })
    expect(asked?.change.after.aliasTargets).toEqual({ live: 'main', preview: 'feature-x' })
    await world.slack.waitFor(() => world.bob.cards().length > 0, 'the card')
    await world.bob.approves(world.bob.cards()[0]!)
    await world.slack.waitFor(() => /was applied/.test(world.bob.cards()[0]!.text), 'the outcome')
  })

  test('it says yes to every valid part of an edit', async () => {
    const world = await start()
    const edit = { description: 'New', notify: 'no', rates: '10/5', alias: ['-live'], branch: ['+feature-x'] }
    const { ok, out, err } = await proposes(world, { ...edit, grant: ['asset=write'], expires: '2099-01-01' })
    expect([ok, err]).toEqual([true, ''])
    for (const label of [
      'Description',
      'E-mail 7 days',
      'Rate limits',
      'Branch aliases',
      'Branches',
      'Assets',
      'Expires',
    ])
      expect(out).toContain(`${label}`)
  })
})

describe('an operator cancels at a terminal', () => {
  test('what somebody asked for in Slack: the card and the person who asked are told by whom, and why', async () => {
    const world = await start()
    const { alice, bob, slack, audit } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    const { ok, out } = await cancels(world, '#1', 'asked twice')
    expect([ok, out]).toEqual([true, 'Change #1 was cancelled; nothing was written.'])
    await slack.waitFor(() => /was cancelled/.test(bob.card(card).text), 'the card')
    expect(bob.readsCard(card)).toMatch(/was cancelled by operator root .*\nThe reason given:\nasked twice/)
    const dm = await slack.waitFor(() => alice.dms()[1], 'the word to Alice')
    expect(dm).toContain('was cancelled by operator root')
    expect((await audit(1)).at(-1)).toBe('operator:root cancelled')
  })

  test('once only, and not a change that does not exist', async () => {
    const world = await start()
    await world.alice.asksFor('ci-deploy', { name: 'ci' })
    await cancels(world, '1')
    for (const [id, words] of [
      ['1', /You can't cancel change #1 now: it was cancelled/],
      ['7', /There is no change #7/],
      ['x', /"x" is not the number of a change/],
    ] as const)
      expect(await cancels(world, id)).toMatchObject({ ok: false, err: expect.stringMatching(words) })
  })
})

describe('a request at a terminal', () => {
  test('is listed while it is open, and after that with --all; programs get the same with stable keys', async () => {
    const world = await start()
    const { env } = world
    await proposes(world)
    await proposes(world, { name: 'other' })
    await cancels(world, '1')
    const list = (options: Parameters<typeof listChanges>[0], columns: number | null = null) =>
      atTerminalOf(env, (terminal) => listChanges(options, terminal), columns)
    expect((await list({})).out).toMatch(
      /^CHANGE .*\n#2 +ci-deploy +website +Alice Arden \(U0ALICE\) .* is waiting for approval$/,
    )
    const ofItsName = async () => (await list({ all: true, token: 'ci-deploy' })).out
    expect(await ofItsName()).toMatch(/\n#2 .*\n#1 .* was cancelled$/)
    world.stack.edit('blt5c1de0000000a001', { name: 'ci-new' })
    await world.alice.says('/token list')
    await world.alice.hears()
    expect(await ofItsName()).toMatch(/\n#2 .*\n#1 .* was cancelled$/)
    for (const line of (await list({}, 80)).out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    const { changes } = JSON.parse((await list({ all: true, json: true })).out)
    expect(changes[1]).toMatchObject({
      id: 1,
      stack: 'website',
      token: { name: 'ci-deploy' },
      status: 'cancelled',
      requester: 'U0ALICE',
      enteredBy: 'operator:root',
      endedBy: 'operator:root',
      endedBecause: null,
      fields: [{ key: 'name', label: 'Name', before: 'ci-deploy', after: 'ci' }],
    })
  })

  test('says if there is none, and where to find those that ended', async () => {
    const world = await start()
    const list = async (options: Parameters<typeof listChanges>[0]) =>
      (await atTerminalOf(world.env, (terminal) => listChanges(options, terminal))).out
    expect(await list({ all: true })).toBe('Nobody has asked for a change yet.')
    expect(await list({})).toBe('No change is open. Add --all to list those that have ended.')
    await proposes(world)
    await cancels(world, '1')
    expect(await list({ token: 'ci-deploy' })).toBe(
      'No change to ci-deploy is open. Add --all to list those that have ended.',
    )
  })

  test('is shown as on its card, with everything in the log about it, and nothing that steers the terminal', async () => {
    const world = await start()
    world.stack.edit('blt5c1de0000000a001', { name: 'c\u0456-deploy' })
    await proposes(world, { token: 'website/blt5c1de0000000a001', name: 'ci\u001b[2J\u202e', reason: 'first\nsecond' })
    await cancels(world, '1', 'no')
    const show = (json: boolean) => atTerminalOf(world.env, (terminal) => showChange('1', { json }, terminal))
    const { out } = await show(false)
    expect(out).toMatch(/^Cancelled by "operator root": renames "c⟨U\+0456⟩-deploy" to "ci.* · #1\n/)
    expect((await atTerminalOf(world.env, (terminal) => listChanges({ all: true }, terminal))).out).toMatch(
      /\n#1 +c⟨U\+0456⟩-deploy /,
    )
    expect(out).toContain('Name: "c⟨U+0456⟩-deploy" → "ci⟨U+001B⟩[2J⟨U+202E⟩"')
    expect(out).toContain('  | first\n  | second')
    expect(out).toMatch(/ operator root +cancelled it: no$/)
    expect(out).toContain('operator root  entered it for U0ALICE: first⟨U+000A⟩second')
    const json = (await show(true)).out
    for (const said of [out, json]) expect(said).not.toMatch(/\p{Cc}(?<!\n)|\p{Cf}/u)
    expect(JSON.parse(json)).toMatchObject({
      change: { id: 1, after: { name: 'ci\u001b[2J\u202e' } },
      log: [
        { actor: 'operator:root', type: 'proposed' },
        { actor: 'operator:root', type: 'cancelled' },
      ],
    })
  })
})

const rule = { rule: 'two', parties: [{ from: ['U0BOB'], quorum: 1 }], confirm: false }

describe("the current policy's further demand, at a terminal", () => {
  test.each([
    [
      'what it asks for',
      { ...rule, rule: 'two' },
      'the rule “two” has to be met too',
      'The current policy asks for this as well',
    ],
    [
      'that nobody may',
      { forbidden: 'It is frozen.' },
      'nobody can approve it. It is frozen.',
      'Under the current policy, nobody can approve it. "It is frozen."',
    ],
    ['that it is the same again', null, 'it asks for the same as before', 'needs 1 approval'],
  ])('is shown with its entry in the log: %s', async (_, today, inLog, onCard) => {
    const world = await start()
    await world.alice.asksFor('ci-deploy', { name: 'ci' })
    await world.store.record(1, 'app', () => ({ type: 'ruled_anew', at: '2026-06-01T09:00:00.000Z', today }))
    const show = (json: boolean) => atTerminalOf(world.env, (terminal) => showChange('1', { json }, terminal))
    const { out } = await show(false)
    expect(out).toContain(`checked it against another policy: ${inLog}`)
    expect(out).toContain(onCard)
    expect(JSON.parse((await show(true)).out).change.requiredToday).toEqual(today)
  })
})

describe('a terminal that is not set up', () => {
  test('is told everything that is missing at once', async () => {
    const { ok, err } = await atTerminalOf({}, (terminal) => proposeChange(asked, terminal))
    expect(ok).toBe(false)
    for (const missing of ['SLACK_BOT_TOKEN is missing', 'COUNTERSIGN_CONFIG is missing'])
      expect(err).toContain(missing)
  })

  test('neither creates a database nor migrates one', async () => {
    const path = temporaryFile()
    const list = () => atTerminalOf({ COUNTERSIGN_DB: path }, (terminal) => listChanges({}, terminal))
    expect(await list()).toMatchObject({ ok: false, err: expect.stringMatching(/does not exist: set COUNTERSIGN_DB/) })
    openStore(path).close()
    const raw = rawConnection(path)
    raw.exec('delete from __drizzle_migrations where created_at = (select max(created_at) from __drizzle_migrations)')
    expect(await list()).toMatchObject({ ok: false, err: expect.stringMatching(/written by an older Countersign/) })
    raw.exec(`insert into __drizzle_migrations (hash, created_at) values ('x', 99999999999999)`)
    expect(await list()).toMatchObject({ ok: false, err: expect.stringMatching(/written by a newer Countersign/) })
  })

  test('writes nothing into a log that is chained with another key', async () => {
    const world = await start()
    await world.alice.asksFor('ci-deploy', { name: 'ci' })
    const env = { ...world.env, AUDIT_KEY: 'another key than that of the app, and long' }
    const { ok, err } = await atTerminalOf(env, (terminal) => cancelChange('1', {}, terminal))
    expect([ok, err]).toEqual([false, expect.stringMatching(/log that was written with another AUDIT_KEY/)])
    expect((await world.store.get(1)).change.status).toBe('pending')
  })

  test('says so when the log is locked for good', async () => {
    const world = await start()
    await world.alice.asksFor('ci-deploy', { name: 'ci' })
    const freed = failWrites('insert into "audit_events"', { message: 'full' })
    const { ok, err } = await cancels(world, '1')
    expect([ok, err]).toEqual([false, expect.stringContaining('full')])
    freed()
  })
})

describe('on the command line', () => {
  test('a change is proposed as the user of this machine, and its output for programs is one document', async () => {
    const { env, audit } = await start()
    const args = ['--token', 'website/ci-deploy', '--as', 'U0ALICE', '--reason', 'moved', '--grant', 'asset=read']
    const { code, out, err } = await runCommand(['change', 'propose', ...args, '--json'], env)
    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(out)).toMatchObject({
      recorded: true,
      earlier: false,
      edit: { verdict: 'widens' },
      change: { id: 1 },
    })
    expect((await audit(1))[0]).toBe(`operator:${userInfo().username} proposed`)
  })

  test.each(['approve', 'reject', 'amend', 'rebase'])('there is no way to %s', async (verb) => {
    const { code, err } = await runCommand(['change', verb, '1'], {})
    expect([code, err]).toEqual([2, expect.stringContaining(`unknown command '${verb}'`)])
  })
})

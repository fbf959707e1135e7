import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { createApp } from '../../../src/app/app.ts'
import { createLog } from '../../../src/app/log.ts'
import { appFromManifest } from '../../../src/cli/demo/demo.ts'
import { demoPeople, demoPolicy, demoUserGroups } from '../../../src/cli/demo/workspace.ts'
import { loadConfig } from '../../../src/config/config.ts'
import { ConfigProblems } from '../../../src/config/settings.ts'
import type { EmulatedSlack } from '../../../src/sandbox/slack/protocol.ts'
import { startSlack } from '../../../src/sandbox/slack/slack.ts'
import { startStack } from '../../../src/sandbox/stack/stack.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { eventually } from '../../support/eventually.ts'
import { createPerson } from '../../support/person.ts'

const approvals = 'C0APPROVALS'

/** The app before its start, between the demo's workspace and a stack, under the demo's policy unless given another. */
async function surroundings(policy: object = demoPolicy) {
  const slack = await startSlack({ app: appFromManifest(), people: demoPeople, userGroups: demoUserGroups })
  onTestFinished(() => slack.stop())
  const stack = await startStack({ title: 'Website' })
  onTestFinished(() => stack.stop())
  const folder = mkdtempSync(join(tmpdir(), 'countersign-whole-app-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const website = { name: 'website', api_key: stack.apiKey, base_url: stack.url, requests_per_second: 1000 }
  const path = join(folder, 'countersign.yaml')
  writeFileSync(path, stringify({ channel: approvals, policy, stacks: [website], timing: { sweep: 0.05 } }))
  const config = loadConfig({
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: `${slack.url}/api/`,
    CONTENTSTACK_AUTHTOKEN: stack.authtoken,
    COUNTERSIGN_CONFIG: path,
    COUNTERSIGN_DB: join(folder, 'countersign.db'),
  })
  const logs: string[] = []
  const app = createApp(config, { log: createLog(config, { write: (line: string) => void logs.push(line) }) })
  return { slack, stack, config, app, logs }
}

async function startWorld() {
  const { slack, stack, config, app, logs } = await surroundings()
  await app.start()
  onTestFinished(() => app.stop())
  const store = openStore(config.database)
  onTestFinished(() => store.close())
  await eventually(async () => expect(await store.knownFacts('website')).not.toBeNull())
  const person = (id: string) => createPerson({ slack, store }, id)
  const refusals = async () =>
    (await store.events()).flatMap(({ actor, event }) => (event.type === 'refused' ? [[actor, event.attempted]] : []))
  return { slack, stack, config, logs, refusals, alice: person('U0ALICE'), bob: person('U0BOB'), person }
}

async function startProblems(change: (world: Awaited<ReturnType<typeof surroundings>>) => unknown, policy?: object) {
  const world = await surroundings(policy)
  await change(world)
  const refused = await world.app.start().catch((error: unknown) => error)
  if (!(refused instanceof ConfigProblems)) throw new Error('expected the start to be refused', { cause: refused })
  expect(world.slack.connections).toBe(0)
  return refused.problems
}

describe('at start', () => {
  test('a channel that is shared with another organisation is refused, in words, and nothing is opened', async () => {
    const problems = await startProblems(({ slack }) => slack.admin.changeChannel(approvals, { isExtShared: true }))
    expect(problems).toEqual([expect.stringMatching(/^The approvals channel C0APPROVALS of website is shared with/)])
  })

  test('calls that Slack wants to rest are not made before that is over, and the log says so once', async () => {
    const { slack, app, logs } = await surroundings()
    slack.trouble.leaveAlone['auth.test'] = Date.now() + 3_600_000
    const starting = app.start().catch((error: unknown) => error)
    const waits = () => logs.filter((line) => line.includes('Slack got too many calls to auth.test'))
    await eventually(() => expect(waits()).toHaveLength(1))
    expect(waits()[0]).toMatch(/pauses them until [^"]* \(Slack asked for \d+ s\)".*tries again in 600 s\./)
    await app.stop()
    expect(await starting).toMatchObject({ name: 'AbortError' })
    expect(slack.calls.map(({ method }) => method).sort()).toEqual(['apps.connections.open', 'auth.test'])
  })

  test('mistakes in the file itself are refused, all at once', async () => {
    const rules = [
      { name: 'both', when: { verdict: 'widens' }, approvers: ['U0BOB', 'U0BOBB'], quorum: 2 },
      { name: 'a bot', when: { verdict: 'narrows' }, approvers: 'U0APPBOT' },
      { name: 'a group', approvers: 'S0NOWHERE' },
    ]
    expect(await startProblems(() => {}, { rules, may_ask: 'U0ALISE' })).toEqual([
      'The policy of website: the rule "a group": Slack knows no user group S0NOWHERE.',
      expect.stringContaining('may_ask: none of U0ALISE may ask for anything'),
      expect.stringContaining(
        'the rule "both" wants 2 approvals by different people, but only 1 of those it names may give one',
      ),
      expect.stringContaining('the rule "a bot" wants 1 approval, but only 0 of those it names may'),
    ])
  })

  test.each(['users:read', 'usergroups:read', 'channels:read'])('a missing scope %s is reported', async (scope) => {
    const problems = await startProblems(({ slack }) => slack.scopes.delete(scope))
    expect(problems).toEqual([expect.stringContaining(`lacks the scope ${scope}`)])
  })

  test('a group that has more members than a rule needs costs no look at each of them', async () => {
    const users = ['U0BOB', 'U0CAROL', 'U0DAVE', 'U0MALLORY', 'U0ALICE']
    const { slack, app } = await surroundings({ rules: [{ name: 'all', approvers: 'S0OWNERS' }] })
    await slack.admin.changeUserGroup('S0OWNERS', { users })
    await app.start()
    onTestFinished(() => app.stop())
    const looks = slack.calls.filter(({ method }) => method === 'users.info').map(({ args }) => args.user)
    expect(looks.sort()).toEqual(['U0APPBOT', 'U0BOB'])
  })
})

describe('somebody who is not a full member here', () => {
  test('gets nothing from the command but the reason, and it is recorded', async () => {
    const { person, refusals, slack } = await startWorld()
    const gus = person('U0GUS')
    await gus.says('/token edit ci-deploy')
    expect(await gus.hears()).toEqual(['This is not for you: guests may not use Countersign. Nothing was done.'])
    expect(gus.modal()).toBeUndefined()
    expect(slack.calls.filter(({ method }) => method === 'views.open')).toEqual([])
    expect(await refusals()).toEqual([['U0GUS', '/token']])
  })

  test.each([
    ['U0GUS', 'guests may not use Countersign'],
    ['U0SAM', 'people from other workspaces may not use Countersign'],
  ])('approves nothing, even as a member of the group that decides: %s', async (id, why) => {
    const { alice, person, refusals, stack } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { description: 'Deploys the website' })
    const outsider = person(id)
    await outsider.approves(card)
    expect(await outsider.hears()).toEqual([`This is not for you: ${why}. Nothing was done.`])
    expect(await refusals()).toEqual([[id, 'approve 1:1']])
    expect(stack.takenUpdates()).toBe(0)
  })

  test('a member who becomes a guest is treated as one from their next act on', async () => {
    const { alice, bob, slack } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { description: 'Deploys the website' })
    await bob.says('/token help')
    await slack.admin.changePerson('U0BOB', { isRestricted: true })
    await bob.approves(card)
    await slack.waitFor(() => bob.toldPrivately().some((text) => text.includes('guests may not')), 'the refusal')
  })

  test('a member who leaves the group may not decide with the next thing they do', async () => {
    const { alice, bob, slack, stack } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { description: 'Deploys the website' })
    await slack.admin.changeUserGroup('S0OWNERS', { users: ['U0CAROL'] })
    await bob.approves(card)
    expect((await bob.hears())[0]).toContain('only the people its rule names may decide')
    expect(stack.takenUpdates()).toBe(0)
  })
})

describe('when the approvals channel becomes shared', () => {
  test('nothing can be asked for any longer, nothing is posted there, and the log says so', async () => {
    const { alice, slack, logs } = await startWorld()
    await alice.opens('ci-deploy')
    await alice.fillsIn({ description: 'Deploys the website', reason: 'Clearer' })
    await slack.admin.changeChannel(approvals, { isExtShared: true })
    await alice.submits()
    const said = JSON.stringify([alice.modal()?.view, alice.errors()])
    expect(said).toContain('No change can be asked for now, and nothing was sent. Tell whoever runs Countersign: ')
    expect(said).toContain('the approvals channel C0APPROVALS is shared with another organisation')
    expect(slack.calls.filter(({ method }) => method === 'chat.postMessage')).toEqual([])
    expect(logs.some((line) => line.includes('An approvals channel is now shared'))).toBe(true)
  })

  test('a card that is there is not redrawn until the sharing ends', async () => {
    const { alice, bob, slack, stack, logs } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { description: 'Deploys the website' })
    await slack.admin.changeChannel(approvals, { isExtShared: true })
    await bob.approves(card)
    await slack.waitFor(() => alice.dms().some((text) => text.includes('was applied')), 'the word to Alice')
    expect(stack.takenUpdates()).toBe(1)
    expect(slack.calls.filter(({ method }) => method === 'chat.update')).toEqual([])
    expect(logs.some((line) => line.includes('The card of change #1 has to be tried again.'))).toBe(true)
  })
})

test('recent writes are moved into the database file while the app runs, and not when somebody waits for it', async () => {
  const { config } = await startWorld()
  await eventually(() => expect(readFileSync(config.database).includes('ci-deploy')).toBe(true))
})

describe('something that another version of the app has left in Slack', () => {
  const another = 'This belongs to another version of Countersign, so nothing was done.'
  const text = (text: string) => ({ type: 'plain_text', text })

  /** Calls as the app's bot, which all its versions share. */
  async function call({ url, botToken }: EmulatedSlack, method: string, args: object): Promise<void> {
    const headers = { authorization: `Bearer ${botToken}`, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/api/${method}`, { method: 'POST', headers, body: JSON.stringify(args) })
    expect(await answer.json()).toMatchObject({ ok: true })
  }

  test('is answered if it is a button', async () => {
    const { alice, slack } = await startWorld()
    const button = { type: 'button', text: text('Decide'), action_id: 'decide_later', value: '1:1' }
    const blocks = [{ type: 'actions', elements: [button] }]
    await call(slack, 'chat.postMessage', { channel: approvals, text: 'A card', blocks })
    await alice.presses(alice.messages(approvals).at(-1)!, 'decide_later')
    expect((await alice.hears())[0]).toContain(another)
  })

  test('is answered if it is a form', async () => {
    const { alice, slack } = await startWorld()
    const { id } = await alice.opens('ci-deploy')
    const input = {
      type: 'input',
      block_id: 'why',
      label: text('Why'),
      element: { type: 'plain_text_input' },
      optional: true,
    }
    const view = {
      type: 'modal',
      callback_id: 'older_form',
      title: text('Older'),
      submit: text('Send'),
      blocks: [input],
    }
    await call(slack, 'views.update', { view_id: id, view })
    await alice.submits()
    expect(JSON.stringify(alice.modal()?.view)).toContain(another)
  })
})

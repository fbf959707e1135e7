import { describe, expect, test } from 'vitest'
import { openWebApi } from '../../../src/slack/calls/web-api.ts'
import { createPeople, forgetWhatChanges } from '../../../src/slack/people/people.ts'
import { createRecent } from '../../../src/slack/people/recent.ts'
import { alice, bob, carol } from '../../support/world.ts'
import { deliverEvent, startBolt, startWebApi, startWorkspace } from '../workspace.ts'

const people = [
  { id: alice, name: 'alice', realName: 'Alice Arden' },
  { id: bob, name: 'bob', realName: 'Bob Brandt' },
  { id: carol, name: 'carol', realName: 'Carol Castro' },
  { id: 'U0GONE', name: 'gone', realName: 'Gone', deleted: true },
  { id: 'U0GUEST', name: 'guest', realName: 'Guest', isRestricted: true },
  { id: 'U0SINGLE', name: 'single', realName: 'Single', isUltraRestricted: true },
  { id: 'U0STRANGER', name: 'stranger', realName: 'Stranger', isStranger: true },
  { id: 'U0ELSEWHERE', name: 'elsewhere', realName: 'Elsewhere', teamId: 'T0OTHER' },
  { id: 'U0ROBOT', name: 'robot', realName: 'Robot', isBot: true },
]
const owners = { id: 'S0OWNERS', name: 'Owners', handle: 'owners', users: [bob, carol] }
const disabled = { id: 'S0OLD', name: 'Old', handle: 'old', users: [bob], isDisabled: true }
const empty = { id: 'S0EMPTY', name: 'Empty', handle: 'empty', users: [] }

async function workspace() {
  const world = await startWorkspace({ people, userGroups: [owners, disabled, empty] })
  const known = createPeople({ client: world.client, installation: world.installation, now: world.clock.now })
  return { ...world, people: known }
}

/** People as one answer of `users.info` describes them, for an app installed as `auth.test` says. */
async function peopleWhoAre(user: object, auth: object = {}) {
  const access = await startWebApi({
    'auth.test': { ok: true, url: 'https://x.slack.com/', team_id: 'T1', user_id: 'U1', bot_id: 'B1', ...auth },
    'users.info': { ok: true, user: { id: 'U2', deleted: false, ...user } },
  })
  return createPeople({ ...(await openWebApi(access)), now: () => new Date(0) })
}

const fullMember = { team_id: 'T1', is_bot: false, is_restricted: false, is_ultra_restricted: false }

const elsewhere = 'people from other workspaces may not use Countersign'

describe('who may use Countersign', () => {
  test('a full member may', async () => {
    const { people } = await workspace()
    expect(await people.obstacle(alice)).toBeNull()
  })

  test.each([
    ['U0GONE', 'deactivated members'],
    ['U0GUEST', 'guests'],
    ['U0SINGLE', 'guests'],
    ['U0STRANGER', 'people from other workspaces'],
    ['U0ELSEWHERE', 'people from other workspaces'],
    ['U0ROBOT', 'bots'],
    ['U0APPBOT', 'bots'],
    ['USLACKBOT', 'bots'],
    ['U0NOBODY', 'people whom Slack does not know in this workspace'],
  ])('%s may not, and is told why', async (person, who) => {
    const { people } = await workspace()
    expect(await people.obstacle(person)).toBe(`${who} may not use Countersign`)
  })

  test('somebody whom this app may not see may not, like somebody whom Slack does not know', async () => {
    const { slack, people } = await workspace()
    slack.trouble.fail['users.info'] = 'user_not_visible'
    expect(await people.obstacle(bob)).toBe('people whom Slack does not know in this workspace may not use Countersign')
  })

  test('a bot that a workflow acts through may not', async () => {
    const people = await peopleWhoAre({ ...fullMember, is_workflow_bot: true })
    expect(await people.obstacle('U2')).toBe('bots may not use Countersign')
  })

  test.each(['is_bot', 'is_restricted', 'is_ultra_restricted'])(
    'somebody of whom Slack does not say %s is nobody',
    async (field) => {
      const people = await peopleWhoAre({ ...fullMember, [field]: undefined })
      await expect(people.obstacle('U2')).rejects.toThrow('Slack did not say whether U2 is a full member')
    },
  )

  test('an answer that says nothing about a person is no answer', async () => {
    const people = await peopleWhoAre({ deleted: undefined })
    await expect(people.obstacle('U2')).rejects.toThrow()
  })

  test('in an app installed for one workspace, members of others in the same organisation are strangers', async () => {
    const people = await peopleWhoAre(
      { ...fullMember, team_id: 'T2', enterprise_user: { enterprise_id: 'E1' } },
      { enterprise_id: 'E1' },
    )
    expect(await people.obstacle('U2')).toBe('people from other workspaces may not use Countersign')
  })

  test.each([
    ['is in ours too', { enterprise_id: 'E1', teams: ['T1', 'T2'] }, null],
    ['is in others only', { enterprise_id: 'E1', teams: ['T2', 'T3'] }, elsewhere],
    ['is in one of that id of another organisation', { enterprise_id: 'E2', teams: ['T1'] }, elsewhere],
    ['is of no organisation that Slack names', { teams: ['T1'] }, elsewhere],
  ])('whose home is another workspace and who %s', async (_, enterprise_user, obstacle) => {
    const people = await peopleWhoAre({ ...fullMember, team_id: 'T2', enterprise_user }, { enterprise_id: 'E1' })
    expect(await people.obstacle('U2')).toBe(obstacle)
    const alone = await peopleWhoAre({ ...fullMember, team_id: 'T2', enterprise_user })
    expect(await alone.obstacle('U2')).toBe(elsewhere)
  })

  test('somebody at home in another workspace can be a guest or have left all the same', async () => {
    const enterprise_user = { enterprise_id: 'E1', teams: ['T1', 'T2'] }
    for (const less of [{ deleted: true }, { is_restricted: true }, { is_stranger: true }]) {
      const found = { ...fullMember, team_id: 'T2', enterprise_user, ...less }
      expect(await (await peopleWhoAre(found, { enterprise_id: 'E1' })).obstacle('U2')).not.toBeNull()
    }
  })

  test.each([
    ['of the organisation', { enterprise_user: { enterprise_id: 'E1' } }, null],
    [
      'of another one',
      { enterprise_user: { enterprise_id: 'E2' } },
      'people from other workspaces may not use Countersign',
    ],
    ['of none that Slack names', {}, 'people from other workspaces may not use Countersign'],
  ])('of an app installed for an organisation, the members are those %s', async (_, user, obstacle) => {
    const people = await peopleWhoAre(
      { ...fullMember, team_id: 'T2', ...user },
      { enterprise_id: 'E1', is_enterprise_install: true },
    )
    expect(await people.obstacle('U2')).toBe(obstacle)
  })

  test('an organisation that Slack does not name has no members', async () => {
    const people = await peopleWhoAre({ ...fullMember, enterprise_user: {} }, { is_enterprise_install: true })
    expect(await people.obstacle('U2')).toBe('people from other workspaces may not use Countersign')
  })
})

describe("Slack's word on a person", () => {
  test('is relied on for less than a minute', async () => {
    const { people, clock, asked } = await workspace()
    await people.obstacle(bob)
    clock.pass(59)
    await people.obstacle(bob)
    expect(asked('users.info')).toBe(1)
    clock.pass(1)
    await people.obstacle(bob)
    expect(asked('users.info')).toBe(2)
  })

  test('is not relied on any longer because the time of day was set back', async () => {
    const { people, clock, slack } = await workspace()
    expect(await people.obstacle(bob)).toBeNull()
    expect(await people.members('S0OWNERS')).toContain(bob)
    await slack.admin.changePerson(bob, { deleted: true })
    await slack.admin.changeUserGroup('S0OWNERS', { users: [carol] })
    clock.pass(-24 * 3600)
    expect(await people.obstacle(bob)).toBe('deactivated members may not use Countersign')
    expect(await people.members('S0OWNERS')).toEqual([carol])
  })

  test('is relied on for less than a minute by a clock that nobody sets, whatever the time of day is made to say', async () => {
    const world = await startWorkspace({ people })
    let ticks = 5000
    const known = createPeople({ ...world, now: () => new Date(0), ticks: () => ticks })
    expect(await known.obstacle(bob)).toBeNull()
    await world.slack.admin.changePerson(bob, { deleted: true })
    ticks += 59_999
    expect(await known.obstacle(bob)).toBeNull()
    ticks += 1
    expect(await known.obstacle(bob)).toBe('deactivated members may not use Countersign')
  })

  test('serves everybody who asks meanwhile', async () => {
    const { people, asked } = await workspace()
    await Promise.all([people.obstacle(bob), people.obstacle(bob), people.nameOf(bob)])
    expect(asked('users.info')).toBe(1)
  })

  test('is nothing when Slack cannot be asked, and is asked again the next time', async () => {
    const { people, slack } = await workspace()
    slack.trouble.down = true
    await expect(people.obstacle(bob)).rejects.toThrow()
    slack.trouble.down = false
    expect(await people.obstacle(bob)).toBeNull()
  })

  test('is not what Slack said before an outage, once that is a minute old', async () => {
    const { people, slack, clock } = await workspace()
    await people.obstacle(bob)
    slack.trouble.down = true
    clock.pass(60)
    await expect(people.obstacle(bob)).rejects.toThrow()
  })

  test('is not a "no" if it is a complaint about the app', async () => {
    const { people, slack } = await workspace()
    slack.scopes.delete('users:read')
    await expect(people.obstacle(bob)).rejects.toThrow('missing_scope')
  })

  test('is forgotten when Slack reports that the person has changed', async () => {
    const { people, slack, access } = await workspace()
    const bolt = await startBolt(access)
    forgetWhatChanges(bolt, people)
    expect(await people.obstacle(bob)).toBeNull()
    await slack.admin.changePerson(bob, { isRestricted: true })
    expect(await people.obstacle(bob)).toBeNull()
    await deliverEvent(bolt, { type: 'user_change', user: { id: bob } })
    expect(await people.obstacle(bob)).toBe('guests may not use Countersign')
  })

  test('is not kept if it was asked before the person changed, and came after', async () => {
    const { people, slack } = await workspace()
    const early = people.obstacle(bob)
    people.forgetPerson(bob)
    await early
    await slack.admin.changePerson(bob, { deleted: true })
    expect(await people.obstacle(bob)).toBe('deactivated members may not use Countersign')
  })

  test('is kept when an older question, asked before the person changed, ends in an error', async () => {
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
    let asked = 0
    const recent = createRecent({ lookUp: () => answers[asked++]!.promise, now: () => new Date(0) })
    const early = recent.get(bob)
    recent.forget(bob)
    const late = recent.get(bob)
    answers[0]!.reject(new Error('timeout'))
    answers[1]!.resolve('a member')
    await expect(early).rejects.toThrow('timeout')
    expect([await late, await recent.get(bob), asked]).toEqual(['a member', 'a member', 2])
  })

  test('includes what people call them, and which app a bot belongs to', async () => {
    const { people } = await workspace()
    expect(await people.nameOf(bob)).toBe('Bob Brandt')
    expect(await people.nameOf('U0NOBODY')).toBe('U0NOBODY')
    expect(await people.appOf('U0APPBOT')).toBe('A0SANDBOX')
    expect(await people.appOf('U0NOBODY')).toBeNull()
    const bare = await peopleWhoAre({ ...fullMember, name: 'carla' })
    expect([await bare.nameOf('U2'), await bare.appOf('U2')]).toEqual(['carla', null])
  })

  test('says whether they are a person at all', async () => {
    const { people } = await workspace()
    const all = [bob, 'U0GUEST', 'U0ROBOT', 'USLACKBOT', 'U0NOBODY']
    expect(await Promise.all(all.map(people.isSomebody))).toEqual([true, true, false, false, false])
  })
})

describe('in an organisation, somebody who has an id there and another in the workspace', () => {
  const both = { id: bob, name: 'bob', realName: 'Bob Brandt', globalId: 'W0BOB' }

  async function organisation() {
    const group = { ...owners, users: [bob, carol] }
    const world = await startWorkspace({ enterpriseId: 'E1', people: [both, ...people.slice(2)], userGroups: [group] })
    const known = createPeople({ client: world.client, installation: world.installation, now: world.clock.now })
    return { ...world, people: known }
  }

  test('is known by the one in the organisation, whichever is asked about, and in user groups', async () => {
    const { people } = await organisation()
    expect(await Promise.all([bob, 'W0BOB', carol].map(people.canonical))).toEqual(['W0BOB', 'W0BOB', carol])
    expect(await people.members('S0OWNERS')).toEqual(['W0BOB', carol])
  })

  test('is known as a member of user groups even to a process that has met nobody yet', async () => {
    const { people } = await organisation()
    expect(await people.members('S0OWNERS')).toEqual(['W0BOB', carol])
  })

  test('is asked about once to know that, and forgetting one id forgets nobody else', async () => {
    const { people, clock, asked } = await organisation()
    await people.canonical(bob)
    clock.pass(61)
    await people.canonical(bob)
    expect(asked('users.info')).toBe(1)
    await Promise.all([bob, 'W0BOB', carol].map(people.obstacle))
    const before = asked('users.info')
    people.forgetPerson(carol)
    await Promise.all([bob, 'W0BOB'].map(people.obstacle))
    expect(asked('users.info')).toBe(before)
  })

  test('is forgotten under both when Slack reports that they have changed under one', async () => {
    for (const id of [bob, 'W0BOB']) {
      const { people, slack } = await organisation()
      expect(await Promise.all([bob, 'W0BOB'].map(people.obstacle))).toEqual([null, null])
      await slack.admin.changePerson(bob, { deleted: true })
      people.forgetPerson(id)
      for (const one of [bob, 'W0BOB'])
        expect(await people.obstacle(one)).toBe('deactivated members may not use Countersign')
    }
  })

  test('is nobody while Slack cannot be asked', async () => {
    const { people, slack } = await organisation()
    slack.trouble.down = true
    await expect(people.canonical(bob)).rejects.toThrow()
  })

  test('keeps their one id where there is no organisation, and Slack is not asked', async () => {
    const { people, asked } = await workspace()
    expect(await people.canonical(bob)).toBe(bob)
    expect(asked('users.info')).toBe(0)
  })
})

describe('a user group', () => {
  test('has the members that Slack lists', async () => {
    const { people } = await workspace()
    expect(await people.members('S0OWNERS')).toEqual([bob, carol])
  })

  test.each(['S0OLD', 'S0EMPTY', 'S0UNKNOWN'])('that is disabled, empty or not there means nobody: %s', async (id) => {
    const { people } = await workspace()
    expect(await people.members(id)).toEqual([])
  })

  test.each([
    ['a workspace that it names', { team_id: 'T1' }, []],
    ['the one workspace that the app is given', { team_id: 'E1' }, [{ id: 'T1' }]],
    ['the one workspace, where no team is named at all', { team_id: undefined }, [{ id: 'T1' }]],
  ])('of an organisation-wide install is asked of %s', async (_, auth, teams) => {
    const { people, calls } = await ofOrganisation(auth, teams)
    expect(await people.members('S1')).toEqual([bob])
    const asked = calls.filter((call) => call.startsWith('usergroups.'))
    expect(asked.sort()).toEqual([
      'usergroups.list team_id=T1&include_disabled=true',
      'usergroups.users.list team_id=T1&usergroup=S1',
    ])
  })

  test.each([
    ['several workspaces', [{ id: 'T1' }, { id: 'T2' }]],
    ['none', []],
    ['something else', [{ id: 'E1' }]],
  ])('of an organisation-wide install that is given %s is not read at all', async (_, teams) => {
    const { people, calls } = await ofOrganisation({ team_id: 'E1' }, teams)
    await expect(people.members('S1')).rejects.toThrow('it is not clear whose user groups count')
    expect(calls.filter((call) => call.startsWith('usergroups.'))).toEqual([])
  })

  test('of one workspace is asked for without naming it', async () => {
    const { people, calls } = await ofOrganisation({ team_id: 'T1', is_enterprise_install: false }, [])
    await people.members('S1')
    expect(calls.filter((call) => call.includes('team'))).toEqual([])
  })

  async function ofOrganisation(auth: object, teams: readonly object[]) {
    const access = await startWebApi({
      'auth.test': {
        ...{ ok: true, url: 'https://x.slack.com/', user_id: 'U1', bot_id: 'B1', enterprise_id: 'E1' },
        ...{ is_enterprise_install: true, ...auth },
      },
      'auth.teams.list': { ok: true, teams },
      'usergroups.list': { ok: true, usergroups: [{ id: 'S1', handle: 'owners', date_delete: 0 }] },
      'usergroups.users.list': { ok: true, users: [bob] },
      'users.info': { ok: false, error: 'user_not_found' },
    })
    return { people: createPeople({ ...(await openWebApi(access)), now: () => new Date(0) }), calls: access.calls }
  }

  test('is named in one short line without a secret, whatever handle Slack gives for it', async () => {
    const handle = `<html>\n  xoxb-1-secret ${'x'.repeat(6000)}`
    const access = await startWebApi({
      'auth.test': { ok: true, url: 'https://x.slack.com/', team_id: 'T1', user_id: 'U1', bot_id: 'B1' },
      'usergroups.list': { ok: true, usergroups: [{ id: 'S1', handle, date_delete: 0 }] },
    })
    const people = createPeople({ ...(await openWebApi(access)), now: () => new Date(0) })
    expect((await people.group('S1'))?.handle).toMatch(/^<html> \[secret\] x{200,290}…$/)
  })

  test('that is disabled means nobody even if Slack still lists its members', async () => {
    const access = await startWebApi({
      'auth.test': { ok: true, url: 'https://x.slack.com/', team_id: 'T1', user_id: 'U1', bot_id: 'B1' },
      'usergroups.list': { ok: true, usergroups: [{ id: 'S1', handle: 'old', date_delete: 1 }] },
      'usergroups.users.list': { ok: true, users: [bob] },
    })
    const people = createPeople({ ...(await openWebApi(access)), now: () => new Date(0) })
    expect(await people.members('S1')).toEqual([])
  })

  test.each(['usergroups.list', 'usergroups.users.list'])(
    'that cannot be read is no answer at all, and is asked for again: %s',
    async (method) => {
      const { people, slack } = await workspace()
      slack.trouble.fail[method] = 'internal_error'
      await expect(people.members('S0OWNERS')).rejects.toThrow('internal_error')
      delete slack.trouble.fail[method]
      expect(await people.members('S0OWNERS')).toEqual([bob, carol])
    },
  )

  test('is relied on for less than a minute', async () => {
    const { people, slack, clock, asked } = await workspace()
    await people.members('S0OWNERS')
    await slack.admin.changeUserGroup('S0OWNERS', { users: [carol] })
    clock.pass(59)
    expect(await people.members('S0OWNERS')).toEqual([bob, carol])
    expect([asked('usergroups.list'), asked('usergroups.users.list')]).toEqual([1, 1])
    clock.pass(1)
    expect(await people.members('S0OWNERS')).toEqual([carol])
  })

  test('is asked for again when Slack reports that its members have changed', async () => {
    const { people, slack, access } = await workspace()
    const bolt = await startBolt(access)
    forgetWhatChanges(bolt, people)
    await people.members('S0OWNERS')
    await slack.admin.changeUserGroup('S0OWNERS', { users: [carol] })
    await deliverEvent(bolt, { type: 'subteam_members_changed', subteam_id: 'S0OWNERS' })
    expect(await people.members('S0OWNERS')).toEqual([carol])
  })

  test('is asked for again when Slack reports that it was disabled', async () => {
    const { people, slack, access } = await workspace()
    const bolt = await startBolt(access)
    forgetWhatChanges(bolt, people)
    await people.members('S0OWNERS')
    await slack.admin.changeUserGroup('S0OWNERS', { isDisabled: true })
    await deliverEvent(bolt, { type: 'subteam_updated', subteam: { id: 'S0OWNERS' } })
    expect(await people.members('S0OWNERS')).toEqual([])
    expect(await people.group('S0OWNERS')).toEqual({ id: 'S0OWNERS', handle: 'owners', disabled: true })
  })
})

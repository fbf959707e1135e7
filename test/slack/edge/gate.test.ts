import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Fact } from '../../../src/domain/audit/fact.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { openWebApi } from '../../../src/slack/calls/web-api.ts'
import { answeringErrors } from '../../../src/slack/edge/edge.ts'
import { createGate } from '../../../src/slack/edge/gate.ts'
import { createRoutes } from '../../../src/slack/edge/routes.ts'
import { createPeople } from '../../../src/slack/people/people.ts'
import { createClock } from '../../support/clock.ts'
import { alice } from '../../support/world.ts'
import { startBolt, startWebApi, startWorkspace } from '../workspace.ts'

const guest = 'U0GUEST'
const people = [
  { id: alice, name: 'alice', realName: 'Alice Arden' },
  { id: guest, name: 'guest', realName: 'Guest', isRestricted: true },
  { id: 'U0STRANGER', name: 'stranger', realName: 'Stranger', isStranger: true, teamId: 'T0OTHER' },
]

type Access = { botToken: string; apiUrl: string }

/** Bolt behind the gate, and the result of a delivery: did a listener see it, and how was it answered? */
async function gateTo(access: Access, appId: string | null = null, now = createClock().now) {
  const { client, installation } = await openWebApi(access)
  const noted: [string, Fact][] = []
  const seen: string[] = []
  const bolt = await startBolt(access)
  bolt.use(answeringErrors({ keep: () => {} }))
  const known = createPeople({ client, installation, now })
  const log = { readOnly: false }
  const note = async (fact: Fact, actor: string) => {
    if (log.readOnly) throw new Refusal('unavailable', 'The app is read-only.')
    noted.push([actor, fact])
  }
  bolt.use(createGate({ installation, appId, people: known, note }))
  bolt.use(async ({ body, next }) => {
    seen.push(String((body as { type?: string }).type ?? 'command'))
    await next()
  })
  return { bolt, deliver, log, noted, seen }

  /** Resolves to the body of its ack; undefined if there was none. */
  async function deliver(body: Readonly<Record<string, unknown>>): Promise<unknown> {
    let acked: unknown
    const delivery = { acked: false }
    await bolt.processEvent({
      body,
      ack: async (response) => {
        delivery.acked = true
        acked = response ?? 'empty'
      },
      customProperties: { delivery },
    })
    return acked
  }
}

async function workspace() {
  const world = await startWorkspace({ people })
  return { ...world, ...(await gateTo(world.access, 'A0SANDBOX', world.clock.now)) }
}

const user = (id: string, team = 'T0SANDBOX') => ({ id, name: 'x', team_id: team })
const view = (callback_id: string) => ({ id: 'V1', type: 'modal', callback_id, private_metadata: '', state: {} })
const common = { api_app_id: 'A0SANDBOX', team: { id: 'T0SANDBOX' }, enterprise: null, trigger_id: '1.2' }

/** One of each kind of delivery, by this person. */
const acts = {
  command: (id: string) => ({ ...common, command: '/token', text: '', user_id: id, team_id: 'T0SANDBOX' }),
  block_actions: (id: string) => ({
    ...common,
    type: 'block_actions',
    user: user(id),
    container: { type: 'message' },
    actions: [{ type: 'button', action_id: 'approve', block_id: 'b', value: '42:1' }],
  }),
  view_submission: (id: string) => ({ ...common, type: 'view_submission', user: user(id), view: view('edit_form') }),
  view_closed: (id: string) => ({ ...common, type: 'view_closed', user: user(id), view: view('edit_form') }),
  block_suggestion: (id: string) => ({
    ...common,
    type: 'block_suggestion',
    user: user(id),
    action_id: 'pick_token',
    block_id: 'pick',
    value: 'ci',
  }),
  shortcut: (id: string) => ({ ...common, type: 'shortcut', user: user(id), callback_id: 'edit_token' }),
}
type Kind = keyof typeof acts
const kinds = Object.keys(acts) as Kind[]

describe('the gate before every listener', () => {
  test.each(kinds)('lets a full member through: %s', async (kind) => {
    const { deliver, seen, noted } = await workspace()
    await deliver(acts[kind](alice))
    expect(seen).toEqual([kind])
    expect(noted).toEqual([])
  })

  test.each(kinds)('keeps a guest out, and answers: %s', async (kind) => {
    const { deliver, seen } = await workspace()
    expect(await deliver(acts[kind](guest))).toBeDefined()
    expect(seen).toEqual([])
  })

  test.each(kinds)('keeps everybody out while Slack cannot say who they are: %s', async (kind) => {
    const { deliver, seen, slack } = await workspace()
    slack.trouble.fail['users.info'] = 'internal_error'
    expect(await deliver(acts[kind](alice))).toBeDefined()
    expect(seen).toEqual([])
  })

  test('offers a guest nothing while they type', async () => {
    const { deliver } = await workspace()
    expect(await deliver(acts.block_suggestion(guest))).toEqual({ options: [] })
  })

  test('records no attempt if a guest attempts nothing, as in typing or closing a form', async () => {
    const { deliver, noted } = await workspace()
    await deliver(acts.block_suggestion(guest))
    await deliver(acts.view_closed(guest))
    expect(noted).toEqual([])
  })

  test('tells a guest why, even when the log cannot be written', async () => {
    const { deliver, log, noted, seen } = await workspace()
    log.readOnly = true
    const told = JSON.stringify(await deliver(acts.view_submission(guest)))
    expect(told).toContain('This is not for you')
    expect(told).not.toContain('read-only')
    expect([noted, seen]).toEqual([[], []])
  })

  test('tells somebody without anything to answer on in a message, in which nothing calls or leads anybody', async () => {
    const { bolt, slack } = await workspace()
    bolt.use(async () => {
      throw new Refusal('not_found', 'No token is called <!channel> or <https://example.com|ci>.')
    })
    const acked = { ack: async () => {}, customProperties: { delivery: { acked: true } } }
    await bolt.processEvent({ body: acts.view_submission(alice), ...acked })
    const said = slack.calls.filter(({ method }) => method === 'chat.postMessage').map(({ args }) => args)
    expect(said).toEqual([
      expect.objectContaining({
        channel: alice,
        text: 'No token is called &lt;!channel&gt; or &lt;https://example.com|ci&gt;.',
      }),
    ])
  })

  test('tells a guest why, over their form', async () => {
    const { deliver } = await workspace()
    const answer = await deliver(acts.view_submission(guest))
    expect(JSON.stringify(answer)).toContain('This is not for you: guests may not use Countersign. Nothing was done.')
  })

  test('records what a guest attempted', async () => {
    const { deliver, noted } = await workspace()
    for (const kind of ['block_actions', 'command', 'view_submission', 'shortcut'] as const)
      await deliver(acts[kind](guest))
    const button = { type: 'button', action_id: 'more', block_id: 'b' }
    await deliver({ ...acts.block_actions(guest), actions: [button] })
    const why = 'This is not for you: guests may not use Countersign. Nothing was done.'
    const refused = { type: 'refused', code: 'not_allowed', why }
    expect(noted).toEqual([
      [guest, { ...refused, attempted: 'approve 42:1' }],
      [guest, { ...refused, attempted: '/token' }],
      [guest, { ...refused, attempted: 'edit_form' }],
      [guest, { ...refused, attempted: 'edit_token' }],
      [guest, { ...refused, attempted: 'more' }],
    ])
  })

  test('records that somebody attempted something even for an unreadable delivery', async () => {
    const noted: unknown[] = []
    const unasked = async () => expect.fail('nobody is asked about')
    const gate = createGate({
      installation: { teamId: 'T0SANDBOX', enterpriseId: null, isEnterpriseInstall: false },
      appId: 'A0SANDBOX',
      people: { obstacle: unasked, canonical: unasked },
      note: async ({ attempted }, actor) => void noted.push([actor, attempted]),
    })
    for (const body of [{ type: 7, user: { id: 7 } }, { user: { id: 7 } }, { type: 'other', user: { id: 7 } }])
      await expect(gate({ body, next: unasked } as unknown as Parameters<typeof gate>[0])).rejects.toThrow(
        'Slack did not say who did this',
      )
    expect(noted).toEqual([
      ['unknown', 'unknown'],
      ['unknown', 'unknown'],
      ['unknown', 'other'],
    ])
  })

  test('calls people by the one id that they have in the organisation, however Slack delivered it', async () => {
    const called: unknown[] = []
    const gate = createGate({
      installation: { teamId: 'T1', enterpriseId: 'E1', isEnterpriseInstall: false },
      appId: null,
      people: { obstacle: async () => null, canonical: async (person) => `W-${person}` },
      note: async () => {},
    })
    for (const body of [{ user: { id: 'U1', team_id: 'T1' } }, { user_id: 'U1', team_id: 'T1' }]) {
      await gate({ body, next: async () => {} } as unknown as Parameters<typeof gate>[0])
      called.push(body)
    }
    expect(called).toEqual([{ user: { id: 'W-U1', team_id: 'T1' } }, { user_id: 'W-U1', team_id: 'T1' }])
  })

  test('asks Slack about a person once for everything that they do within a minute', async () => {
    const { deliver, asked, slack, clock } = await workspace()
    slack.clear()
    for (const kind of kinds) await deliver(acts[kind](alice))
    expect(asked('users.info')).toBe(1)
    clock.pass(60)
    await deliver(acts.command(alice))
    expect(asked('users.info')).toBe(2)
  })

  test('records the attempts of somebody Slack could not say anything about, and tells them in words', async () => {
    const { deliver, noted, slack } = await workspace()
    slack.trouble.fail['users.info'] = 'internal_error'
    const told = JSON.stringify(await deliver(acts.view_submission(alice)))
    expect(told).toContain('Slack could not say whether you may use Countersign')
    expect(noted).toEqual([
      [
        alice,
        {
          type: 'refused',
          attempted: 'edit_form',
          code: 'unavailable',
          why: expect.stringContaining('internal_error'),
        },
      ],
    ])
  })

  test('does not need Slack to see that somebody acts from another workspace', async () => {
    const { deliver, seen, asked, noted } = await workspace()
    await deliver({ ...acts.block_actions(alice), user: user(alice, 'T0OTHER') })
    expect(seen).toEqual([])
    expect(noted).toHaveLength(1)
    expect(asked('users.info')).toBe(0)
  })

  test('asks Slack where somebody is from when the payload does not say', async () => {
    const { deliver, seen } = await workspace()
    await deliver({ ...acts.block_actions('U0STRANGER'), user: { id: 'U0STRANGER' } })
    expect(seen).toEqual([])
    await deliver({ ...acts.block_actions(alice), user: { id: alice }, team: null })
    expect(seen).toEqual(['block_actions'])
  })

  test('keeps out payloads that do not say who acts, or that belong to another app', async () => {
    const { deliver, seen, noted, asked } = await workspace()
    await deliver({ ...acts.command(alice), user_id: undefined })
    await deliver({ ...acts.command(alice), api_app_id: 'A0OTHER' })
    expect(seen).toEqual([])
    expect(noted.map(([actor]) => actor)).toEqual(['unknown', alice])
    expect(asked('users.info')).toBe(0)
  })

  test("does not apply to Slack's own reports", async () => {
    const { deliver, seen, asked } = await workspace()
    await deliver({ type: 'event_callback', team_id: 'T0SANDBOX', event: { type: 'user_change', user: user(guest) } })
    expect(seen).toEqual(['event_callback'])
    expect(asked('users.info')).toBe(0)
  })
})

type Who = { auth: object; user: object }

async function installed({ auth, user }: Who) {
  const access = await startWebApi({
    'auth.test': { ok: true, url: 'https://x.slack.com/', user_id: 'U1', bot_id: 'B1', ...auth },
    'users.info': {
      ok: true,
      user: { id: 'W111', deleted: false, is_bot: false, is_restricted: false, is_ultra_restricted: false, ...user },
    },
    'chat.postMessage': { ok: true },
  })
  return gateTo(access)
}

const forWorkspace = (team_id: string, user: object = {}): Who => ({ auth: { team_id }, user: { team_id, ...user } })
const forOrganisation = (user: object): Who => ({
  auth: { team_id: 'E111', enterprise_id: 'E111', is_enterprise_install: true },
  user,
})

describe('of an app that is installed for an organisation', () => {
  const member = forOrganisation({ enterprise_user: { enterprise_id: 'E111' } })
  const act = { ...acts.block_actions('W111'), team: null, user: user('W111', 'T_ANY') }

  test('members of any of its workspaces pass the gate', async () => {
    const { deliver, seen } = await installed(member)
    await deliver({ ...act, enterprise: { id: 'E111' } })
    await deliver({ ...act, enterprise: null })
    expect(seen).toHaveLength(2)
  })

  test.each([
    ['a button', { ...act, enterprise: { id: 'E222' } }],
    ['a form', { ...act, enterprise: null, team: { id: 'T2', enterprise_id: 'E222' } }],
    ['a command', { ...acts.command('W111'), team: undefined, enterprise: undefined, enterprise_id: 'E222' }],
  ])('somebody who acts by %s from another organisation stops at it, whatever is known about them', async (_, body) => {
    const { deliver, seen } = await installed(member)
    await deliver(body)
    expect(seen).toEqual([])
  })
})

describe('of an app that is installed for one workspace of an organisation', () => {
  const ours = { team_id: 'T1', enterprise_id: 'E111' }
  const confirmed = (teams: string[]) => ({
    team_id: 'T2',
    enterprise_user: { id: 'W111', enterprise_id: 'E111', teams },
  })
  const act = { ...acts.block_actions('U111'), user: user('U111', 'T2'), enterprise: { id: 'E111' } }

  test('somebody from another workspace passes when Slack confirms that they are in ours, and under one id', async () => {
    const { bolt, deliver, seen } = await installed({ auth: ours, user: confirmed(['T1', 'T2']) })
    const ids: unknown[] = []
    bolt.use(async ({ body, next }) => {
      ids.push((body as { user?: { id: string }; user_id?: string }).user?.id ?? (body as { user_id?: string }).user_id)
      await next()
    })
    await deliver(act)
    await deliver({ ...acts.command('U111'), team_id: 'T2', enterprise_id: 'E111' })
    expect(seen).toHaveLength(2)
    expect(ids).toEqual(['W111', 'W111'])
  })

  test.each([
    ['they are not in ours', { auth: ours, user: confirmed(['T2']) }, act],
    [
      'they act from another organisation',
      { auth: ours, user: confirmed(['T1']) },
      { ...act, enterprise: { id: 'E2' } },
    ],
    ['ours is of no organisation', { auth: { team_id: 'T1' }, user: confirmed(['T1', 'T2']) }, act],
  ])('and stops at it when %s', async (_, who, body) => {
    const { deliver, seen } = await installed(who)
    await deliver(body)
    expect(seen).toEqual([])
  })
})

const samples = new URL('../../../../shared/fixtures/slack/payloads/', import.meta.url)
const files = existsSync(samples) ? readdirSync(samples) : []
/** Some are cut down to their type; Bolt itself stumbles over those. */
const acting = files.filter(
  (file) =>
    /^(block_actions|view_submission|view_closed|block_suggestion|shortcut|message_action|slash_command)/.test(file) &&
    ('user' in sample(file) || 'user_id' in sample(file)),
)

/** As Slack sends it, except that no answer to it leaves this machine. */
function sample(file: string): Record<string, unknown> {
  const { response_url: _, ...body } = JSON.parse(readFileSync(new URL(file, samples), 'utf8'))
  return body
}

/** For the workspace that a sample names, or for the organisation if it names none. */
function forMemberOf({ team, user }: Record<string, unknown>): Who {
  const inTeam = z.object({ team_id: z.string() }).safeParse(user).data?.team_id
  const from = inTeam ?? z.object({ id: z.string() }).parse(team).id
  return team === null ? forOrganisation({ enterprise_user: { enterprise_id: 'E111' } }) : forWorkspace(from)
}

describe.skipIf(files.length === 0)("Slack's own sample payloads (left out where they are not at hand)", () => {
  test.each(acting)('stop at the gate when Slack knows the person for a stranger: %s', async (file) => {
    const { deliver, seen } = await installed({
      auth: { team_id: 'T111' },
      user: { team_id: 'T_THEIRS', is_stranger: true },
    })
    await deliver(sample(file))
    expect(seen).toEqual([])
  })

  test.each(acting)(
    'stop at the gate when Slack knows the person for a guest, however the app is installed: %s',
    async (file) => {
      const confirmed = { is_restricted: true, enterprise_user: { enterprise_id: 'E111' } }
      for (const who of [forWorkspace('T111', { is_restricted: true }), forOrganisation(confirmed)]) {
        const { deliver, seen } = await installed(who)
        await deliver(sample(file))
        expect(seen).toEqual([])
      }
    },
  )

  test.each(acting.filter((file) => /^(block_actions|view_submission)/.test(file)))(
    'of a member, about something that is not a button or form of this app, are answered in words: %s',
    async (file) => {
      const { bolt, deliver, seen } = await installed(forMemberOf(sample(file)))
      createRoutes(bolt)
      expect(await deliver(sample(file))).toBeDefined()
      expect(seen).toHaveLength(1)
    },
  )

  test.each([
    'block_suggestion__block_suggestion-body.json',
    'shortcut__asgi_http-body_data.json',
    'slash_command__asgi_http-body.json',
    'view_closed__view_closed-body.json',
    'view_submission__view_submission-body.json',
  ])('of a member of the workspace pass it: %s', async (file) => {
    const { deliver, seen } = await installed(forWorkspace('T111'))
    await deliver(sample(file))
    expect(seen).toHaveLength(1)
  })

  test.each([
    'block_actions.message__orgwide__team-null__request-payload.json',
    'view_closed__orgwide__team-null__slack-connect__request-payload.json',
    'view_submission__orgwide__team-null__slack-connect__request-payload.json',
  ])('from an organisation-wide install pass it only when Slack confirms the organisation: %s', async (file) => {
    const ours = await installed(forOrganisation({ enterprise_user: { enterprise_id: 'E111' } }))
    await ours.deliver(sample(file))
    expect(ours.seen).toHaveLength(1)
    const unconfirmed = await installed(forOrganisation({ enterprise_user: { enterprise_id: 'E222' } }))
    await unconfirmed.deliver(sample(file))
    expect(unconfirmed.seen).toEqual([])
  })

  test('through Slack Connect stop at it, whichever way the app is installed', async () => {
    const file = 'view_submission__slack-connect__view_submission-connect_channel_payload.json'
    const confirmed = { enterprise_user: { enterprise_id: 'E111' } }
    for (const who of [forWorkspace('T-installed-workspace'), forOrganisation(confirmed)]) {
      const { deliver, seen } = await installed(who)
      await deliver(sample(file))
      expect(seen).toEqual([])
    }
  })
})

import { WebClient } from '@slack/web-api'
import { describe, expect, test } from 'vitest'
import { alice, approvals, bob, call, section, textInput, workspace } from './support.ts'

describe('who may call', () => {
  test('a call without a token, with a wrong one, or with that of the other kind is refused', async () => {
    const slack = await workspace()
    const bare = await fetch(`${slack.url}/api/auth.test`, { method: 'POST' })
    expect(await bare.json()).toEqual({ ok: false, error: 'not_authed' })
    expect(await call(slack, 'auth.test', {}, 'xoxb-other')).toEqual({ ok: false, error: 'invalid_auth' })
    expect(await call(slack, 'chat.postMessage', {}, slack.appToken)).toMatchObject({ error: 'not_allowed_token_type' })
    expect(await call(slack, 'apps.connections.open')).toMatchObject({ error: 'not_allowed_token_type' })
  })

  test('an unknown method is refused, whatever it is called', async () => {
    const slack = await workspace()
    expect(await call(slack, 'reactions.add')).toMatchObject({ ok: false, error: 'unknown_method' })
    expect(await call(slack, 'constructor')).toMatchObject({ ok: false, error: 'unknown_method' })
  })

  test('a method whose scope is not granted says which one it needs', async () => {
    const slack = await workspace()
    const answer = await call(slack, 'conversations.history', { channel: approvals })
    expect(answer).toMatchObject({ ok: false, error: 'missing_scope', needed: 'channels:history' })
    slack.scopes.delete('chat:write')
    expect(await call(slack, 'chat.postMessage', { channel: approvals, text: 'x' })).toMatchObject({
      needed: 'chat:write',
    })
  })

  test('auth.test says who the app is', async () => {
    const slack = await workspace()
    const { botUserId, teamId } = slack
    expect(await call(slack, 'auth.test')).toMatchObject({ ok: true, user_id: botUserId, team_id: teamId })
  })

  test('the headers say what time it is in the workspace, and which scopes a valid token has', async () => {
    const slack = await workspace({ now: () => Date.UTC(2026, 5, 1, 9, 0, 7) })
    slack.scopes.add('team:read')
    const granted = [...slack.scopes].join(',')
    const answers = { [slack.botToken]: granted, [slack.appToken]: 'connections:write', 'xoxb-other': null }
    for (const [token, scopes] of Object.entries(answers)) {
      const request = { method: 'POST', headers: { authorization: `Bearer ${token}` } }
      const { headers } = await fetch(`${slack.url}/api/auth.test`, request)
      expect([headers.get('date'), headers.get('x-oauth-scopes')]).toEqual(['Mon, 01 Jun 2026 09:00:07 GMT', scopes])
    }
  })

  test('every call is kept with its arguments, without the token', async () => {
    const slack = await workspace()
    await new WebClient(slack.botToken, { slackApiUrl: `${slack.url}/api/` }).chat.postMessage({
      channel: approvals,
      text: 'hello',
      blocks: [{ type: 'divider' }],
    })
    expect(slack.calls).toMatchObject([{ method: 'chat.postMessage', by: 'bot', status: 200, answer: { ok: true } }])
    expect(slack.calls[0]?.args).toEqual({ channel: approvals, text: 'hello', blocks: [{ type: 'divider' }] })
    slack.clear()
    expect(slack.calls).toEqual([])
  })

  test('arguments may come as JSON too', async () => {
    const slack = await workspace()
    const response = await fetch(`${slack.url}/api/chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel: approvals, blocks: [section('x', { block_id: 'b' })] }),
    })
    expect(await response.json()).toMatchObject({ ok: true, message: { blocks: [{ block_id: 'b' }] } })
  })
})

describe('posting', () => {
  test('a message shows up for everybody in the channel, and gets ids that the app left out', async () => {
    const slack = await workspace()
    const { ts, channel } = await call(slack, 'chat.postMessage', {
      channel: approvals,
      text: 'hello',
      blocks: [section('x')],
    })
    const [message] = slack.as(bob).messages('token-approvals')
    expect(message).toMatchObject({
      ts,
      channel,
      author: slack.botUserId,
      text: 'hello',
      edited: false,
      ephemeral: false,
    })
    expect(message?.blocks[0]?.block_id).toMatch(/^.{5}$/)
    expect(ts).toMatch(/^\d{10}\.\d{6}$/)
  })

  test('a markdown block does not keep the id that the app gave it', async () => {
    const slack = await workspace()
    const blocks = [{ type: 'markdown', text: 'x', block_id: 'mine' }]
    await call(slack, 'chat.postMessage', { channel: approvals, blocks })
    const [message] = slack.as(alice).messages(approvals)
    expect(message?.blocks[0]?.block_id).toMatch(/^(?!mine).+/)
  })

  test('timestamps grow even when the clock stands still', async () => {
    const slack = await workspace({ now: () => 1_700_000_000_000 })
    const post = () => call(slack, 'chat.postMessage', { channel: approvals, text: 'x' })
    expect([(await post()).ts, (await post()).ts]).toEqual(['1700000000.000000', '1700000000.000100'])
  })

  test('a message to a person opens the direct messages and answers with their id', async () => {
    const slack = await workspace()
    const { channel } = await call(slack, 'chat.postMessage', { channel: alice, text: 'psst' })
    expect(channel).toMatch(/^D/)
    expect(slack.see(alice).conversations).toContainEqual(expect.objectContaining({ id: channel, kind: 'dm' }))
    expect(slack.as(alice).messages('dm')).toMatchObject([{ text: 'psst' }])
    expect(slack.see(bob).conversations.map(({ id }) => id)).not.toContain(channel)
    expect(await call(slack, 'conversations.open', { users: alice })).toEqual({ ok: true, channel: { id: channel } })
    expect(await call(slack, 'conversations.open', { users: alice, return_im: true })).toMatchObject({
      channel: { id: channel, is_im: true, user: alice },
    })
  })

  test.each([
    ['an unknown channel', { channel: 'C0NOWHERE', text: 'x' }, 'channel_not_found'],
    ['a private channel that the app is not in', { channel: 'C0SECRET', text: 'x' }, 'channel_not_found'],
    ['a public channel that the app is not in', { channel: 'C0OTHER', text: 'x' }, 'not_in_channel'],
    ['an archived channel', { channel: 'C0OLD', text: 'x' }, 'is_archived'],
    ['nothing to say', { channel: approvals }, 'no_text'],
    ['blocks that are no JSON', { channel: approvals, blocks: '[{' }, 'invalid_blocks_format'],
    ['a thread that is not there', { channel: approvals, text: 'x', thread_ts: '1.0' }, 'thread_not_found'],
    ['metadata of another shape', { channel: approvals, text: 'x', metadata: { id: 1 } }, 'invalid_metadata_format'],
  ])('%s is refused', async (_, args, error) => {
    const slack = await workspace({
      channels: [
        { id: approvals, name: 'token-approvals', appIsMember: true },
        { id: 'C0SECRET', name: 'secret', isPrivate: true },
        { id: 'C0OTHER', name: 'other' },
        { id: 'C0OLD', name: 'old', isArchived: true, appIsMember: true },
      ],
    })
    expect(await call(slack, 'chat.postMessage', args)).toMatchObject({ ok: false, error })
    expect(slack.as(alice).messages(approvals)).toEqual([])
  })

  test('with chat:write.public the app posts in public channels that it is not in', async () => {
    const slack = await workspace({ channels: [{ id: 'C0OTHER', name: 'other' }] })
    slack.scopes.add('chat:write.public')
    expect(await call(slack, 'chat.postMessage', { channel: '#other', text: 'x' })).toMatchObject({
      ok: true,
      channel: 'C0OTHER',
    })
  })

  test('blocks beyond the limits are refused with a pointer to the place', async () => {
    const slack = await workspace()
    const answer = await call(slack, 'chat.postMessage', {
      channel: approvals,
      text: 'x',
      blocks: [section('y'.repeat(3001))],
    })
    expect(answer).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: { messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'] },
    })
  })

  test('a text above 40,000 characters is cut there', async () => {
    const slack = await workspace()
    await call(slack, 'chat.postMessage', { channel: approvals, text: 'x'.repeat(40_001) })
    expect(slack.as(alice).messages(approvals)[0]?.text).toHaveLength(40_000)
  })

  test('a reply says which thread it belongs to', async () => {
    const slack = await workspace()
    const { ts } = await call(slack, 'chat.postMessage', { channel: approvals, text: 'root' })
    await call(slack, 'chat.postMessage', { channel: approvals, text: 'reply', thread_ts: ts })
    expect(slack.as(alice).messages(approvals)[1]).toMatchObject({ text: 'reply', threadTs: ts })
  })

  test('an ephemeral message is seen by one person only', async () => {
    const slack = await workspace()
    await call(slack, 'chat.postEphemeral', { channel: approvals, user: alice, text: 'only you' })
    expect(slack.as(alice).messages(approvals)).toMatchObject([{ text: 'only you', ephemeral: true }])
    expect(slack.as(bob).messages(approvals)).toEqual([])
  })

  test('an ephemeral message to somebody who is not in the channel is refused', async () => {
    const slack = await workspace({ channels: [{ id: approvals, name: 'a', appIsMember: true, members: [bob] }] })
    const answer = await call(slack, 'chat.postEphemeral', { channel: approvals, user: alice, text: 'x' })
    expect(answer).toMatchObject({ error: 'user_not_in_channel' })
    expect(await call(slack, 'chat.postEphemeral', { channel: 'C0NO', user: bob, text: 'x' })).toMatchObject({
      error: 'channel_not_found',
    })
    expect(await call(slack, 'chat.postEphemeral', { channel: approvals, user: bob })).toMatchObject({
      error: 'no_text',
    })
  })
})

describe('editing and deleting', () => {
  async function posted(args: object = {}) {
    const slack = await workspace()
    const blocks = [section('old')]
    const { channel, ts } = await call(slack, 'chat.postMessage', { channel: approvals, text: 'old', blocks, ...args })
    const update = (more: object) => call(slack, 'chat.update', { channel, ts, ...more })
    return { slack, channel, ts, update, message: () => slack.as(alice).messages(String(channel)).at(-1) }
  }

  test('an update replaces text and blocks and marks the message as edited', async () => {
    const { update, message } = await posted()
    expect(await update({ text: 'new', blocks: [section('new')] })).toMatchObject({ ok: true, text: 'new' })
    expect(message()).toMatchObject({ text: 'new', blocks: [{ text: { text: 'new' } }], edited: true })
  })

  test('an update with text alone drops the blocks', async () => {
    const { update, message } = await posted()
    await update({ text: 'new' })
    expect(message()?.blocks).toEqual([])
  })

  test('an update keeps metadata unless it brings its own', async () => {
    const metadata = { event_type: 'card', event_payload: { id: 1 } }
    const { update, message } = await posted({ metadata })
    await update({ text: 'new' })
    expect(message()?.metadata).toEqual(metadata)
    await update({ text: 'new', metadata: { ...metadata, event_payload: { id: 2 } } })
    expect(message()?.metadata).toMatchObject({ event_payload: { id: 2 } })
  })

  test.each([
    ['a text above 4,000 characters', { text: 'x'.repeat(4001) }, 'msg_too_long'],
    ['an unknown message', { text: 'x', ts: '1.000000' }, 'message_not_found'],
    ['an unknown channel', { text: 'x', channel: 'C0NOWHERE' }, 'channel_not_found'],
    ['a person instead of the conversation', { text: 'x', channel: alice }, 'channel_not_found'],
    ['wrong blocks', { text: 'x', blocks: [{ type: 'banner' }] }, 'invalid_blocks'],
    ['nothing', {}, 'no_text'],
  ])('an update with %s is refused', async (_, args, error) => {
    const { update, message } = await posted()
    expect(await update(args)).toMatchObject({ ok: false, error })
    expect(message()).toMatchObject({ text: 'old', edited: false })
  })

  test('a direct message is updated by the id of the conversation, never by that of the person', async () => {
    const { slack, update, message } = await posted({ channel: bob })
    expect(await update({ text: 'new', channel: bob })).toMatchObject({ error: 'channel_not_found' })
    expect(await update({ text: 'new' })).toMatchObject({ ok: true })
    expect(slack.as(bob).messages('dm')[0]).toMatchObject({ text: 'new' })
    expect(message).toThrow('U0ALICE is not in D')
  })

  test('in a channel archived since, a message stays as it is', async () => {
    const { slack, update } = await posted()
    await slack.admin.changeChannel(approvals, { isArchived: true })
    expect(await update({ text: 'new' })).toMatchObject({ error: 'is_archived' })
  })

  test("somebody else's message can't be changed or deleted", async () => {
    const { slack, channel, update } = await posted()
    const { ts } = slack.as(bob).say(approvals, 'mine')
    expect(await update({ ts, text: 'x' })).toMatchObject({ error: 'cant_update_message' })
    expect(await call(slack, 'chat.delete', { channel, ts })).toMatchObject({ error: 'cant_delete_message' })
  })

  test("an ephemeral message can't be found for an update", async () => {
    const { slack, update } = await posted()
    const { message_ts } = await call(slack, 'chat.postEphemeral', { channel: approvals, user: alice, text: 'x' })
    expect(await update({ ts: message_ts, text: 'y' })).toMatchObject({ error: 'message_not_found' })
  })

  test('a deleted message is gone, and its address with it', async () => {
    const { slack, channel, ts, message } = await posted()
    const link = await call(slack, 'chat.getPermalink', { channel, message_ts: ts })
    expect(link.permalink).toBe(`${slack.url}/archives/${channel}/p${String(ts).replace('.', '')}`)
    const elsewhere = await call(slack, 'chat.getPermalink', { channel: 'C0NO', message_ts: ts })
    expect(elsewhere).toMatchObject({ error: 'channel_not_found' })
    await call(slack, 'chat.delete', { channel, ts })
    expect(message()).toBeUndefined()
    expect(await call(slack, 'chat.getPermalink', { channel, message_ts: ts })).toMatchObject({
      error: 'message_not_found',
    })
  })
})

describe('looking things up', () => {
  test('a person is told apart by all the marks that an app checks', async () => {
    const people = [
      { id: 'U0GUEST', name: 'guest', realName: 'Guest', isRestricted: true, tz: 'Europe/Berlin' },
      { id: 'U0GONE', name: 'gone', realName: 'Gone', deleted: true },
      { id: 'U0OTHER', name: 'other', realName: 'Other', isStranger: true, teamId: 'T0OTHER' },
    ]
    const slack = await workspace({ people })
    const user = async (id: string) => (await call(slack, 'users.info', { user: id })).user
    expect(await user('U0GUEST')).toMatchObject({
      is_restricted: true,
      is_ultra_restricted: false,
      tz: 'Europe/Berlin',
      deleted: false,
    })
    expect(await user('U0GONE')).toMatchObject({ deleted: true, is_bot: false })
    expect(await user('U0GONE')).not.toHaveProperty('is_restricted')
    expect(await user('U0OTHER')).toMatchObject({ is_stranger: true, team_id: 'T0OTHER' })
    expect(await user(slack.botUserId)).toMatchObject({ is_bot: true })
    expect(await user('USLACKBOT')).toMatchObject({ is_bot: false })
    expect(await call(slack, 'users.info', { user: 'U0NOBODY' })).toMatchObject({ error: 'user_not_found' })
  })

  test('a workspace of an organisation says so, and where its people are at home with both of their ids', async () => {
    const both = { id: 'W0BOB', enterprise_id: 'E1', teams: ['T0OTHER', 'T0SANDBOX'] }
    const person = { id: bob, name: 'bob', realName: 'Bob', globalId: both.id, teamId: 'T0OTHER', teams: both.teams }
    const slack = await workspace({ enterpriseId: 'E1', people: [person] })
    expect(await call(slack, 'auth.test')).toMatchObject({ team_id: 'T0SANDBOX', enterprise_id: 'E1' })
    for (const user of [bob, both.id])
      expect((await call(slack, 'users.info', { user })).user).toMatchObject({
        ...{ id: user, team_id: 'T0OTHER', enterprise_user: both },
      })
    const dms = await Promise.all([bob, both.id].map((users) => call(slack, 'conversations.open', { users })))
    expect(dms[0]).toEqual(dms[1])
    expect((await call(await workspace(), 'users.info', { user: bob })).user).not.toHaveProperty('enterprise_user')
  })

  test('what somebody does can be delivered under their id in the organisation', async () => {
    const person = { id: bob, name: 'bob', realName: 'Bob', globalId: 'W0BOB', goesByGlobalId: true }
    const slack = await workspace({ enterpriseId: 'E1', people: [person] })
    const { body } = await slack.as(bob).command('/token help')
    expect(body).toMatchObject({ user_id: 'W0BOB', enterprise_id: 'E1' })
  })

  test('a user group that was disabled is not listed unless asked for', async () => {
    const group = { id: 'S0ADMINS', name: 'Admins', handle: 'admins', users: [bob] }
    const slack = await workspace({ userGroups: [group] })
    expect(await call(slack, 'usergroups.users.list', { usergroup: group.id })).toMatchObject({ users: [bob] })
    expect(await call(slack, 'usergroups.list', { include_users: true })).toMatchObject({
      usergroups: [{ id: group.id, handle: 'admins', date_delete: 0, users: [bob] }],
    })
    await slack.admin.changeUserGroup(group.id, { isDisabled: true })
    expect(await call(slack, 'usergroups.list')).toMatchObject({ usergroups: [] })
    expect(await call(slack, 'usergroups.list', { include_disabled: true })).toMatchObject({
      usergroups: [{ id: group.id }],
    })
    expect(await call(slack, 'usergroups.users.list', { usergroup: group.id })).toMatchObject({
      error: 'no_such_subteam',
    })
  })

  test('a channel says whether it is private, archived, shared, and whether the app is in it', async () => {
    const slack = await workspace({
      channels: [
        {
          id: 'C0SHARED',
          name: 'shared',
          isPrivate: true,
          isExtShared: true,
          appIsMember: true,
          members: [alice, bob],
        },
      ],
    })
    expect(await call(slack, 'conversations.info', { channel: 'C0SHARED' })).toMatchObject({
      channel: { name: 'shared', is_private: true, is_archived: false, is_ext_shared: true, is_member: true },
    })
    expect(await call(slack, 'conversations.info', { channel: 'C0NO' })).toMatchObject({ error: 'channel_not_found' })
    slack.scopes.delete('groups:read')
    expect(await call(slack, 'conversations.info', { channel: 'C0SHARED' })).toMatchObject({ needed: 'groups:read' })
  })

  test('members come a page at a time', async () => {
    const slack = await workspace()
    const first = await call(slack, 'conversations.members', { channel: approvals, limit: 3 })
    const { next_cursor: cursor } = first.response_metadata as { next_cursor: string }
    const second = await call(slack, 'conversations.members', { channel: approvals, limit: 3, cursor })
    expect(first.members).toHaveLength(3)
    expect(second).toMatchObject({ members: ['U0MALLORY'], response_metadata: { next_cursor: '' } })
  })

  test('history shows the newest first, with metadata only when asked, and nothing ephemeral', async () => {
    const slack = await workspace({ now: () => 1_700_000_000_000 })
    slack.scopes.add('channels:history')
    const metadata = { event_type: 'card', event_payload: { id: 7 } }
    const { ts } = await call(slack, 'chat.postMessage', { channel: approvals, text: 'first', metadata })
    await call(slack, 'chat.postMessage', { channel: approvals, text: 'reply', thread_ts: ts })
    await call(slack, 'chat.postEphemeral', { channel: approvals, user: alice, text: 'hidden' })
    await call(slack, 'chat.postMessage', { channel: approvals, text: 'second' })
    const texts = async (args: object) => {
      const { messages } = await call(slack, 'conversations.history', { channel: approvals, ...args })
      return (messages as { text: string; metadata?: unknown }[]).map((message) => message.metadata ?? message.text)
    }
    expect(await texts({})).toEqual(['second', 'first'])
    expect(await texts({ include_all_metadata: true })).toEqual(['second', metadata])
    expect(await texts({ oldest: ts })).toEqual(['second'])
    expect(await texts({ oldest: ts, inclusive: true })).toEqual(['second', 'first'])
    expect(await texts({ limit: 1 })).toEqual(['second'])
    await slack.admin.changeChannel(approvals, { appIsMember: false })
    const answer = await call(slack, 'conversations.history', { channel: approvals })
    expect(answer).toMatchObject({ error: 'not_in_channel' })
  })

  test('a thread shows what was replied to and then the replies, a page at a time, to an app that may read the channel', async () => {
    const slack = await workspace({ now: () => 1_700_000_000_000 })
    const channel = approvals
    const { ts } = await call(slack, 'chat.postMessage', { channel, text: 'first' })
    const posted = await call(slack, 'chat.postMessage', { channel, text: 'a reply', thread_ts: ts })
    await call(slack, 'chat.postMessage', { channel, text: 'another', thread_ts: ts })
    await call(slack, 'chat.postMessage', { channel, text: 'not in it' })
    const replies = (more: object = {}) => call(slack, 'conversations.replies', { channel, ts, ...more })
    expect(await replies()).toMatchObject({ error: 'missing_scope', needed: 'channels:history' })
    slack.scopes.add('channels:history')
    expect(await replies()).toMatchObject({
      messages: [
        { text: 'first', thread_ts: ts, reply_count: 2 },
        { text: 'a reply', thread_ts: ts, parent_user_id: 'U0APPBOT' },
        { text: 'another' },
      ],
      has_more: false,
    })
    const first = await replies({ limit: 2 })
    const { next_cursor: cursor } = first.response_metadata as { next_cursor: string }
    expect(first).toMatchObject({ has_more: true, messages: [{ text: 'first' }, { text: 'a reply' }] })
    expect(await replies({ limit: 2, cursor })).toMatchObject({ has_more: false, messages: [{ text: 'another' }] })
    expect(await replies({ ts: '1.0' })).toMatchObject({ error: 'thread_not_found' })
    expect(await replies({ ts: posted.ts })).toMatchObject({ messages: [{ text: 'a reply' }] })
  })

  test('direct messages open only with people who can read them', async () => {
    const people = [
      { id: 'U0GONE', name: 'gone', realName: 'Gone', deleted: true },
      { id: 'U0BOT', name: 'bot', realName: 'Bot', isBot: true },
    ]
    const slack = await workspace({ people })
    const open = async (users: string) => (await call(slack, 'conversations.open', { users })).error
    expect(await open('U0GONE')).toBe('user_disabled')
    expect(await open('U0BOT')).toBe('cannot_dm_bot')
    expect(await open('U0NOBODY')).toBe('user_not_found')
    expect(await open('')).toBe('users_list_not_supplied')
    expect(await open('U0GONE,U0BOT')).toBe('method_not_supported_for_channel_type')
  })

  test('team.info needs its scope', async () => {
    const slack = await workspace()
    expect(await call(slack, 'team.info')).toMatchObject({ needed: 'team:read' })
    slack.scopes.add('team:read')
    expect(await call(slack, 'team.info', { team: 'T0OTHER' })).toMatchObject({ error: 'team_not_found' })
    expect(await call(slack, 'team.info')).toMatchObject({ team: { id: slack.teamId, domain: 'sandbox' } })
  })
})

describe('App Home', () => {
  test('what is published is what that person sees', async () => {
    const slack = await workspace()
    const publish = (view: object, more: object = {}) => call(slack, 'views.publish', { user_id: alice, view, ...more })
    const first = await publish({ type: 'home', blocks: [section('one')] })
    expect(slack.see(alice).home?.blocks).toMatchObject([{ text: { text: 'one' } }])
    expect(slack.see(bob).home).toBeNull()
    const { hash } = first.view as { hash: string }
    expect(await publish({ type: 'home', blocks: [section('two')] }, { hash })).toMatchObject({ ok: true })
    expect(await publish({ type: 'home', blocks: [section('three')] }, { hash })).toMatchObject({
      error: 'hash_conflict',
    })
    expect(slack.see(alice).home?.blocks).toMatchObject([{ text: { text: 'two' } }])
  })

  test('a modal, a wrong block or an unknown person is refused', async () => {
    const slack = await workspace()
    const publish = async (view: object, user_id = alice) =>
      (await call(slack, 'views.publish', { user_id, view })).error
    expect(await publish({ type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] })).toBe(
      'invalid_arguments',
    )
    expect(await publish({ type: 'home', blocks: [{ type: 'alert', text: { type: 'plain_text', text: 'x' } }] })).toBe(
      'invalid_arguments',
    )
    expect(await publish({ type: 'home', blocks: [textInput('a')] })).toBeUndefined()
    expect(await publish({ type: 'home', blocks: [] }, 'U0NOBODY')).toBe('user_not_found')
  })
})

import type { App } from '@slack/bolt'
import { describe, expect, test } from 'vitest'
import type { EmulatedSlack } from '../../../src/sandbox/slack/protocol.ts'
import {
  alice,
  approvals,
  bob,
  boltApp,
  button,
  buttons,
  call,
  freshTrigger,
  home,
  input,
  modal,
  option,
  section,
  textInput,
  workspace,
} from './support.ts'

async function post(slack: EmulatedSlack, blocks: object[], channel = approvals) {
  const { ts, channel: id } = await call(slack, 'chat.postMessage', { channel, text: 'card', blocks })
  return { channel: String(id), ts: String(ts) }
}

async function open(slack: EmulatedSlack, blocks: object[], person = alice) {
  const trigger_id = await freshTrigger(slack, person)
  expect(await call(slack, 'views.open', { trigger_id, view: modal(blocks) })).toMatchObject({ ok: true })
  return slack.as(person)
}

const acksAll = (app: App) => app.action(/.*/, ({ ack }) => ack())

describe('slash commands', () => {
  test('the text arrives escaped, with mentions by id', async () => {
    const slack = await workspace({
      channels: [
        { id: 'C0GENERAL', name: 'general' },
        { id: 'C0DEN', name: 'den', isPrivate: true },
      ],
    })
    const { body } = await slack.as(alice).command('/token give @bob <b> & @nobody a@bob in #general #den #nowhere ')
    expect(body).toMatchObject({
      command: '/token',
      text: 'give <@U0BOB> &lt;b&gt; &amp; @nobody a@bob in <#C0GENERAL|general> <#C0DEN|> #nowhere',
      user_id: alice,
      channel_id: 'C0GENERAL',
      channel_name: 'general',
      is_enterprise_install: 'false',
    })
  })

  test('it says where it was typed', async () => {
    const slack = await workspace({ channels: [{ id: 'C0DEN', name: 'den', isPrivate: true }] })
    const at = async (channel: string) => (await slack.as(alice).command('/token', { channel })).body
    expect(await at('den')).toMatchObject({ channel_id: 'C0DEN', channel_name: 'privategroup' })
    expect(await at('dm')).toMatchObject({ channel_id: expect.stringMatching(/^D/), channel_name: 'directmessage' })
    await expect(slack.as(alice).command('/token', { channel: 'attic' })).rejects.toThrow('U0ALICE is not in attic')
  })

  test('a command or shortcut that the manifest does not register goes nowhere', async () => {
    const slack = await workspace()
    await expect(slack.as(alice).command('/other')).rejects.toThrow('/other is not a valid command')
    await expect(slack.as(alice).shortcut('new')).rejects.toThrow('no shortcut new')
    expect(slack.deliveries).toEqual([])
  })

  test('an ack with a text is an answer that only this person sees; in_channel shows it to all', async () => {
    const slack = await workspace()
    await boltApp(slack, (app) =>
      app.command('/token', async ({ ack, command }) => {
        if (command.text === 'aloud') await ack({ response_type: 'in_channel', text: 'to all' })
        else await ack('to you')
      }),
    )
    await slack.as(alice).command('/token')
    await slack.as(alice).command('/token aloud')
    expect(slack.as(alice).messages('general')).toMatchObject([{ text: 'to you', ephemeral: true }, { text: 'to all' }])
    expect(slack.as(bob).messages('general')).toMatchObject([{ text: 'to all', ephemeral: false }])
  })

  test('a global shortcut carries a trigger, and neither a channel nor an address to answer at', async () => {
    const app = {
      id: 'A0APP',
      name: 'App',
      commands: [],
      shortcuts: [{ callbackId: 'new', name: 'New', description: 'x' }],
    }
    const slack = await workspace({ app })
    const { body } = await slack.as(alice).shortcut('new')
    expect(body).toMatchObject({ type: 'shortcut', callback_id: 'new', api_app_id: 'A0APP', user: { id: alice } })
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['response_url']))
    expect(await call(slack, 'views.open', { trigger_id: body.trigger_id, view: modal() })).toMatchObject({ ok: true })
  })
})

describe('pressing', () => {
  test('a button in a message sends everything that an app reads', async () => {
    const slack = await workspace()
    const where = await post(slack, [buttons('decide', button('approve', { value: '7:1', style: 'primary' }))])
    const { body } = await slack.as(bob).press(where, 'approve')
    expect(body).toMatchObject({
      type: 'block_actions',
      user: { id: bob, username: 'bob', name: 'bob', team_id: slack.teamId },
      team: { id: slack.teamId, domain: 'sandbox' },
      api_app_id: 'A0SANDBOX',
      container: { type: 'message', message_ts: where.ts, channel_id: approvals, is_ephemeral: false },
      channel: { id: approvals, name: 'token-approvals' },
      message: { ts: where.ts, text: 'card', user: slack.botUserId, blocks: [{ block_id: 'decide' }] },
      state: { values: {} },
      trigger_id: expect.any(String),
      response_url: expect.stringContaining(`${slack.url}/hooks/actions/`),
      is_enterprise_install: false,
      actions: [
        {
          type: 'button',
          action_id: 'approve',
          block_id: 'decide',
          value: '7:1',
          action_ts: expect.stringMatching(/^\d+\.\d{6}$/),
        },
      ],
    })
  })

  test('among buttons with the same action id the value or the block says which', async () => {
    const slack = await workspace()
    const where = await post(slack, [
      buttons('a', button('open', { value: '1' })),
      buttons('b', button('open', { value: '2' })),
    ])
    const actor = slack.as(alice)
    expect((await actor.press(where, 'open', '2')).body.actions).toMatchObject([{ block_id: 'b', value: '2' }])
    expect((await actor.press(where, 'open', undefined, 'a')).body.actions).toMatchObject([{ value: '1' }])
    await expect(actor.press(where, 'open')).rejects.toThrow('Several elements fit')
    await expect(actor.press(where, 'open', '3')).rejects.toThrow('no such element')
    await expect(actor.press(where, 'close')).rejects.toThrow('There are: a/open, b/open')
  })

  test('a choice in a message is sent at once and kept for that person', async () => {
    const slack = await workspace()
    const options = [option('a'), option('b')]
    const select = { type: 'static_select', action_id: 's', options }
    const overflow = { type: 'overflow', action_id: 'o', options }
    const where = await post(slack, [section('x', { block_id: 'b', accessory: select }), buttons('c', overflow)])
    const { body } = await slack.as(alice).press(where, 's', 'b')
    expect(body).toMatchObject({
      actions: [{ type: 'static_select', selected_option: option('b') }],
      state: { values: { b: { s: { selected_option: option('b') } } } },
    })
    expect(slack.as(alice).messages(approvals)[0]?.values).toMatchObject({ b: { s: { selected_option: option('b') } } })
    expect(slack.as(bob).messages(approvals)[0]?.values).toMatchObject({ b: { s: { selected_option: null } } })
    await expect(slack.as(alice).press(where, 's', 'c')).rejects.toThrow('does not offer "c". It offers: a, b')
    expect((await slack.as(alice).press(where, 'o', 'a')).body.actions).toMatchObject([
      { type: 'overflow', selected_option: option('a') },
    ])
  })

  test('a click on its way still arrives after the button was taken away', async () => {
    const slack = await workspace()
    const where = await post(slack, [buttons('decide', button('approve', { value: '7:1' }))])
    const seen = slack.as(bob).messages(approvals)[0]!
    await call(slack, 'chat.update', { ...where, text: 'decided' })
    await expect(slack.as(bob).press(where, 'approve')).rejects.toThrow('no such element')
    expect(await slack.as(bob).press(seen, 'approve')).toMatchObject({
      body: { actions: [{ value: '7:1' }], message: { text: 'decided' } },
    })
  })

  test('a button that starts a Slack workflow does nothing here', async () => {
    const slack = await workspace()
    const trigger = { url: 'https://slack.com/shortcuts/x' }
    const where = await post(slack, [buttons('b', { ...button('w'), type: 'workflow_button', workflow: { trigger } })])
    await expect(slack.as(alice).press(where, 'w')).rejects.toThrow('it keeps no value to choose')
  })

  test('nobody can press what they do not see', async () => {
    const slack = await workspace({
      channels: [
        { id: approvals, name: 'token-approvals', appIsMember: true, members: [bob] },
        { id: 'C0GENERAL', name: 'general', appIsMember: true },
      ],
    })
    const closed = await post(slack, [buttons('b', button('x'))])
    await expect(slack.as(alice).press(closed, 'x')).rejects.toThrow('is not in C0APPROVALS')
    const { message_ts } = await call(slack, 'chat.postEphemeral', {
      channel: 'C0GENERAL',
      user: bob,
      text: 'x',
      blocks: [buttons('b', button('x'))],
    })
    await expect(slack.as(alice).press({ channel: 'C0GENERAL', ts: String(message_ts) }, 'x')).rejects.toThrow(
      'sees no message',
    )
    await expect(slack.as(alice).press({ id: 'V0BOBS' }, 'x')).rejects.toThrow('has no modal V0BOBS open')
    await expect(slack.as(alice).press('home', 'x')).rejects.toThrow('empty App Home')
    expect(() => slack.as('U0NOBODY')).toThrow('nobody called U0NOBODY')
    expect(() => slack.see('U0NOBODY')).toThrow('nobody called U0NOBODY')
  })

  test('a button in an ephemeral message sends no message along', async () => {
    const slack = await workspace()
    const { message_ts } = await call(slack, 'chat.postEphemeral', {
      channel: approvals,
      user: bob,
      text: 'x',
      blocks: [buttons('b', button('x'))],
    })
    const { body } = await slack.as(bob).press({ channel: approvals, ts: String(message_ts) }, 'x')
    expect(body).toMatchObject({ container: { is_ephemeral: true, message_ts } })
    expect(body).not.toHaveProperty('message')
  })

  test('a button on Home comes with the view, and opens a modal', async () => {
    const slack = await workspace()
    await call(slack, 'views.publish', { user_id: alice, view: home([buttons('b', button('new'))]) })
    const { body } = await slack.as(alice).press('home', 'new')
    expect(body).toMatchObject({
      container: { type: 'view', view_id: slack.as(alice).home()?.id },
      view: { type: 'home' },
    })
    expect(body).not.toHaveProperty('response_url')
    expect(await call(slack, 'views.open', { trigger_id: body.trigger_id, view: modal() })).toMatchObject({ ok: true })
  })

  test('somebody from another workspace carries their own team, and runs no commands', async () => {
    const people = [{ id: 'U0EVE', name: 'eve', realName: 'Eve', isStranger: true, teamId: 'T0OTHER' }]
    const slack = await workspace({ people })
    const where = await post(slack, [buttons('b', button('x'))])
    const eve = slack.as('U0EVE')
    const pressed = await eve.press(where, 'x')
    expect(pressed.body).toMatchObject({ team: { id: slack.teamId }, user: { team_id: 'T0OTHER' } })
    await expect(eve.command('/token')).rejects.toThrow('another workspace')
    await call(slack, 'views.open', { trigger_id: pressed.body.trigger_id, view: modal() })
    expect((await eve.submit())?.body).toMatchObject({
      team: { id: 'T0OTHER' },
      view: { team_id: 'T0OTHER', app_installed_team_id: slack.teamId },
    })
  })
})

describe('filling in', () => {
  test('an input sends nothing, unless it dispatches', async () => {
    const slack = await workspace()
    const actor = await open(slack, [textInput('quiet'), textInput('loud', { dispatch_action: true })])
    expect(await actor.fill('quiet', 'text', 'x')).toBeNull()
    expect(await actor.fill('loud', 'text', 'y')).toMatchObject({
      kind: 'block_actions',
      body: {
        container: { type: 'view' },
        actions: [{ type: 'plain_text_input', value: 'y', block_id: 'loud' }],
        view: { state: { values: { quiet: { text: { value: 'x' } }, loud: { text: { value: 'y' } } } } },
      },
    })
    await expect(actor.press(actor.modal()!, 'text', 'z', 'quiet')).rejects.toThrow(
      'sends nothing until the modal is submitted',
    )
  })

  test('a menu beside a section or among actions sends at once', async () => {
    const slack = await workspace()
    const actor = await open(slack, [
      section('x', { block_id: 'b', accessory: { type: 'radio_buttons', action_id: 'r', options: [option('a')] } }),
    ])
    expect(await actor.fill('b', 'r', 'a')).toMatchObject({ body: { actions: [{ selected_option: option('a') }] } })
  })

  test('each kind of element takes what fits it', async () => {
    const slack = await workspace()
    const options = [option('a'), option('b')]
    const of = (type: string, more: object = {}) => input(type, { type, action_id: 'x', ...more })
    const actor = await open(slack, [
      of('multi_static_select', { options, max_selected_items: 1 }),
      of('checkboxes', { options }),
      of('datepicker'),
      of('timepicker'),
      of('datetimepicker'),
      of('users_select'),
      of('channels_select'),
      of('number_input', { is_decimal_allowed: false }),
    ])
    const chosen = async (type: string, value: string | string[] | null) => {
      await actor.fill(type, 'x', value)
      return actor.modal()?.values[type]?.x
    }
    expect(await chosen('checkboxes', ['a', 'b'])).toMatchObject({ selected_options: options })
    expect(await chosen('checkboxes', [])).toMatchObject({ selected_options: [] })
    expect(await chosen('datepicker', '2027-01-31')).toMatchObject({ selected_date: '2027-01-31' })
    expect(await chosen('datepicker', null)).toMatchObject({ selected_date: null })
    expect(await chosen('timepicker', '09:30')).toMatchObject({ selected_time: '09:30' })
    expect(await chosen('datetimepicker', '1800000000')).toMatchObject({ selected_date_time: 1_800_000_000 })
    expect(await chosen('users_select', bob)).toMatchObject({ selected_user: bob })
    expect(await chosen('channels_select', approvals)).toMatchObject({ selected_channel: approvals })
    expect(await chosen('number_input', '5')).toMatchObject({ value: '5' })
    await expect(chosen('multi_static_select', ['a', 'b'])).rejects.toThrow('at most 1 values, not 2')
    await expect(chosen('datepicker', '2027-02-30x')).rejects.toThrow("can't be chosen")
    await expect(chosen('users_select', 'U0NOBODY')).rejects.toThrow("can't be chosen")
    await expect(actor.fill('nothing', 'x', 'a')).rejects.toThrow('no such element')
    await expect(actor.fill('datepicker', 'x', ['2027-01-31', '2027-02-01'])).rejects.toThrow('takes one value, not 2')
    await expect(actor.suggest(actor.modal()!, 'x', 'abc', 'datepicker')).rejects.toThrow('asks the app for no options')
  })

  test('buttons are pressed, not filled in', async () => {
    const slack = await workspace()
    const actor = await open(slack, [buttons('b', button('x'))])
    await expect(actor.fill('b', 'x', 'y')).rejects.toThrow('is a button: press it')
  })

  test('without a modal there is nothing to fill in', async () => {
    const slack = await workspace()
    await expect(slack.as(alice).fill('b', 'a', 'x')).rejects.toThrow('no modal open')
    await expect(slack.as(alice).submit()).rejects.toThrow('no modal open')
  })
})

describe('menus that ask the app', () => {
  const menu = (more: object = {}) => input('token', { type: 'external_select', action_id: 'pick', ...more })

  test('offer what the app answers, and only that can be chosen', async () => {
    const slack = await workspace()
    await boltApp(slack, (app) =>
      app.options('pick', ({ ack, options }) => ack({ options: [option(`${options.value}-1`)] as never })),
    )
    const actor = await open(slack, [menu()])
    expect(await actor.suggest(actor.modal()!, 'pick', 'dep')).toEqual([option('dep-1')])
    await slack.as(alice).fill('token', 'pick', 'dep-1')
    expect(actor.modal()?.values.token?.pick).toMatchObject({ selected_option: option('dep-1') })
    await call(slack, 'views.update', { view_id: actor.modal()?.id, view: modal([menu(), section('more')]) })
    expect(actor.modal()?.values.token?.pick).toMatchObject({ selected_option: option('dep-1') })
    await expect(actor.fill('token', 'pick', 'other')).rejects.toThrow('It offers: dep-1')
    expect(slack.deliveries.at(-1)?.body).toMatchObject({
      type: 'block_suggestion',
      value: 'dep',
      action_id: 'pick',
      block_id: 'token',
      view: { type: 'modal' },
    })
  })

  test('keep those of several choices that later suggestions no longer name', async () => {
    const slack = await workspace()
    await boltApp(slack, (app) =>
      app.options('pick', ({ ack, options }) => ack({ options: [option(options.value)] as never })),
    )
    const actor = await open(slack, [menu({ type: 'multi_external_select' })])
    await actor.suggest(actor.modal()!, 'pick', 'main')
    await actor.fill('token', 'pick', ['main'])
    await actor.suggest(actor.modal()!, 'pick', 'development')
    await actor.fill('token', 'pick', ['main', 'development'])
    expect(actor.modal()?.values.token?.pick?.selected_options).toEqual([option('main'), option('development')])
  })

  test('ask only once enough was typed: three characters unless the menu says otherwise', async () => {
    const slack = await workspace()
    const actor = await open(slack, [menu()])
    slack.clear()
    expect(await actor.suggest(actor.modal()!, 'pick', 'de')).toEqual([])
    expect(slack.deliveries).toEqual([])
    await boltApp(slack, (app) =>
      app.options('pick', ({ ack }) =>
        ack({ option_groups: [{ label: option('g').text, options: [option('a')] }] as never }),
      ),
    )
    const eager = await open(slack, [menu({ min_query_length: 0 })])
    expect(await eager.suggest(eager.modal()!, 'pick', '')).toMatchObject([
      { label: { text: 'g' }, options: [option('a')] },
    ])
    await eager.fill('token', 'pick', 'a')
  })

  test('offer nothing when the answer is beyond the limits', async () => {
    const slack = await workspace()
    const options = Array.from({ length: 101 }, (_, index) => option(`v${index}`))
    await boltApp(slack, (app) => app.options('pick', ({ ack }) => ack({ options: options as never })))
    const actor = await open(slack, [menu()])
    expect(await actor.suggest(actor.modal()!, 'pick', 'abc')).toEqual([])
    expect(slack.deliveries.at(-1)?.problem).toContain('no more than 100 items allowed')
    expect(actor.notices()).toEqual(['We had some trouble connecting. Try again?'])
  })
})

describe('events', () => {
  test('opening Home tells the app, with the view that is there', async () => {
    const slack = await workspace()
    await boltApp(slack, (app) =>
      app.event('app_home_opened', async ({ event, client }) => {
        await client.views.publish({
          user_id: event.user,
          view: home([section(event.view ? 'again' : 'first')]) as never,
        })
      }),
    )
    const text = () => slack.as(alice).home()?.blocks[0]?.text
    await slack.as(alice).openHome()
    await slack.waitFor(() => (text() as { text: string }).text === 'first', 'Home to be drawn')
    const { body } = await slack.as(alice).openHome()
    expect(body).toMatchObject({ type: 'event_callback', event: { tab: 'home', user: alice, view: { type: 'home' } } })
    await slack.waitFor(() => (text() as { text: string }).text === 'again', 'Home to be drawn again')
  })

  test('a change of people, groups or channels is reported as Slack reports it', async () => {
    const slack = await workspace({ userGroups: [{ id: 'S0A', name: 'A', handle: 'a', users: [alice] }] })
    await boltApp(slack, acksAll)
    const { changePerson, changeUserGroup, changeChannel } = slack.admin
    expect((await changePerson(bob, { deleted: true }))?.body.event).toMatchObject({
      type: 'user_change',
      user: { id: bob, deleted: true },
    })
    expect((await changeUserGroup('S0A', { users: [bob] }))?.body.event).toMatchObject({
      type: 'subteam_members_changed',
      added_users: [bob],
      removed_users: [alice],
    })
    expect((await changeUserGroup('S0A', { isDisabled: true }))?.body.event).toMatchObject({ type: 'subteam_updated' })
    expect((await changeChannel(approvals, { isExtShared: true }))?.body.event).toMatchObject({
      type: 'channel_shared',
    })
    expect((await changeChannel(approvals, { isArchived: true }))?.body.event).toMatchObject({
      type: 'channel_archive',
    })
    expect((await changeChannel(approvals, { name: 'approvals' }))?.body.event).toMatchObject({
      type: 'channel_rename',
      channel: { name: 'approvals' },
    })
    expect(await changeChannel(approvals, { appIsMember: false })).toBeNull()
    await expect(changePerson('U0NOBODY', {})).rejects.toThrow('There is no U0NOBODY')
  })

  test('an event that the manifest does not subscribe to is not sent', async () => {
    const app = { id: 'A0APP', name: 'App', commands: [], shortcuts: [], events: ['app_home_opened'] }
    const slack = await workspace({ app })
    expect(await slack.admin.changePerson(bob, { deleted: true })).toBeNull()
    await expect(slack.sendEvent({ type: 'tokens_revoked' })).rejects.toThrow('does not subscribe')
    expect(slack.deliveries).toEqual([])
  })
})

import type { App } from '@slack/bolt'
import { describe, expect, test } from 'vitest'
import type { Modal } from '../../src/sandbox/slack/protocol.ts'
import { writings } from '../../src/sandbox/stack/behaviour.ts'
import {
  approvals,
  bob,
  button,
  buttons,
  input,
  modal,
  option,
  plain,
  section,
  textInput,
} from '../sandbox/slack/support.ts'
import { gone, inBrowser, noBrowser, useBrowser } from './browser.ts'
import { actAs, openChannel, openForm, pageWith } from './page-world.ts'

describe.skipIf(noBrowser)(`the demo page, ${inBrowser}`, () => {
  const open = useBrowser()

  test('a message with buttons is shown to whoever is in the channel, and a press is that person’s', async () => {
    const { url, slack, client } = await pageWith((app) => void app.action('approve', ({ ack }) => ack()))
    const blocks = [section('Change #42'), buttons('decide', button('approve', { value: '42:1' }))] as never[]
    await client.chat.postMessage({ channel: approvals, text: 'Change #42', blocks })
    const page = await open(url)
    await actAs(page, 'Bob')
    await openChannel(page, 'token-approvals')
    await page.getByRole('article').getByRole('button', { name: 'approve' }).click()

    const press = await slack.waitFor(() => slack.deliveries.find(({ kind }) => kind === 'block_actions'))
    expect(press.body).toMatchObject({ user: { id: bob }, actions: [{ action_id: 'approve', value: '42:1' }] })
  })

  test('once another person is chosen, nothing can be pressed as the one before', async () => {
    const { url, client } = await pageWith()
    const blocks = [buttons('decide', button('approve'))] as never[]
    await client.chat.postMessage({ channel: approvals, text: 'Change #42', blocks })
    const page = await open(url)
    await openChannel(page, 'token-approvals')
    await page.getByRole('button', { name: 'approve', exact: true }).waitFor()
    const held = Promise.withResolvers<void>()
    await page.route(/state\?as=U0BOB/, async (route) => {
      await held.promise
      await route.continue()
    })
    await actAs(page, 'Bob')
    await page.getByRole('button', { name: 'Act as Bob', pressed: true }).waitFor()
    expect(await page.getByRole('button', { name: 'approve', exact: true }).count()).toBe(0)

    held.resolve()
    await page.getByRole('textbox', { name: 'Message to #general' }).waitFor()
  })

  test('unread messages are counted at each person, until they look', async () => {
    const { url, client } = await pageWith()
    const page = await open(url)
    await client.chat.postMessage({ channel: approvals, text: 'Change #42' })

    await page.getByRole('button', { name: 'Act as Bob Brandt, approves 1 unread' }).click()
    await page.getByRole('button', { name: 'token-approvals 1 unread' }).click()
    await page.getByRole('article').getByText('Change #42').waitFor()
    await actAs(page, 'Alice')
    await page.getByRole('button', { name: 'Act as Bob Brandt, approves', exact: true }).waitFor()
  })

  test('an ephemeral message is shown to its one person, and marked as such', async () => {
    const { url, client } = await pageWith()
    await client.chat.postEphemeral({ channel: approvals, user: bob, text: 'You may not decide on this.' })
    await client.chat.postMessage({ channel: approvals, text: 'For everybody' })
    const page = await open(url)
    await actAs(page, 'Bob')
    await openChannel(page, 'token-approvals')
    await page.getByRole('article').filter({ hasText: 'Only visible to you' }).getByText('You may not decide').waitFor()

    await actAs(page, 'Carol')
    await openChannel(page, 'token-approvals')
    await page.getByText('For everybody').waitFor()
    await gone(page.getByText('You may not decide'))
  })

  test('text of a message is shown as text, and only a web address becomes a link', async () => {
    const { url, client } = await pageWith()
    const text = '<img src=x onerror=alert(1)> & <b>bold</b>'
    const leaves = [
      { type: 'text', text },
      { type: 'link', url: 'javascript:alert(1)', text: 'press here' },
    ]
    const blocks = [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: leaves }] }] as never[]
    await client.chat.postMessage({ channel: approvals, text: 'hostile', blocks })
    const page = await open(url)
    await openChannel(page, 'token-approvals')

    const message = page.getByRole('article')
    await message.getByText(text).waitFor()
    expect(await message.locator('img, a').count()).toBe(0)
  })

  test('a slash command is completed, sent with Enter, and reported as unanswered if the app is silent', async () => {
    const { url, slack } = await pageWith((app) => void app.command('/token', ({ ack }) => ack()))
    const page = await open(url)
    await page.getByRole('textbox', { name: 'Message to #general' }).pressSequentially('/to')
    await page.getByRole('option', { name: '/token' }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.type('edit ci-deploy')
    await page.keyboard.press('Enter')
    const sent = await slack.waitFor(() => slack.deliveries.find(({ kind }) => kind === 'command'))
    expect(sent.body).toMatchObject({ command: '/token', text: 'edit ci-deploy', channel_id: 'C0GENERAL' })
    await page.keyboard.type('/token')
    await page.getByRole('option', { name: '/token' }).waitFor()
    await page.keyboard.press('Enter')
    await slack.waitFor(() => slack.deliveries.some(({ kind, body }) => kind === 'command' && body.text === ''))

    slack.deliverTo('http://127.0.0.1:9/nobody')
    await page.keyboard.type('/token help')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: '/token failed' }).waitFor()
  })

  test('what is being typed stays, while other things change and while the app redraws the form', async () => {
    const { url, slack, stack, client } = await pageWith(opens(shortForm()))
    const page = await open(url)
    await openForm(page)
    const field = page.getByLabel('reason')
    await field.click()
    await page.keyboard.type('half a sen')
    stack.edit(stack.tokens()[0]!.uid, { description: 'edited by hand' })
    await page
      .getByRole('complementary', { name: /Contentstack/ })
      .getByText('edited by hand')
      .waitFor()
    const { id } = slack.see('U0ALICE').modals[0]!
    await client.views.update({
      view_id: id,
      view: modal([section('Redrawn'), textInput('reason'), textInput('name')]),
    })
    await page.getByText('Redrawn').waitFor()
    await page.keyboard.type('tence')

    expect(await field.inputValue()).toBe('half a sentence')
    await page.getByLabel('name').fill('x')
    expect(await field.inputValue()).toBe('half a sentence')
  })

  test('a redraw that takes the pressed button away leads on to the field that came with it', async () => {
    const closed = modal([textInput('reason'), buttons('groups', button('scope'))])
    const opened = modal([textInput('reason'), textInput('added')])
    const { url } = await pageWith((app) => {
      opens(closed)(app)
      app.action('scope', async ({ ack, client, body }) => {
        await ack()
        await client.views.update({ view_id: (body as { view: { id: string } }).view.id, view: opened })
      })
    })
    const page = await open(url)
    await openForm(page)
    await page.getByRole('button', { name: 'scope' }).click()
    await page.getByLabel('added').waitFor()
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('[data-block]')?.outerHTML))
      .toContain('added')
  })

  test('a submission carries the last typed values, and an error is shown at its field', async () => {
    const { url, slack } = await pageWith((app) => {
      opens(shortForm())(app)
      app.view('form', ({ ack }) => ack({ response_action: 'errors', errors: { name: 'That name is taken.' } }))
    })
    const page = await open(url)
    await openForm(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
    await page.getByRole('alert').filter({ hasText: 'Please complete this required field.' }).first().waitFor()
    expect(slack.deliveries.some(({ kind }) => kind === 'view_submission')).toBe(false)

    await page.getByLabel('reason').fill('because')
    await page.getByLabel('name').fill('ci-deploy')
    await page.keyboard.press('Enter')
    const field = page.locator('[data-block=name]')
    await field.getByRole('alert').filter({ hasText: 'That name is taken.' }).waitFor()
    expect(await field.getByRole('textbox').getAttribute('aria-invalid')).toBe('true')
    const submission = slack.deliveries.find(({ kind }) => kind === 'view_submission')
    expect(submission?.body).toMatchObject({
      view: { state: { values: { name: { text: { value: 'ci-deploy' } }, reason: { text: { value: 'because' } } } } },
    })
  })

  test('a pushed form goes Back to the one before, where everything is as it was left; Escape closes', async () => {
    const { url } = await pageWith((app) => {
      opens(shortForm())(app)
      const preview = modal([section('name: a → b')], { title: plain('Check the change'), callback_id: 'preview' })
      app.view('form', ({ ack }) => ack({ response_action: 'push', view: preview }))
    })
    const page = await open(url)
    await openForm(page)
    await page.getByLabel('name').fill('b')
    await page.getByLabel('reason').fill('because')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Check the change' }).waitFor()
    await page.getByRole('button', { name: 'Back', exact: true }).click()
    await page.getByRole('dialog', { name: 'Form' }).waitFor()
    expect(await page.getByLabel('reason').inputValue()).toBe('because')

    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('menus are searched by typing, and choices from menus, radio buttons, boxes and dates are sent', async () => {
    const { url, slack } = await pageWith((app) => {
      opens(everyChoice())(app)
      app.options('token', ({ ack, payload }) =>
        ack({ options: ['ci', 'cms'].filter((one) => one.includes(payload.value)).map(option) }),
      )
      app.view('form', ({ ack }) => ack())
    })
    const page = await open(url)
    await openForm(page)
    const form = page.getByRole('dialog')
    await form.getByLabel('access').click()
    await page.keyboard.type('wri')
    await page.keyboard.press('Enter')
    await form.getByLabel('branches').click()
    const slackSide = page.getByRole('region', { name: 'Slack (emulated)' })
    for (const name of ['main', 'next']) await slackSide.getByRole('option', { name }).click()
    await page.keyboard.press('Escape')
    await form.getByLabel('token').click()
    await page.keyboard.type('cm')
    await page.getByRole('option', { name: 'cms' }).click()
    await form.getByLabel('on a date').check()
    await form.getByLabel('notice').check()
    await form.getByLabel('day').fill('2027-01-31')
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })

    const { view } = slack.deliveries.find(({ kind }) => kind === 'view_submission')!.body as { view: Sent }
    const { access, branches, token, expiry, mail, date } = view.state.values
    expect(access).toMatchObject({ one: { selected_option: { value: 'write' } } })
    expect(branches).toMatchObject({ many: { selected_options: [{ value: 'main' }, { value: 'next' }] } })
    expect(token).toMatchObject({ token: { selected_option: { value: 'cms' } } })
    expect(expiry).toMatchObject({ radio: { selected_option: { value: 'on a date' } } })
    expect(mail).toMatchObject({ boxes: { selected_options: [{ value: 'notice' }] } })
    expect(date).toMatchObject({ day: { selected_date: '2027-01-31' } })
  })

  test('a submission waits for the choice made just before it, however long that takes to arrive', async () => {
    const select = { type: 'static_select', action_id: 'one', options: ['read', 'write'].map(option) }
    const { url, slack } = await pageWith((app) => {
      opens(modal([input('access', select)]))(app)
      app.view('form', ({ ack }) => ack())
    })
    const page = await open(url)
    await openForm(page)
    const requests: string[] = []
    const held = Promise.withResolvers<void>()
    await page.route('**/act', async (route) => {
      const { do: what } = route.request().postDataJSON() as { do: string }
      requests.push(what)
      if (what === 'fill') await held.promise
      await route.continue()
    })
    await page.getByRole('dialog').getByLabel('access').click()
    await page.getByRole('option', { name: 'write' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
    await page.locator('button[type=submit][aria-busy=true]').waitFor()
    expect(requests).toEqual(['fill'])

    held.resolve()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const submission = slack.deliveries.find(({ kind }) => kind === 'view_submission')
    expect(submission?.body).toMatchObject({
      view: { state: { values: { access: { one: { selected_option: { value: 'write' } } } } } },
    })
  })

  test('choices made faster than they arrive are all kept', async () => {
    const boxes = { type: 'checkboxes', action_id: 'boxes', options: ['one', 'two', 'three'].map(option) }
    const { url, slack } = await pageWith(opens(modal([input('which', boxes)])))
    const page = await open(url)
    await openForm(page)
    const held = Promise.withResolvers<void>()
    await page.route('**/act', async (route) => {
      await held.promise
      await route.continue()
    })
    for (const name of ['one', 'two', 'three']) await page.getByLabel(name, { exact: true }).check()
    held.resolve()

    await slack.waitFor(() => chosenIn(slack.see('U0ALICE').modals[0]).length === 3, 'three boxes to be ticked')
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(3)
  })

  test('a button that asks first does nothing when the answer is no', async () => {
    const { url, slack, client } = await pageWith((app) => void app.action('cancel', ({ ack }) => ack()))
    const confirm = {
      title: plain('Cancel it?'),
      text: plain('It ends.'),
      confirm: plain('Cancel it'),
      deny: plain('Keep'),
    }
    const blocks = [buttons('decide', button('cancel', { confirm }))] as never[]
    await client.chat.postMessage({ channel: approvals, text: 'Change #42', blocks })
    const page = await open(url)
    await openChannel(page, 'token-approvals')
    await page.getByRole('button', { name: 'cancel' }).click()
    await page.getByRole('dialog', { name: 'Cancel it?' }).getByRole('button', { name: 'Keep' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(slack.deliveries.some(({ kind }) => kind === 'block_actions')).toBe(false)

    await page.getByRole('button', { name: 'cancel' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel it' }).click()
    await slack.waitFor(() => slack.deliveries.some(({ kind }) => kind === 'block_actions'))
  })

  test('a menu at the bottom of a conversation opens upwards, where all of it is seen', async () => {
    const { url, client } = await pageWith()
    const lines = Array.from({ length: 40 }, (_, line) => section(`Line ${line}`))
    const menu = { type: 'overflow', action_id: 'more', options: ['Edit', 'Nudge', 'Cancel'].map(option) }
    const blocks = [...lines, buttons('decide', menu)] as never[]
    await client.chat.postMessage({ channel: approvals, text: 'Change #42', blocks })
    const page = await open(url)
    await openChannel(page, 'token-approvals')
    await page.getByRole('log').evaluate((log) => log.scrollTo(0, log.scrollHeight))
    await page.getByRole('button', { name: 'More actions' }).click()
    const last = page.getByRole('menuitem', { name: 'Cancel' })
    const isSeen = await last.evaluate((item) => {
      const { left, top, width, height } = item.getBoundingClientRect()
      return item.contains(document.elementFromPoint(left + width / 2, top + height / 2))
    })
    expect(isSeen).toBe(true)
  })

  test('a token edited by hand changes in the stack, and is shown as it is now', async () => {
    const { url, stack } = await pageWith()
    const page = await open(url)
    const token = page.getByRole('article', { name: 'Token ci-deploy' })
    await token.getByRole('button', { name: 'Edit by hand' }).click()
    await token.getByLabel('Description').fill('by hand')
    await token.getByLabel('Expires').fill('')
    await token.getByRole('button', { name: 'Save by hand' }).click()

    await token.locator('.changed').filter({ hasText: 'by hand' }).waitFor()
    expect(stack.tokens()[0]).toMatchObject({ name: 'ci-deploy', description: 'by hand', expires_on: null })
  })

  test('an alias is pointed to another branch on the page', async () => {
    const { url, stack } = await pageWith()
    const page = await open(url)
    await page.getByLabel('live points to').selectOption('feature-x')
    await expect.poll(() => stack.aliases()).toContainEqual({ alias: 'live', target: 'feature-x' })
    expect(await page.getByLabel('live points to').inputValue()).toBe('feature-x')
  })

  test('trouble is switched on and off on the page, on both sides', async () => {
    const { url, slack, stack } = await pageWith()
    const page = await open(url)
    await page.getByText('Make trouble').click()
    await page.getByRole('group', { name: 'Contentstack' }).getByLabel('Down').check()
    await page
      .getByRole('group', { name: 'Contentstack' })
      .getByLabel('Updates are')
      .selectOption('take, then never answer')
    await page.getByRole('group', { name: 'Slack' }).getByLabel('Slow').check()
    await page.getByLabel('Texts are kept').selectOption('trimmed')
    await page.getByLabel('An expiry is kept as the end of its day').check()
    await page.getByText('5 on').waitFor()
    expect(stack.trouble).toMatchObject({ down: true, updates: 'take, then never answer' })
    expect(slack.trouble.slowMs).toBeGreaterThan(0)

    await page.getByRole('button', { name: 'End all trouble' }).click()
    await page.getByText('5 on').waitFor({ state: 'detached' })
    expect(stack.behaviour).toMatchObject({ text: 'as sent', expiry: 'as sent' })
    expect(stack.trouble).toMatchObject({ down: false, updates: 'ok' })
    expect(slack.trouble.slowMs).toBe(0)
  })

  test('each kind of trouble with a stack reaches it, says what to watch, and ends with all trouble', async () => {
    const { url, stack } = await pageWith()
    const calm = structuredClone({ trouble: stack.trouble, behaviour: stack.behaviour })
    const page = await open(url)
    await page.getByText('Make trouble').click()
    const group = page.getByRole('group', { name: 'Contentstack' })
    for (const box of await group.getByRole('checkbox').all()) await box.check()
    const offered = (label: string) =>
      group
        .getByLabel(label)
        .locator('option')
        .evaluateAll((all) => all.map((one) => one.getAttribute('value')))
    expect(await offered('Reads are')).toEqual(['ok', 'huge', 'endless', 'a token twice'])
    expect(await offered('Texts are kept')).toEqual([...writings])
    for (const [label, choice] of [
      ['Updates are', 'never arrives'],
      ['Reads are', 'a token twice'],
      ['What an update leaves out', 'merge'],
      ['Texts are kept', 'escaped'],
    ] as const)
      await group.getByLabel(label).selectOption(choice)
    const all = (await group.getByRole('checkbox').count()) + 4
    await page.getByText(`${all} on`).waitFor()
    expect((await group.locator('small').allTextContents()).filter((said) => said.trim() !== '')).toHaveLength(all)
    const [gateway] = stack.trouble.nextReads
    expect(gateway).toMatchObject({ status: 404 })
    expect(stack.trouble).toMatchObject({ slowMs: 2000, down: true, rateLimited: 3, lagMs: 10_000, shortLists: 1 })
    expect(stack.trouble).toMatchObject({ updates: 'never arrives', reads: 'a token twice' })
    const odd = { update: 'merge', text: 'escaped', expiry: 'end of day', scope: 'sorted', times: false }
    expect(stack.behaviour).toMatchObject({ ...odd, updateAnswer: 'notice' })

    await page.getByRole('button', { name: 'End all trouble' }).click()
    await page.getByText(`${all} on`).waitFor({ state: 'detached' })
    expect({ trouble: stack.trouble, behaviour: stack.behaviour }).toEqual(calm)
  })

  test('each kind of trouble with Slack says what to watch, and ends with all trouble', async () => {
    const { url, slack } = await pageWith()
    const page = await open(url)
    await page.getByText('Make trouble').click()
    const group = page.getByRole('group', { name: 'Slack' })
    for (const label of ['A proxy answers', 'The bot token was revoked', 'New connections', 'Refuses edits'])
      await group.getByLabel(label).check()
    await group.getByText('you are told who has to act').waitFor()
    await page.getByText('4 on').waitFor()
    expect(slack.trouble).toMatchObject({ revoked: true, silentUpgrades: true, inPlace: { 'users.info': 'html' } })
    expect(slack.trouble.leaveAlone['chat.update']).toBeGreaterThan(Date.now())

    await page.getByRole('button', { name: 'End all trouble' }).click()
    await page.getByText('4 on').waitFor({ state: 'detached' })
    expect(slack.trouble).toMatchObject({ revoked: false, silentUpgrades: false, inPlace: {}, leaveAlone: {} })
  })
})

function chosenIn(form: Modal | undefined): readonly unknown[] {
  return (form?.values.which?.boxes?.selected_options ?? []) as unknown[]
}

type Sent = { state: { values: Record<string, unknown> } }

/** Registers the shortcut that opens this form. */
function opens(view: ReturnType<typeof modal>) {
  return (app: App) =>
    void app.shortcut('edit', async ({ ack, client, body }) => {
      await ack()
      await client.views.open({ trigger_id: body.trigger_id, view })
    })
}

function shortForm() {
  return modal([textInput('reason'), textInput('name')])
}

function everyChoice() {
  const select = (type: string, action_id: string, ...values: string[]) => ({
    type,
    action_id,
    options: values.map(option),
  })
  return modal([
    input('access', select('static_select', 'one', 'none', 'read', 'write')),
    input('branches', select('multi_static_select', 'many', 'main', 'development', 'next')),
    input('token', { type: 'external_select', action_id: 'token', min_query_length: 1 }),
    input('expiry', select('radio_buttons', 'radio', 'never', 'on a date')),
    input('mail', select('checkboxes', 'boxes', 'notice')),
    input('date', { type: 'datepicker', action_id: 'day' }, { label: plain('day') }),
  ])
}

import { describe, expect, test } from 'vitest'
import type { EmulatedSlack, Modal } from '../../../src/sandbox/slack/protocol.ts'
import {
  alice,
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
  plain,
  section,
  stoppedClock,
  textInput,
  workspace,
} from './support.ts'

/** A workspace where Alice has this modal open. */
async function opened(view: object = modal([textInput('name')]), slack?: EmulatedSlack) {
  const place = slack ?? (await workspace())
  const answer = await call(place, 'views.open', { trigger_id: await freshTrigger(place), view })
  expect(answer).toMatchObject({ ok: true })
  const actor = place.as(alice)
  const update = (next: object, more: object = {}) =>
    call(place, 'views.update', { view_id: actor.modal()?.id, view: next, ...more })
  const values = () => actor.modal()?.values
  return { slack: place, actor, update, values, view: answer.view as Modal & Record<string, unknown> }
}

describe('triggers', () => {
  test('a trigger opens one view, once', async () => {
    const slack = await workspace()
    const trigger_id = await freshTrigger(slack)
    expect(await call(slack, 'views.open', { trigger_id, view: modal() })).toMatchObject({
      ok: true,
      view: { type: 'modal' },
    })
    expect(await call(slack, 'views.open', { trigger_id, view: modal() })).toMatchObject({
      error: 'exchanged_trigger_id',
    })
    expect(slack.see(alice).modals).toHaveLength(1)
    expect(slack.see(bob).modals).toEqual([])
  })

  test('a trigger is good for three seconds', async () => {
    const clock = stoppedClock()
    const slack = await workspace({ now: clock.now })
    const [inTime, late] = [await freshTrigger(slack), await freshTrigger(slack)]
    clock.pass(3000)
    expect(await call(slack, 'views.open', { trigger_id: inTime, view: modal() })).toMatchObject({ ok: true })
    clock.pass(1)
    expect(await call(slack, 'views.open', { trigger_id: late, view: modal() })).toMatchObject({
      error: 'expired_trigger_id',
    })
  })

  test('a made-up trigger opens nothing', async () => {
    const slack = await workspace()
    expect(await call(slack, 'views.open', { trigger_id: '1.2.3', view: modal() })).toMatchObject({
      error: 'invalid_trigger_id',
    })
    expect(await call(slack, 'views.open', { view: modal() })).toMatchObject({ error: 'invalid_trigger_id' })
  })

  test('a refused view does not use up the trigger', async () => {
    const slack = await workspace()
    const trigger_id = await freshTrigger(slack)
    const refused = await call(slack, 'views.open', { trigger_id, view: { ...modal(), title: plain('x'.repeat(25)) } })
    expect(refused).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'] },
    })
    expect(await call(slack, 'views.open', { trigger_id, view: modal() })).toMatchObject({ ok: true })
  })

  test('only a modal can be opened', async () => {
    const slack = await workspace()
    const answer = await call(slack, 'views.open', { trigger_id: await freshTrigger(slack), view: home() })
    expect(answer).toMatchObject({ error: 'invalid_arguments' })
    expect(await call(slack, 'views.open', { view: 'form' })).toMatchObject({
      response_metadata: { messages: ['[ERROR] must provide an object [json-pointer:/view]'] },
    })
  })
})

describe('the stack of modals', () => {
  async function pushing(slack: EmulatedSlack) {
    const delivery = await slack.as(alice).press(slack.as(alice).modal()!, 'next')
    return call(slack, 'views.push', {
      trigger_id: delivery.body.trigger_id,
      view: modal([buttons('b', button('next'))]),
    })
  }

  test('a third view can be pushed, a fourth is refused', async () => {
    const { slack, view } = await opened(modal([buttons('b', button('next'))]))
    expect(await pushing(slack)).toMatchObject({ ok: true, view: { root_view_id: view.id, previous_view_id: view.id } })
    expect(await pushing(slack)).toMatchObject({ ok: true })
    expect(await pushing(slack)).toMatchObject({ error: 'push_limit_reached' })
    expect(slack.see(alice).modals).toHaveLength(3)
  })

  test('a push needs a trigger that came from a modal', async () => {
    const { slack } = await opened()
    const answer = await call(slack, 'views.push', { trigger_id: await freshTrigger(slack), view: modal() })
    expect(answer).toMatchObject({ error: 'invalid_trigger_id' })
  })

  test('closing the top view shows the one below; with clear_on_close all are gone', async () => {
    const { slack, actor, view } = await opened(modal([buttons('b', button('next'))]))
    await pushing(slack)
    await actor.closeModal()
    expect(actor.modal()?.id).toBe(view.id)
    const delivery = await actor.press(actor.modal()!, 'next')
    await call(slack, 'views.push', { trigger_id: delivery.body.trigger_id, view: modal([], { clear_on_close: true }) })
    await actor.closeModal()
    expect(slack.see(alice).modals).toEqual([])
  })

  test('the app hears of a close only when it asked to', async () => {
    const quiet = await opened()
    expect(await quiet.actor.closeModal()).toBeNull()
    const asked = await opened(modal([], { notify_on_close: true, private_metadata: 'draft 1' }))
    expect(await asked.actor.closeModal()).toMatchObject({
      kind: 'view_closed',
      body: { type: 'view_closed', is_cleared: false, view: { id: asked.view.id, private_metadata: 'draft 1' } },
    })
  })
})

describe('updating a view', () => {
  test('what was typed stays where block and action ids stay', async () => {
    const { actor, update, values } = await opened(modal([textInput('name'), textInput('why')]))
    await actor.fill('name', 'text', 'ci-deploy')
    await actor.fill('why', 'text', 'because')
    await update(modal([section('Loaded'), textInput('name'), textInput('reason')]))
    expect(values()).toEqual({
      name: { text: { type: 'plain_text_input', value: 'ci-deploy' } },
      reason: { text: { type: 'plain_text_input', value: null } },
    })
  })

  test('a block with another id or another kind of element starts from its initial value', async () => {
    const select = (block: string) =>
      input(block, { type: 'static_select', action_id: 'text', options: [option('a')], initial_option: option('a') })
    const { actor, update, values } = await opened(modal([textInput('name')]))
    await actor.fill('name', 'text', 'typed')
    await update(modal([input('name2', { type: 'plain_text_input', action_id: 'text', initial_value: 'fresh' })]))
    expect(values()).toEqual({ name2: { text: { type: 'plain_text_input', value: 'fresh' } } })
    await actor.fill('name2', 'text', 'typed')
    await update(modal([select('name2')]))
    expect(values()).toEqual({ name2: { text: { type: 'static_select', selected_option: option('a') } } })
  })

  test('what was typed before does not come back with a block that was away', async () => {
    const { actor, update, values } = await opened()
    await actor.fill('name', 'text', 'typed')
    await update(modal([section('Loading')]))
    await update(modal([textInput('name')]))
    expect(values()).toMatchObject({ name: { text: { value: null } } })
  })

  test('a chosen option that is no longer offered is forgotten', async () => {
    const select = (...options: object[]) => modal([input('s', { type: 'static_select', action_id: 'x', options })])
    const { actor, update, values } = await opened(select(option('a'), option('b')))
    await actor.fill('s', 'x', 'b')
    await update(select(option('a')))
    expect(values()).toMatchObject({ s: { x: { selected_option: null } } })
  })

  test('a value cleared by hand stays cleared', async () => {
    const view = modal([input('n', { type: 'plain_text_input', action_id: 'x', initial_value: 'old' })])
    const { actor, update, values } = await opened(view)
    await actor.fill('n', 'x', null)
    await update(view)
    expect(values()).toMatchObject({ n: { x: { value: null } } })
  })

  test('an update with an old hash is refused', async () => {
    const { actor, update, view } = await opened()
    expect(await update(modal([section('one')]), { hash: view.hash })).toMatchObject({ ok: true })
    expect(await update(modal([section('two')]), { hash: view.hash })).toMatchObject({ error: 'hash_conflict' })
    expect(actor.modal()?.view.blocks).toMatchObject([{ text: { text: 'one' } }])
    expect(actor.modal()?.id).toBe(view.id)
  })

  test('a view that was closed, or never was, is not found', async () => {
    const { slack, actor, view } = await opened()
    await actor.closeModal()
    expect(await call(slack, 'views.update', { view_id: view.id, view: modal() })).toMatchObject({ error: 'not_found' })
    expect(await call(slack, 'views.update', { view_id: 'V0NOTHING', view: modal() })).toMatchObject({
      error: 'not_found',
    })
  })

  test('an external id finds the view, and belongs to one view only', async () => {
    const { slack, actor } = await opened(modal([], { external_id: 'draft-1' }))
    const next = modal([section('new')], { external_id: 'draft-1' })
    expect(await call(slack, 'views.update', { external_id: 'draft-1', view: next })).toMatchObject({ ok: true })
    expect(actor.modal()?.view.blocks).toHaveLength(1)
    const trigger_id = await freshTrigger(slack, bob)
    expect(await call(slack, 'views.open', { trigger_id, view: next })).toMatchObject({
      error: 'duplicate_external_id',
    })
  })

  test('a view beyond the limits is refused and the old one stays', async () => {
    const { actor, update } = await opened()
    expect(await update(modal([section('')]))).toMatchObject({ error: 'invalid_arguments' })
    expect(await update(home())).toMatchObject({ error: 'invalid_arguments' })
    expect(actor.modal()?.view.blocks).toMatchObject([{ block_id: 'name' }])
  })
})

describe('state.values', () => {
  test('lists every element that keeps a value, empty ones too', async () => {
    const options = [option('a'), option('b')]
    const { values } = await opened(
      modal([
        textInput('text'),
        input('select', { type: 'static_select', action_id: 'x', options, initial_option: option('b') }),
        input('ext', { type: 'external_select', action_id: 'x' }),
        input('multi', { type: 'multi_static_select', action_id: 'x', options }),
        input('boxes', { type: 'checkboxes', action_id: 'x', options, initial_options: [option('a')] }),
        input('radio', { type: 'radio_buttons', action_id: 'x', options }),
        input('date', { type: 'datepicker', action_id: 'x', initial_date: '2027-01-31' }),
        input('user', { type: 'users_select', action_id: 'x' }),
        section('text', { block_id: 'section', accessory: { type: 'overflow', action_id: 'x', options } }),
        buttons('acts', button('x'), { type: 'timepicker', action_id: 'y' }),
      ]),
    )
    expect(values()).toEqual({
      text: { text: { type: 'plain_text_input', value: null } },
      select: { x: { type: 'static_select', selected_option: option('b') } },
      ext: { x: { type: 'external_select', selected_option: null } },
      multi: { x: { type: 'multi_static_select', selected_options: [] } },
      boxes: { x: { type: 'checkboxes', selected_options: [option('a')] } },
      radio: { x: { type: 'radio_buttons', selected_option: null } },
      date: { x: { type: 'datepicker', selected_date: '2027-01-31' } },
      user: { x: { type: 'users_select', selected_user: null } },
      acts: { y: { type: 'timepicker', selected_time: null } },
    })
  })
})

describe("Slack's own checks before a submission", () => {
  test('a required field left empty is reported at the field, and nothing is sent', async () => {
    const { slack, actor } = await opened(modal([textInput('name'), textInput('note', { optional: true })]))
    slack.clear()
    expect(await actor.submit()).toBeNull()
    expect(actor.modal()?.errors).toEqual({ name: 'Please complete this required field.' })
    expect(slack.deliveries).toEqual([])
    await actor.fill('name', 'text', 'x')
    expect(actor.modal()?.errors).toEqual({})
    expect(await actor.submit()).toMatchObject({ kind: 'view_submission' })
  })

  test.each([
    ['too short a text', { type: 'plain_text_input', min_length: 3 }, 'ab', 'at least 3'],
    ['too long a text', { type: 'plain_text_input', max_length: 3 }, 'abcd', 'at most 3'],
    ['no number', { type: 'number_input', is_decimal_allowed: true }, 'x', 'a number'],
    ['a fraction', { type: 'number_input', is_decimal_allowed: false }, '1.5', 'whole number'],
    ['too small a number', { type: 'number_input', is_decimal_allowed: false, min_value: '2' }, '1', 'at least 2'],
    ['too big a number', { type: 'number_input', is_decimal_allowed: false, max_value: '2' }, '3', 'at most 2'],
    ['no address', { type: 'email_text_input' }, 'nobody', 'valid email'],
    ['no URL', { type: 'url_text_input' }, 'nowhere', 'valid URL'],
  ])('%s is not sent', async (_, element, typed, error) => {
    const { actor } = await opened(modal([input('b', { ...element, action_id: 'x' })]))
    await actor.fill('b', 'x', typed)
    expect(await actor.submit()).toBeNull()
    expect(actor.modal()?.errors.b).toContain(error)
  })

  test('a modal without a submit button cannot be submitted', async () => {
    const { submit: _, ...without } = modal()
    const { actor } = await opened(without)
    await expect(actor.submit()).rejects.toThrow('no submit button')
  })
})

describe('the answer to a submission', () => {
  async function answering(
    answer: object | undefined,
    view = modal([textInput('name'), section('x', { block_id: 'text' })]),
  ) {
    const slack = await workspace()
    await boltApp(slack, (app) => app.view('form', ({ ack }) => ack(answer as never)))
    const { actor } = await opened(view, slack)
    if ('name' in (actor.modal()?.values ?? {})) await actor.fill('name', 'text', 'typed')
    const delivery = await actor.submit()
    return { slack, actor, delivery }
  }

  test('an empty one closes the view', async () => {
    const { slack, delivery } = await answering(undefined)
    expect(delivery).toMatchObject({
      outcome: 'acked',
      body: { view: { state: { values: { name: { text: { value: 'typed' } } } } } },
    })
    expect(slack.see(alice).modals).toEqual([])
  })

  test('errors are shown at their fields, and the view can be sent again', async () => {
    const { actor } = await answering({ response_action: 'errors', errors: { name: 'Taken already' } })
    expect(actor.modal()).toMatchObject({
      errors: { name: 'Taken already' },
      busy: false,
      values: { name: { text: { value: 'typed' } } },
    })
    expect(await actor.submit()).toMatchObject({ outcome: 'acked' })
  })

  test('update redraws the same view', async () => {
    const { actor } = await answering({ response_action: 'update', view: modal([section('Done')]) })
    expect(actor.modal()?.view.blocks).toMatchObject([{ text: { text: 'Done' } }])
  })

  test('push puts a view on top', async () => {
    const { slack } = await answering({ response_action: 'push', view: modal([section('More')]) })
    expect(slack.see(alice).modals).toHaveLength(2)
  })

  test('a fourth view on the stack is answered with trouble connecting', async () => {
    const { slack, actor } = await answering({ response_action: 'push', view: modal([section('More')]) })
    await actor.submit()
    expect(await actor.submit()).toMatchObject({ problem: 'push_limit_reached' })
    expect(slack.see(alice).modals).toHaveLength(3)
  })

  test('clear closes them all', async () => {
    const { slack } = await answering({ response_action: 'clear' })
    expect(slack.see(alice).modals).toEqual([])
  })

  test.each([
    ['errors at a block that is no input', { response_action: 'errors', errors: { text: 'no' } }, 'no input block'],
    ['errors at a block that is not there', { response_action: 'errors', errors: { other: 'no' } }, 'no input block'],
    ['no error at all', { response_action: 'errors', errors: {} }, 'at least one'],
    ['an empty error', { response_action: 'errors', errors: { name: '' } }, 'says nothing'],
    ['a view beyond the limits', { response_action: 'update', view: modal([section('')]) }, 'more than 0 characters'],
    ['a Home', { response_action: 'push', view: home() }, 'must be modal'],
    ['an action that does not exist', { response_action: 'close' }, 'no response_action'],
  ])('%s is answered with trouble connecting, and the view stays', async (_, answer, problem) => {
    const { actor, delivery } = await answering(answer)
    expect(delivery?.problem).toContain(problem)
    expect(actor.notices()).toEqual(['We had some trouble connecting. Try again?'])
    expect(actor.modal()).toMatchObject({
      errors: {},
      busy: false,
      view: { blocks: [{ block_id: 'name' }, { block_id: 'text' }] },
    })
    actor.dismissNotices()
    expect(actor.notices()).toEqual([])
  })

  test('while a submission is under way the modal is busy and cannot be sent again', async () => {
    const slack = await workspace()
    const released = Promise.withResolvers<void>()
    await boltApp(slack, (app) => app.view('form', ({ ack }) => released.promise.then(() => ack())))
    const { actor } = await opened(modal(), slack)
    const submission = actor.submit()
    expect(actor.modal()?.busy).toBe(true)
    await expect(actor.submit()).rejects.toThrow('being sent already')
    released.resolve()
    await submission
    expect(actor.modal()).toBeUndefined()
  })

  test('the answer to a submission whose view is closed changes nothing', async () => {
    const slack = await workspace()
    await boltApp(slack, (app) =>
      app.view('form', ({ ack }) => ack({ response_action: 'errors', errors: { name: 'no' } })),
    )
    const { actor } = await opened(modal(), slack)
    const submission = actor.submit()
    await actor.closeModal()
    expect(await submission).toMatchObject({ outcome: 'acked', problem: null })
  })
})

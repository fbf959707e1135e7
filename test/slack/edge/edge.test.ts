import { describe, expect, test } from 'vitest'
import { nudge } from '../../../src/domain/change/reminders.ts'
import { Outage } from '../../../src/domain/outside-trouble.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { GivenUp, SlackBusy, SlackNo, SlackUnheard } from '../../../src/slack/calls/said.ts'
import { answeringErrors } from '../../../src/slack/edge/edge.ts'
import { createUntold } from '../../../src/slack/edge/untold.ts'
import { pending, proposedAt } from '../../support/changes.ts'
import { createClock } from '../../support/clock.ts'
import { alice } from '../../support/world.ts'
import { startBolt } from '../workspace.ts'

test('the answer of an outside service is reported in one short line, without a secret', async () => {
  const bolt = await startBolt({ botToken: 'xoxb-test', apiUrl: 'http://nowhere.invalid/api/' })
  bolt.use(answeringErrors({ keep: () => {} }))
  bolt.view('form', async () => {
    throw new Outage(`the answer was <!DOCTYPE html>\n  xoxb-1-secret ${'x'.repeat(6000)}`)
  })
  const acks: unknown[] = []
  await bolt.processEvent({
    body: {
      type: 'view_submission',
      team: { id: 'T0SANDBOX' },
      user: { id: alice },
      view: { id: 'V1', type: 'modal', callback_id: 'form', state: { values: {} } },
    },
    ack: async (answer) => void acks.push(answer),
    customProperties: { delivery: { acked: false, late: false } },
  })
  const words = `The answer was <!DOCTYPE html> [secret] ${'x'.repeat(259)}…; it is logged as `
  expect(JSON.stringify(acks)).toContain(words)
})

test("Slack's silence is reported without its hosts and calls, which are for the log", async () => {
  const told: string[] = []
  const args = {
    body: { command: '/token', user_id: alice, response_url: 'https://hooks.slack.example/1' },
    context: {},
    next: () =>
      Promise.reject(new SlackUnheard('users.info', '10.0.0.9:3128 answered with something that is not JSON')),
    respond: async ({ text }: { text: string }) => void told.push(text),
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  }
  await answeringErrors({ keep: () => {} })(args as never)
  expect(told).toEqual([expect.stringMatching(/^Slack gave no answer; it is logged as /)])
})

describe('the outcome of an act, if Slack takes no answer to it', () => {
  /**
   * Slack gives these errors in turn, at the address for answers, to messages to the person, and to the question
   * whether it answers at all; after them it takes everything.
   */
  function createEdge(toAnswers: Error[], toMessages: (Error | Promise<void>)[], toAsking: Error[] = []) {
    const clock = createClock()
    const [told, logged]: [string[], string[]] = [[], []]
    const takes = (noes: (Error | Promise<void>)[]) => async (text: string) => {
      const no = noes.shift()
      if (no instanceof Error) throw no
      await no
      told.push(text)
    }
    const [toAnswer, toPost] = [takes(toAnswers), takes(toMessages)]
    const logger = { info: (text: string) => void logged.push(text), warn: (text: string) => void logged.push(text) }
    let tries = 0
    const post = (person: string, text: string) => {
      tries += 1
      return toPost(`${person} ${text}`)
    }
    const reached = async () => {
      const no = toAsking.shift()
      if (no) throw no
    }
    const untold = createUntold({ post, reached, now: clock.now, ticks: clock.monotonic, log: logger })
    const edge = answeringErrors(untold)
    const acts = (body: object, error: Error = new Refusal('not_found', 'There is no change #7. Nothing was done.')) =>
      edge({
        body: { ...(!('event' in body) && { user_id: alice, response_url: 'https://hooks.slack.example/1' }), ...body },
        context: {},
        next: () => Promise.reject(error),
        respond: ({ text }: { text: string }) => toAnswer(text),
        client: { chat: { postMessage: ({ channel, text }: Record<string, string>) => post(channel!, text!) } },
        logger: { ...logger, error: (text: string) => void logged.push(text) },
      } as never)
    const later = async (seconds: number) => {
      clock.pass(seconds)
      await untold.tell()
    }
    return {
      told,
      logged,
      acts,
      later,
      tries: () => tries,
      stop: untold.stop,
      at: Math.floor(clock.now().getTime() / 1000),
    }
  }
  const silence = () => new SlackUnheard('chat.postMessage', 'it is down')
  const silent = (times: number) => Array.from({ length: times }, silence)
  const approve = (id: number) => ({
    type: 'block_actions',
    actions: [
      { action_id: 'approve', value: `${id}:1:0123456789abcdef`, text: { type: 'plain_text', text: 'Approve' } },
    ],
  })
  const words = 'There is no change #7. Nothing was done.'

  test('for a while, is sent when that is over, with what it was about and when', async () => {
    const busy = () => new SlackBusy('chat.postMessage', 30)
    const { told, logged, acts, later, at } = createEdge([new SlackBusy('response_url', 60)], [busy()])
    await acts({ command: '/token', text: 'show <ci> because secret' })
    await later(29)
    expect(told).toEqual([])
    await later(1)
    expect(told).toEqual([
      expect.stringMatching(
        `^${alice} What you did <!date\\^${at}\\^.*> \\(/token show &lt;ci&gt; because secret\\): `,
      ),
    ])
    expect(told[0]).toContain(`${words} (Slack did not take this message until now.)`)
    expect(logged).toEqual([
      `What ${alice} did (/token show) was refused, so nothing was done, but they could not be told (Slack got too many calls to chat.postMessage, so Countersign pauses them for 30 s): they will be told once Slack takes the message, within half an hour.`,
    ])
  })

  test('is sent later with the time at which it can be done, not with how long that was ahead', async () => {
    const hour = 3_600_000
    const due = Date.parse(proposedAt) + hour
    const { told, acts, later } = createEdge(silent(1), silent(1))
    let tooSoon: unknown
    try {
      nudge(pending(), { by: alice, at: proposedAt, revision: 1 }, hour)
    } catch (error) {
      tooSoon = error
    }
    await acts(approve(42), tooSoon as Error)
    await later(5)
    expect(told[0]).toContain(`you can nudge from <!date^${due / 1000}^{date_short_pretty} at {time}|`)
    expect(told[0]).not.toContain('minutes')
  })

  test('when sent later, does not say how long Slack was to be left alone', async () => {
    const { told, acts, later } = createEdge(silent(1), silent(1))
    await acts(approve(7), new SlackBusy('chat.postMessage', 30))
    await later(5)
    expect(told[0]).toContain('Slack got too many calls to chat.postMessage, so this could not be answered.')
    expect(told[0]).not.toContain('left alone')
  })

  test('since it answers nothing, is sent once it answers: the newest of one change, and all of others', async () => {
    const { told, acts, later } = createEdge(silent(3), silent(3), silent(2))
    await acts({ ...approve(7), actions: [{ action_id: 'reject', value: '7:1:0123456789abcdef' }] })
    await acts(approve(7))
    await acts(approve(8))
    await later(5)
    await later(4)
    await later(1)
    expect(told).toEqual([])
    await later(5)
    expect(told).toEqual([7, 8].map((id) => expect.stringContaining(`(Approve on change #${id}): ${words}`)))
    await later(60)
    expect(told).toHaveLength(2)
  })

  const command = (text: string) => ({ command: '/token', text })
  const onHome = (value: string) => ({
    type: 'block_actions',
    actions: [{ action_id: 'show_token', value }],
    view: { id: 'V0HOME', root_view_id: 'V0HOME' },
  })
  const form = (id: string, root: string) => ({
    type: 'view_submission',
    view: { id, root_view_id: root, callback_id: 'edit_form', private_metadata: 'x' },
  })

  test.each([
    ['commands of one kind', command('rename ci to ci-a because x'), command('rename web to web-b because y')],
    ['buttons of one kind', onHome('blt1'), onHome('blt2')],
    ['forms of one kind', form('V1', 'V1'), form('V2', 'V2')],
  ])('to each of two %s, is sent for both', async (_, one, other) => {
    const { told, logged, acts, later } = createEdge(silent(2), silent(2))
    await acts(one)
    await acts(other, new Refusal('wrong_status', 'It has ended.'))
    await later(5)
    expect(told).toEqual([expect.stringContaining(words), expect.stringContaining('It has ended.')])
    expect(logged.filter((line) => line.includes('in its place'))).toEqual([])
  })

  test.each([
    ['the same command', command('edit ci'), command(' edit ci '), '/token edit'],
    ['the same form, sent again', form('V2', 'V1'), form('V3', 'V1'), 'edit_form'],
    ['one change', approve(7), { ...approve(7), actions: [{ action_id: 'reject', value: '7:1' }] }, 'reject 7:1'],
  ])('to %s twice, is sent once, and the log says that the older one is not', async (_, one, other, next) => {
    const { told, logged, acts, later } = createEdge(silent(2), silent(2))
    await acts(one)
    const [first] = logged.splice(0)
    await acts(other, new Refusal('wrong_status', 'It has ended.'))
    const did = first!.slice(0, first!.indexOf(', but they could not be told'))
    expect(logged).toContain(
      `${did}, but they will not be told: a message about what they did next (${next}) takes its place.`,
    )
    await later(5)
    expect(told).toEqual([expect.stringContaining('It has ended.')])
  })

  test('whose answers to messages are lost, while others come, is sent a few times in the half hour, and says that it may be repeated', async () => {
    const lost = silent(100)
    const { told, acts, later, tries } = createEdge([new SlackBusy('response_url', 60)], lost)
    await acts(approve(7))
    for (let i = 0; i < 72; i++) await later(5)
    expect(tries()).toBe(4)
    lost.length = 0
    for (let i = 0; i < 240; i++) await later(5)
    expect(tries()).toBe(5)
    const why = 'Slack did not confirm this message at first, so you may see it more than once.'
    expect(told).toEqual([expect.stringContaining(`${words} (${why})`)])
  })

  test('is sent as soon as Slack answers again, though that is long after, and nothing is sent meanwhile', async () => {
    const { told, acts, later, tries } = createEdge(silent(1), silent(1), silent(200))
    await acts(approve(7))
    for (let i = 0; i < 200; i++) await later(5)
    expect([tries(), told]).toEqual([1, []])
    await later(5)
    expect(told).toHaveLength(1)
  })

  test('is not reported as unsent by a stop while Slack takes it', async () => {
    const { promise: taken, resolve: take } = Promise.withResolvers<void>()
    const { told, logged, acts, later, stop } = createEdge(silent(1), [silence(), taken])
    await acts(approve(7))
    const telling = later(5)
    logged.length = 0
    stop()
    take()
    await telling
    expect([told, logged]).toEqual([[expect.stringContaining(words)], []])
  })

  test('is reported as unsent by a stop, or because of something newer, once Slack does not take it', async () => {
    const stops = createEdge(silent(1), [silence(), Promise.reject(silence())])
    await stops.acts(approve(7))
    const telling = stops.later(5)
    stops.stop()
    await telling
    expect(stops.logged.at(-1)).toMatch(/approve 7:1.* as far as is known they were never told/)

    const { told, logged, acts, later } = createEdge(silent(2), [silence(), Promise.reject(silence()), silence()])
    await acts(approve(7))
    const tries = later(5)
    await acts(approve(7), new Refusal('wrong_status', 'Change #7 has ended.'))
    await tries
    expect(logged.at(-1)).toMatch(/approve 7:1.* not be told: .* takes its place/)
    await later(5)
    expect(told).toEqual([expect.stringContaining('Change #7 has ended.')])
  })

  test('is sent though something newer came while Slack took it, and so is the newer', async () => {
    const { promise: taken, resolve: take } = Promise.withResolvers<void>()
    const { told, acts, later } = createEdge(silent(2), [silence(), taken, silence()])
    await acts(approve(7))
    const telling = later(5)
    await acts(approve(7), new Refusal('wrong_status', 'Change #7 has ended.'))
    take()
    await telling
    await later(5)
    expect(told.map((text) => /There is no change|has ended/.exec(text)?.[0])).toEqual([
      'There is no change',
      'has ended',
    ])
  })

  test('for longer than anybody waits for it, is no longer sent, and is in the log, as is what a stop cuts off', async () => {
    const { told, logged, acts, later } = createEdge(silent(2), silent(3))
    await acts(approve(7))
    await later(1799)
    await acts(approve(8))
    logged.length = 0
    await later(6)
    expect(told).toEqual([expect.stringContaining('change #8')])
    const never = (id: number) =>
      `What ${alice} did (approve ${id}:1) was refused, so nothing was done, and as far as is known they were never told: Slack did not take the message in time.`
    expect(logged).toEqual([never(7)])
    const other = createEdge(silent(1), silent(1))
    await other.acts(approve(9))
    other.stop()
    expect(other.logged.at(-1)).toBe(never(9))
  })

  test('for more people than can be kept, is no longer sent to the first, and is in the log', async () => {
    const { told, logged, acts, later } = createEdge(silent(202), silent(202))
    for (const id of [1, ...Array.from({ length: 200 }, (_, i) => 200 - i), 201]) await acts(approve(id))
    expect(logged.filter((line) => line.includes('never told'))).toEqual([expect.stringContaining('(approve 200:1)')])
    await later(5)
    expect(told).toHaveLength(200)
  })

  test('while the app stops, is promised to nobody', async () => {
    const { logged, acts } = createEdge(silent(1), [new GivenUp('chat.postMessage', true)])
    await acts(approve(7), new Refusal('unavailable', 'They may not have been told.'))
    expect(logged).toEqual([
      expect.stringMatching(/ was refused, but they could not be told \(Countersign is stopping\)\.$/),
    ])
  })

  test('and that only shows something, is in the log as having changed nothing', async () => {
    const { logged, acts } = createEdge(silent(1), silent(1))
    await acts({ command: '/token', text: 'edit ci' }, new SlackUnheard('views.open', 'it is down'))
    expect(logged.at(-1)).toMatch(
      /^What U0ALICE did \(\/token edit\) could not be shown, and nothing was sent or changed, but /,
    )
  })

  test('for instance that somebody opened App Home, is in the log with who that was, and as having changed nothing', async () => {
    const { logged, acts } = createEdge([], [])
    const event = { type: 'app_home_opened', user: 'U0BOB', tab: 'home' }
    await acts({ type: 'event_callback', event }, new SlackUnheard('views.publish', 'it is down'))
    expect(logged).toEqual([
      expect.stringMatching(
        /^What U0BOB did \(app_home_opened\) could not be shown, and nothing was sent or changed: Slack gave no answer to views\.publish: it is down\.$/,
      ),
    ])
  })

  test('at all, is in the log at once', async () => {
    const no = new SlackNo('chat.postMessage', { ok: false, error: 'user_disabled' })
    const { told, logged, acts, later } = createEdge([new SlackBusy('response_url', 30)], [no])
    await acts({ command: '/token', text: 'xoxb-secret' })
    await later(60)
    const line = `What ${alice} did (/token) was refused, so nothing was done, but they could not be told (user_disabled).`
    expect([told, logged]).toEqual([[], [line]])
  })

  test('for a reason as long as a page, is in the log in one short line without a secret', async () => {
    const { logged, acts } = createEdge(silent(1), [new Error(`<html>\n  xoxb-1-secret ${'x'.repeat(6000)}`)])
    await acts(approve(7))
    expect(logged).toEqual([expect.stringMatching(/they could not be told \(<html> \[secret\] x{200,290}…\)\.$/)])
  })
})

test.each([
  [
    'block_actions',
    undefined,
    /have shown you an error\. It was done all the same: look at the card or at App Home\.$/,
  ],
  ['view_submission', { response_action: 'clear' }, /It was done all the same/],
  ['view_submission', { response_action: 'push' }, /If it showed you an error, nothing was done and nothing was sent/],
])(
  'what came of a %s that was acked with %o, perhaps too late, is told for either case',
  async (type, answer, words) => {
    const [told, logged]: [string[], string[]] = [[], []]
    await answeringErrors({ keep: () => {} })({
      body: { type, user: { id: alice }, view: { callback_id: 'form' }, actions: [{ action_id: 'approve' }] },
      context: { delivery: { acked: true, late: 'perhaps', answer } },
      next: async () => {},
      client: { chat: { postMessage: async ({ text }: { text: string }) => void told.push(text) } },
      logger: { warn: (text: string) => void logged.push(text) },
    } as never)
    expect(told).toEqual([expect.stringMatching(/^Slack may have got no answer to this in time/)])
    expect(told[0]).toMatch(words)
    expect(logged).toEqual([
      'Countersign was paused for some seconds, perhaps with its whole machine, so Slack may have got no answer in time: a message says what happened.',
    ])
  },
)

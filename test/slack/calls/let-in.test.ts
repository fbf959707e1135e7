import { expect, test } from 'vitest'
import { createLetIn } from '../../../src/slack/calls/let-in.ts'
import { SlackBusy, SlackNo, SlackUnheard } from '../../../src/slack/calls/said.ts'
import { createDoor } from '../../../src/workflow/looks/door.ts'
import { longestNoMs } from '../../../src/workflow/rounds/noes.ts'
import { createClock } from '../../support/clock.ts'

function world() {
  const clock = createClock()
  const [told, toldOfAnswers]: (string | null)[][] = [[], []]
  const unheard: string[] = []
  const letIn = createDoor({ now: clock.now, onChange: (why) => told!.push(why) })
  const answering = createDoor({ now: clock.now, onChange: (why) => toldOfAnswers!.push(why) })
  const { hear, isToBeAsked, isTold } = createLetIn({
    ...{ letIn, answering, now: clock.now, ticks: clock.monotonic },
    onUnheard: (why) => unheard.push(why),
    onHeardAgain: (method) => unheard.push(`${method} again`),
  })
  return {
    clock,
    letIn,
    answering,
    told: told!,
    unheard,
    toldOfAnswers: toldOfAnswers!,
    isToBeAsked,
    isTold,
    works: (method = 'users.info') => hear({ method, channel: null, failure: null }),
    refuses: (error: string, method = 'users.info', channel: string | null = null, needed?: string) =>
      hear({ method, channel, failure: new SlackNo(method, { ok: false, error, needed }) }),
    isSilent: (method = 'auth.test') =>
      hear({ method, channel: null, failure: new SlackUnheard(method, 'it is down') }),
    isBusy: (method = 'auth.test') => hear({ method, channel: null, failure: new SlackBusy(method, 30) }),
  }
}

const lasting = [
  'token_revoked',
  'account_inactive',
  'invalid_auth',
  'no_permission',
  'not_allowed_token_type',
  'team_access_not_granted',
  'missing_scope',
  'two_factor_setup_required',
  'access_denied',
  'accesslimited',
  'enterprise_is_restricted',
  'ekm_access_denied',
  'plan_upgrade_required',
]

test.each(lasting)('%s is reported once, with the error, and ends only when that call works', (error) => {
  const { letIn, told, refuses, works, isSilent, isBusy, isToBeAsked } = world()
  refuses(error, 'auth.test')
  refuses(error, 'auth.test')
  for (const outage of ['internal_error', 'service_unavailable', 'fatal_error', 'request_timeout', 'ratelimited'])
    refuses(outage, 'auth.test')
  for (const outage of ['org_login_required', 'team_added_to_org', 'an_error_of_the_future'])
    refuses(outage, 'auth.test')
  isSilent()
  isBusy()
  expect(told).toEqual([expect.stringContaining(`(${error})`)])
  expect([letIn.shut()?.why, isToBeAsked()]).toEqual([told[0], true])
  works('auth.test')
  expect([told.length, letIn.shut(), isToBeAsked()]).toEqual([2, null, false])
})

test('an ended token that any call shows is believed until auth.test works', () => {
  const { letIn, refuses, works } = world()
  refuses('token_revoked')
  works('chat.update')
  expect(letIn.shut()?.why).toBe('the bot token in SLACK_BOT_TOKEN is not accepted (token_revoked)')
  works('auth.test')
  expect(letIn.shut()).toBeNull()
})

test('a refusal of one method stays while others work, and when it is over, the next one is named', () => {
  const { letIn, told, refuses, works } = world()
  refuses('missing_scope', 'users.info', null, 'users:read')
  refuses('missing_scope', 'usergroups.list', null, 'usergroups:read')
  works('auth.test')
  expect(letIn.shut()?.why).toMatch(/users:read for users\.info/)
  works('users.info')
  expect(letIn.shut()?.why).toMatch(/usergroups:read for usergroups\.list/)
  works('usergroups.list')
  expect(told).toEqual([expect.stringMatching(/users:read/), null])
})

test('a refusal of something that the app does not ask for again is forgotten once it would have been tried again', () => {
  const { clock, letIn, refuses, isToBeAsked } = world()
  refuses('access_denied', 'views.open')
  clock.pass(longestNoMs / 1000)
  expect(isToBeAsked()).toBe(true)
  clock.pass(900)
  expect(isToBeAsked()).toBe(true)
  clock.pass(1)
  expect([isToBeAsked(), letIn.shut()]).toEqual([false, null])
  refuses('access_denied', 'auth.test')
  clock.pass(9_000)
  expect([isToBeAsked(), letIn.shut()]).toEqual([true, expect.anything()])
})

test('a refusal of a request, of one channel, or of something that the app does without shuts no door', () => {
  const { told, refuses } = world()
  refuses('user_not_found')
  refuses('an_error_of_the_future')
  refuses('restricted_action', 'chat.postMessage', 'C1')
  refuses('no_permission', 'chat.postMessage', 'C1')
  refuses('access_denied', 'conversations.info', 'C1')
  refuses('missing_scope', 'conversations.history', 'C1', 'channels:history')
  expect(told).toEqual([])
  refuses('missing_scope', 'chat.postMessage', 'C1', 'chat:write')
  expect(told).toHaveLength(1)
})

test('Slack is out of reach once it has left two questions in a row unanswered beside another call, and this is reported once', () => {
  const { answering, toldOfAnswers: told, isSilent, isBusy, refuses, works, isToBeAsked } = world()
  for (let calls = 0; calls < 9; calls += 1) isSilent('users.info')
  expect([told, isToBeAsked()]).toEqual([[], true])
  isSilent()
  works('users.info')
  isSilent()
  isBusy()
  refuses('internal_error', 'auth.test')
  expect(told).toEqual([])
  isSilent()
  expect(told).toEqual(['Slack gave no answer to auth.test: it is down'])
  expect(answering.shut()?.why).toBe(told[0])
  refuses('user_not_found')
  expect([told.length, isToBeAsked()]).toEqual([2, false])
})

test('a failure counts as reported only while its reason lasts, and only if all of it was reported', () => {
  const { isTold, refuses, works } = world()
  const revoked = new SlackNo('chat.update', { ok: false, error: 'token_revoked' })
  const lacking = new SlackNo('users.info', { ok: false, error: 'missing_scope', needed: 'users:read' })
  const other = new SlackNo('chat.update', { ok: false, error: 'msg_too_long' })
  expect([revoked, lacking, other].map(isTold)).toEqual([false, false, false])
  refuses('missing_scope', 'users.info', null, 'users:read')
  expect([revoked, lacking, other].map(isTold)).toEqual([false, true, false])
  works()
  refuses('token_revoked')
  expect([revoked, lacking, other].map(isTold)).toEqual([true, false, false])
  expect([[revoked], [revoked, other]].map((all) => isTold(new AggregateError(all)))).toEqual([true, false])
  works('auth.test')
  expect(isTold(revoked)).toBe(false)
})

test('a method that is left without an answer while others get theirs is reported once, and once more when it gets one', () => {
  const { unheard, isSilent, works } = world()
  for (let time = 0; time < 2; time++) {
    for (let again = 0; again < 2; again++) {
      isSilent('users.info')
      works('chat.update')
    }
    works('users.info')
    expect(unheard.splice(0)).toEqual(['Slack gave no answer to users.info: it is down', 'users.info again'])
  }
})

test.each<[string, string[]]>([
  ['before the question', ['users.info', 'auth.test']],
  ['after the question', ['auth.test', 'users.info']],
  ['while it is known that Slack is silent', ['auth.test', 'auth.test', 'auth.test', 'users.info']],
])('a failure while Slack answered nothing at all is not reported for a single method: %s', (_, methods) => {
  const { clock, unheard, isSilent, works } = world()
  for (const method of methods) isSilent(method)
  works('chat.update')
  works('chat.update')
  clock.pass(9)
  isSilent('views.open')
  works('chat.update')
  expect(unheard).toEqual([])
  clock.pass(1)
  isSilent('views.open')
  works('chat.update')
  expect(unheard).toEqual(['Slack gave no answer to views.open: it is down'])
})

test('a method that was reported as unanswered is still reported as answered after Slack was silent', () => {
  const { unheard, isSilent, works } = world()
  isSilent('users.info')
  works('chat.update')
  for (let asked = 0; asked < 3; asked++) isSilent()
  works('auth.test')
  works('users.info')
  expect(unheard).toEqual([expect.stringContaining('users.info'), 'users.info again'])
})

test('a refusal of a method is an answer too, and it is reported when Slack answers it again', () => {
  const { unheard, isSilent, works, refuses } = world()
  isSilent('users.info')
  works('chat.update')
  refuses('user_not_found', 'users.info')
  expect(unheard.at(-1)).toBe('users.info again')
})

test("Slack's silence is dated from the first call that failed after the last answer, not from when it was certain", () => {
  const { clock, answering, isSilent, works, refuses } = world()
  isSilent('users.info')
  clock.pass(60)
  works()
  const first = clock.now().toISOString()
  for (const method of ['users.info', 'auth.test', 'chat.update']) {
    isSilent(method)
    clock.pass(10)
  }
  expect(answering.shut()).toBeNull()
  isSilent()
  isSilent()
  expect(answering.shut()?.since).toBe(first)
  refuses('user_not_found')
  expect(answering.spells()).toEqual([{ since: first, until: clock.now().toISOString() }])
})

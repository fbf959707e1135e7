import { WebClient } from '@slack/web-api'
import { expect, test, vi } from 'vitest'
import { slackFetch } from '../../../src/slack/calls/answers.ts'
import { answerOf } from '../../../src/slack/calls/light-fetch.ts'
import { openModal, publishHome, updateModal } from '../../../src/slack/calls/views.ts'
import { loadingView } from '../../../src/slack/tokens/picker.ts'

const home = { type: 'home', blocks: [] } as const

/** A client whose answers repeat this part of a view, and the arguments of each call. */
function answeredWith(answer: object) {
  const fetch = slackFetch({ apiUrl: null, fetch: async () => answerOf({ headers: {}, text: JSON.stringify(answer) }) })
  const client = new WebClient('xoxb-1', { fetch, retryConfig: { retries: 0 } })
  return { client, apiCall: vi.spyOn(client, 'apiCall') }
}

test('a view is given to the client as text, which it does not walk through', async () => {
  const { client, apiCall } = answeredWith({ ok: true, view: { id: 'V1', hash: '1.a', ...loadingView() } })
  await openModal(client, '1.2.3', loadingView())
  await updateModal(client, { view_id: 'V1', hash: '1.a' }, loadingView())
  await publishHome(client, 'U1', { ...home, blocks: [] })
  const view = JSON.stringify(loadingView())
  expect(apiCall.mock.calls).toEqual([
    ['views.open', { trigger_id: '1.2.3', view }],
    ['views.update', { view_id: 'V1', hash: '1.a', view }],
    ['views.publish', { user_id: 'U1', view: JSON.stringify(home) }],
  ])
})

test('of a view that Slack repeats, the parts needed to redraw it are kept', async () => {
  const { client } = answeredWith({ ok: true, view: { id: 'V1', hash: '1.a', blocks: loadingView().blocks } })
  expect(await openModal(client, '1.2.3', loadingView())).toEqual({ id: 'V1', hash: '1.a' })
  expect(await client.views.open({ trigger_id: '1.2.3', view: loadingView() })).toMatchObject({
    ok: true,
    view: { id: 'V1', hash: '1.a' },
  })
  const { view } = await client.views.open({ trigger_id: '1.2.3', view: loadingView() })
  expect(view).not.toHaveProperty('blocks')
})

test('if Slack repeats a message, its place is kept', async () => {
  const message = { text: 'as it was sent', blocks: [{ type: 'divider' }] }
  const { client } = answeredWith({ ok: true, channel: 'C1', ts: '1.2', message })
  const posted = await client.chat.postMessage({ channel: 'C1', text: 'as it was sent' })
  expect(posted).toMatchObject({ ok: true, channel: 'C1', ts: '1.2' })
  expect(posted.message).toBeUndefined()
})

test.each([
  ['no view', {}],
  ['a view without an id', { view: { hash: '1.a' } }],
  ['a view with an empty id', { view: { id: '', hash: '1.a' } }],
  ['a view in words', { view: 'V1' }],
])(
  'a yes with %s counts as no answer: nobody could draw that modal again, and it may not be there',
  async (_, rest) => {
    const { client } = answeredWith({ ok: true, ...rest })
    const unread = {
      endedBy: 'itself',
      plainWords: 'Slack gave no answer',
      message: expect.stringContaining("can't be read"),
    }
    await expect(openModal(client, '1.2.3', loadingView())).rejects.toMatchObject({ ...unread, method: 'views.open' })
    await expect(updateModal(client, { view_id: 'V1' }, loadingView())).rejects.toMatchObject({
      ...unread,
      method: 'views.update',
    })
  },
)

test('a yes to a Home without a view counts: nothing in the answer is needed to redraw it', async () => {
  const { client } = answeredWith({ ok: true })
  await expect(publishHome(client, 'U1', { ...home, blocks: [] })).resolves.toBeUndefined()
})

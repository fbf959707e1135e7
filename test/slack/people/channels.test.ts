import { describe, expect, test } from 'vitest'
import type { Edit } from '../../../src/domain/change/edit.ts'
import type { StoredChange } from '../../../src/ports/changes.ts'
import type { Chat } from '../../../src/ports/chat.ts'
import { openWebApi } from '../../../src/slack/calls/web-api.ts'
import {
  askedAmongOurselves,
  closedToOthers,
  createChannels,
  watchSharing,
} from '../../../src/slack/people/channels.ts'
import type { Electorates } from '../../../src/workflow/changes/electorates.ts'
import { deliverEvent, startBolt, startWebApi, startWorkspace } from '../workspace.ts'

const ours = 'C0APPROVALS'
const shared = 'C0SHARED'
const channels = [
  { id: ours, name: 'token-approvals', appIsMember: true },
  { id: shared, name: 'with-partners', appIsMember: true, isExtShared: true },
  { id: 'C0OLD', name: 'old', appIsMember: true, isArchived: true },
  { id: 'C0ALONE', name: 'alone' },
  { id: 'C0PRIVATE', name: 'private', isPrivate: true },
  { id: 'C0SECRET', name: 'secret', isPrivate: true, appIsMember: true },
]

async function workspace() {
  const world = await startWorkspace({ channels })
  return { ...world, channels: createChannels({ client: world.client, now: world.clock.now }) }
}

describe('an approvals channel', () => {
  test.each([ours, 'C0SECRET'])('that the app is in and nobody outside can read will do: %s', async (id) => {
    const { channels } = await workspace()
    expect(await channels.problem(id)).toBeNull()
  })

  test.each([
    [shared, /^is shared with another organisation/],
    ['C0OLD', /^is archived/],
    ['C0ALONE', /^does not have the app as a member: \/invite/],
    ['C0PRIVATE', /^is not there, or is private/],
    ['C0NOWHERE', /^is not there, or is private/],
  ])('like %s is refused, and the message says what to do', async (id, words) => {
    const { channels } = await workspace()
    expect(await channels.problem(id)).toMatch(words)
  })

  test.each([
    ['is_pending_ext_shared', /^is shared/],
    ['is_org_shared', null],
    ['is_shared', null],
  ])('for which Slack says %s is judged by who could read along', async (field, words) => {
    const access = await startWebApi({
      'auth.test': { ok: true, url: 'https://x.slack.com/', team_id: 'T1', user_id: 'U1', bot_id: 'B1' },
      'conversations.info': { ok: true, channel: { id: 'C1', is_member: true, [field]: true } },
    })
    const channels = createChannels({ ...(await openWebApi(access)), now: () => new Date(0) })
    expect(await channels.problem('C1')).toEqual(words === null ? null : expect.stringMatching(words))
  })

  test('is told from an invalid id, which is shared with nobody', async () => {
    const { channels } = await workspace()
    expect([await channels.isThere(ours), await channels.isThere('C0NOWHERE')]).toEqual([true, false])
    expect([await channels.isShared(ours), await channels.isShared('C0NOWHERE')]).toEqual([false, false])
  })

  test('about which Slack says next to nothing is not shared, and the app is not in it', async () => {
    const access = await startWebApi({
      'auth.test': { ok: true, url: 'https://x.slack.com/', team_id: 'T1', user_id: 'U1', bot_id: 'B1' },
      'conversations.info': { ok: true, channel: { id: 'C1' } },
    })
    const channels = createChannels({ ...(await openWebApi(access)), now: () => new Date(0) })
    expect(await channels.isShared('C1')).toBe(false)
    expect(await channels.problem('C1')).toMatch(/does not have the app as a member/)
  })

  test('is not a channel at all if Slack cannot be asked', async () => {
    const { channels, slack } = await workspace()
    slack.trouble.down = true
    await expect(channels.problem(ours)).rejects.toThrow()
    await expect(channels.requireUsable(ours)).rejects.toThrow()
  })

  test('that becomes shared is known as such at once, and it is logged with what it means', async () => {
    const { channels, slack, access } = await workspace()
    const lines: string[] = []
    const log = { error: (fields: object, text: string) => void lines.push(`${JSON.stringify(fields)} ${text}`) }
    const bolt = await startBolt(access)
    watchSharing({ bolt, channels, approvals: new Set([ours]), log })
    expect(await channels.isShared(ours)).toBe(false)
    await slack.admin.changeChannel(ours, { isExtShared: true })
    await deliverEvent(bolt, { type: 'channel_shared', channel: ours })
    await deliverEvent(bolt, { type: 'channel_shared', channel: 'C0GENERAL' })
    expect(await channels.isShared(ours)).toBe(true)
    expect(lines).toEqual([expect.stringMatching(/C0APPROVALS.*now shared.*Nothing is posted there/)])
  })

  test('whose sharing was not reported is known to be shared within a minute, and to be ours again too', async () => {
    const { channels, slack, clock } = await workspace()
    await channels.requireUsable(ours)
    await slack.admin.changeChannel(ours, { isExtShared: true })
    clock.pass(60)
    await expect(channels.requireUsable(ours)).rejects.toMatchObject({ name: 'Refusal', code: 'unavailable' })
    await slack.admin.changeChannel(ours, { isExtShared: false })
    clock.pass(60)
    await expect(channels.requireUsable(ours)).resolves.toBeUndefined()
  })
})

describe('while the approvals channel is shared', () => {
  const stored = { change: { stack: 'website' }, card: null } as StoredChange
  const leaving = <T>(post: () => Promise<T>) => post()

  async function guarded(channel: string) {
    const { channels } = await workspace()
    const done: string[] = []
    const doing =
      <T>(what: string, result: T) =>
      async () => {
        done.push(what)
        return result
      }
    const card = { channel, ts: '1.2' }
    const chat: Chat = {
      postCard: doing('posted', card),
      findCard: doing('found', null),
      updateCard: doing('updated', true),
      pointOn: doing('pointed', true),
      sayUnknown: doing('pointed', true),
      hasRoom: () => true,
      tellRequester: doing('told', undefined),
      tellEdited: doing('told', undefined),
      remind: doing('reminded', undefined),
      reached: async () => {},
      postAnchor: doing('anchored', true),
      tellApprovalVoid: doing('told', undefined),
    }
    return { chat: closedToOthers({ chat, channels, channelFor: () => channel, onNo: () => {} }), done, card }
  }

  const anchor = { at: '', change: 1, size: 1, head: '', digest: '' }

  test('nothing is posted there, neither a card nor a reminder nor a redrawn card nor an anchor', async () => {
    const { chat, done, card } = await guarded(shared)
    await expect(chat.postCard(stored, leaving)).rejects.toThrow('shared with another organisation')
    await expect(chat.updateCard(card, stored)).rejects.toThrow('shared with another organisation')
    await expect(chat.pointOn(card, stored)).rejects.toThrow('shared with another organisation')
    await expect(chat.sayUnknown(card, 1)).rejects.toThrow('shared with another organisation')
    await expect(chat.remind({ ...stored, card: { ...card, seq: 1 } }, { ids: [], inGroups: {} })).rejects.toThrow(
      'shared',
    )
    await expect(chat.postAnchor(card, anchor)).rejects.toThrow('shared with another organisation')
    expect(done).toEqual([])
  })

  test('a reminder goes by the channel of the card, which may differ from the configured one', async () => {
    const { chat, done, card } = await guarded(ours)
    await expect(
      chat.remind({ ...stored, card: { ...card, channel: shared, seq: 1 } }, { ids: [], inGroups: {} }),
    ).rejects.toThrow('shared')
    expect(done).toEqual([])
  })

  test('people still get their private messages', async () => {
    const { chat, done } = await guarded(shared)
    await chat.tellRequester(stored, leaving)
    expect(done).toEqual(['told'])
  })

  test('and only then is anything held back', async () => {
    const { chat, done, card } = await guarded(ours)
    await chat.postCard(stored, leaving)
    await chat.updateCard(card, stored)
    await chat.remind(stored, { ids: [], inGroups: {} })
    expect(done).toEqual(['posted', 'updated', 'reminded'])
  })

  test.each([
    [shared, 'unavailable'],
    ['C0OLD', 'unavailable'],
    ['C0ALONE', 'unavailable'],
    ['C0NOWHERE', 'unavailable'],
    [ours, undefined],
  ])('nobody can ask for a change, nor while no card can be posted there: %s', async (channel, code) => {
    const { channels } = await workspace()
    const requirement = { rule: 'r', parties: [], confirm: false }
    const electorates = { requirementFor: async () => requirement } as unknown as Electorates
    const asked = askedAmongOurselves({ electorates, channels, channelFor: () => channel })
    const answer = asked.requirementFor({ stack: 'website' } as Edit)
    if (code) await expect(answer).rejects.toMatchObject({ code })
    else expect(await answer).toBe(requirement)
  })
})

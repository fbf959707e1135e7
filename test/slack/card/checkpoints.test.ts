import { describe, expect, test } from 'vitest'
import { checkpointOf } from '../../../src/domain/audit/chain.ts'
import { checkpointInText } from '../../../src/domain/audit/checkpoint-text.ts'
import type { AnchorAfterChange } from '../../../src/ports/anchors.ts'
import type { CardRef } from '../../../src/ports/cards.ts'
import { openWebApi } from '../../../src/slack/calls/web-api.ts'
import { checkpointMessage, readCheckpoints } from '../../../src/slack/card/checkpoints.ts'
import { reading } from '../kit/drawn.ts'
import { startWebApi, startWorkspace } from '../workspace.ts'

const channel = 'C0APPROVALS'

function anchorOf(size: number): AnchorAfterChange {
  return { ...checkpointOf(size, String(size % 10).repeat(64), null), at: '2026-06-01T09:00:00.000Z', change: 3 }
}

test('an anchor says what it is for, and shows the checkpoint as it is read again', () => {
  const { text, blocks } = checkpointMessage(anchorOf(41))
  const said =
    'Audit checkpoint, for auditors, after change #3 ended: how many entries the audit log had, the hash of the last one, and a digest. If the log is altered later, these no longer fit.'
  expect(reading(blocks)).toBe(`${said}\n${checkpointInText(anchorOf(41))}`)
  expect(text).toBe(`${said} ${checkpointInText(anchorOf(41))}`)
})

async function workspace() {
  const all = await startWorkspace()
  const { client, slack } = all
  slack.scopes.add('channels:history')
  const post = async (message: object): Promise<CardRef> => {
    const { ts } = await client.chat.postMessage({ channel, text: 'a card', ...message })
    return { channel, ts: ts! }
  }
  const read = async (...cards: CardRef[]) => {
    const found = []
    for await (const one of readCheckpoints({ client, cards })) found.push(one)
    return found
  }
  return { ...all, post, read }
}

describe('the checkpoints in Slack', () => {
  test('are read again from the threads of the cards, each with its address', async () => {
    const { installation, post, read } = await workspace()
    const cards = [await post({}), await post({}), await post({})]
    const replies: CardRef[] = []
    for (const [i, card] of cards.slice(0, 2).entries()) {
      await post({ thread_ts: card.ts, text: 'please approve' })
      replies.push(await post({ thread_ts: card.ts, ...checkpointMessage(anchorOf(10 + i)) }))
    }
    const expected = replies.map(({ ts }, i) => {
      const { size, head, digest } = anchorOf(10 + i)
      const permalink = `${installation.teamUrl}archives/${channel}/p${ts.replace('.', '')}`
      return { size, head, digest, permalink, edited: false, at: new Date(Number(ts) * 1000).toISOString() }
    })
    expect(await read(...cards)).toEqual(expected)
  })

  test('do not run out after the first page', async () => {
    const { post, read } = await workspace()
    const card = await post({})
    for (let i = 0; i < 250; i++) await post({ thread_ts: card.ts, text: `reply ${i}` })
    await post({ thread_ts: card.ts, ...checkpointMessage(anchorOf(10)) })
    expect(await read(card)).toHaveLength(1)
  })

  test('that somebody edited are told from those that are as the app posted them', async () => {
    const { client, post, read } = await workspace()
    const card = await post({})
    const { ts } = await post({ thread_ts: card.ts, ...checkpointMessage(anchorOf(10)) })
    await client.chat.update({ channel, ts, ...checkpointMessage(anchorOf(11)) })
    expect(await read(card)).toMatchObject([{ size: 11, edited: true }])
  })

  test('are not missed in one thread because another is gone', async () => {
    const { post, read } = await workspace()
    const card = await post({})
    await post({ thread_ts: card.ts, ...checkpointMessage(anchorOf(10)) })
    expect(await read({ channel, ts: '1.0' }, { channel: 'C0NOWHERE', ts: '1.0' }, card)).toHaveLength(1)
  })

  test('are only those that the app itself posted', async () => {
    const checkpoint = checkpointMessage(anchorOf(10)).text
    const access = await startWebApi({
      'auth.test': { ok: true, url: 'https://x.slack.com/', team_id: 'T1', user_id: 'U1', bot_id: 'B1' },
      'conversations.replies': {
        ok: true,
        messages: [
          { ts: '1.0', text: checkpoint, user: 'U0MALLORY' },
          { ts: '2.0', text: checkpoint, user: 'U2', bot_id: 'B2' },
          { ts: '3.0', text: checkpoint, user: 'U1', bot_id: 'B1' },
          { ts: '4.0', bot_id: 'B1' },
        ],
      },
    })
    const { client } = await openWebApi(access)
    const found = []
    for await (const one of readCheckpoints({ client, cards: [{ channel, ts: '1.0' }] })) found.push(one.permalink)
    expect(found).toEqual(['https://x.slack.com/archives/C0APPROVALS/p30'])
  })

  test('cannot be read without the scope, and the words say which and where', async () => {
    const { slack, post, read } = await workspace()
    const card = await post({})
    slack.scopes.delete('channels:history')
    await expect(read(card)).rejects.toMatchObject({
      name: 'Refusal',
      message: expect.stringMatching(/add the scope channels:history .*install it again/),
    })
  })

  test('are waited for when Slack asks for patience', async () => {
    const { client, slack, post, asked } = await workspace()
    const card = await post({})
    await post({ thread_ts: card.ts, ...checkpointMessage(anchorOf(10)) })
    slack.trouble.retryAfterSeconds = 0
    async function* cards() {
      slack.trouble.rateLimited = 1
      yield card
    }
    const found = []
    for await (const one of readCheckpoints({ client, cards: cards() })) found.push(one)
    expect(found).toHaveLength(1)
    expect(asked('conversations.replies')).toBe(2)
  })
})

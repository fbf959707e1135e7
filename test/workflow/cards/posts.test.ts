import { describe, expect, test } from 'vitest'
import { Outage } from '../../../src/domain/outside-trouble.ts'
import { createPosts, PutOff } from '../../../src/workflow/cards/posts.ts'
import { createClock } from '../../support/clock.ts'

const lost = new Outage('Slack does not answer.')
const refused = Object.assign(new Error('Slack says no.'), { endedBy: 'operator' })
const notDone = Object.assign(new Error('Slack is busy.'), { endedBy: 'itself', notDone: true })

/** `ahead`: seconds by which somebody sets the clock. */
function world() {
  const clock = createClock()
  const state = { reached: 0, ahead: 0 }
  const now = () => new Date(clock.now().getTime() + state.ahead * 1000)
  const posts = createPosts({ chat: { reached: async () => void state.reached++ }, now })
  const made: string[] = []
  /** Slack's answer to a post: what it is, or an error. */
  const post = (what: string, answer: unknown, mayStand = false) => {
    const send = async () => {
      made.push(what)
      if (answer instanceof Error) throw answer
      return answer
    }
    return posts.once(1, what, send, mayStand)
  }
  return { ...posts, clock, state, made, post }
}

describe('a post that Slack answered', () => {
  test('is not made again until that is noted, whatever else is noted before', async () => {
    const { post, end, made } = world()
    expect(await post('card ', 'the card')).toBe('the card')
    expect(await post('requester pending', 'told')).toBe('told')
    end(1, 'requester')
    expect(await post('card ', 'another')).toBe('the card')
    expect(await post('requester pending', 'told again')).toBe('told again')
    end(1)
    expect(await post('card ', 'another')).toBe('another')
    expect(made).toEqual(['card ', 'requester pending', 'requester pending', 'card '])
  })

  test.each([
    ['refused for good', refused],
    ['did not even begin', notDone],
  ])('or %s leaves no doubt: the next try is made at once, without asking whether Slack is there', async (_, error) => {
    const { post, state, unanswered, made } = world()
    await expect(post('card ', error)).rejects.toBe(error)
    expect(unanswered()).toBe(0)
    await post('card ', 'the card')
    expect([made, state.reached]).toEqual([['card ', 'card '], 0])
  })
})

describe('a post whose answer is lost', () => {
  test('is made once more at once if Slack answers anything; and then after a minute, four, sixteen', async () => {
    const { post, clock, state, unanswered, made } = world()
    await expect(post('card ', lost)).rejects.toBe(lost)
    expect([unanswered(), state.reached]).toEqual([1, 0])
    for (const [times, rest] of [
      [2, 60],
      [3, 240],
      [4, 960],
    ] as const) {
      await expect(post('card ', lost)).rejects.toThrow(`sent ${times} times and may have arrived that many times`)
      await expect(post('card ', lost)).rejects.toThrow(PutOff)
      clock.pass(rest - 0.001)
      await expect(post('card ', lost)).rejects.toThrow(PutOff)
      clock.pass(0.001)
    }
    expect([made.length, state.reached, unanswered()]).toEqual([4, 3, 1])
    expect(await post('card ', 'the card')).toBe('the card')
    expect(unanswered()).toBe(0)
  })

  test('by an earlier process is not the first, either', async () => {
    const { post, state } = world()
    await expect(post('card ', lost, true)).rejects.toThrow('sent 2 times')
    expect(state.reached).toBe(1)
    await expect(post('card ', lost, true)).rejects.toThrow(PutOff)
  })

  test('does not rest for longer because somebody set the clock back', async () => {
    const { post, state, made } = world()
    for (let i = 0; i < 2; i++) await post('card ', lost).catch(() => {})
    state.ahead = -3600
    await post('card ', 'the card')
    expect(made).toHaveLength(3)
  })

  test('is made again as soon as another one is answered, but only once', async () => {
    const { post, made } = world()
    for (let i = 0; i < 2; i++) await post('card ', lost).catch(() => {})
    await post('requester pending', 'told')
    await expect(post('card ', lost)).rejects.toThrow('sent 3 times')
    await post('requester applied', 'told')
    await expect(post('card ', lost)).rejects.toThrow(PutOff)
    expect(made.filter((what) => what === 'card ')).toHaveLength(3)
  })
})

import { expect, test } from 'vitest'
import { asTyped } from '../../../src/slack/people/as-typed.ts'

const names: Record<string, string> = { U0BOB: 'Bob Brandt', U0TRICK: '&lt;#C1|x> &amp;' }
const people = { nameOf: async (id: string) => names[id] ?? Promise.reject(new Error('no answer')) }

test.each([
  ['Slack escapes three characters', 'a &amp; b &lt;c&gt; &amp;lt;', 'a & b <c> &lt;'],
  ['a mention reads as the name', 'ask <@U0BOB> and <@U0BOB>', 'ask @Bob Brandt and @Bob Brandt'],
  ['a mention that has its name keeps it', '<@U0X|xenia>', '@xenia'],
  ['a person who cannot be looked up is named by their id', '<@U0X>', '@U0X'],
  ['a name that Slack sends along is unescaped', '<@U0X|R&amp;D &lt;x&gt;>', '@R&D <x>'],
  ['so is the handle of a group', '<!subteam^S0OWNERS|@R&amp;D>', '@R&D'],
  ['a channel reads as its name', 'see <#C0APPROVALS|approvals>', 'see #approvals'],
  ['a channel whose name is hidden reads as its id', 'see <#C0SECRET|>', 'see #C0SECRET'],
  ['a group reads as its handle', '<!subteam^S0OWNERS|@owners> <!subteam^S0OWNERS>', '@owners @S0OWNERS'],
  ['a call for everybody reads as it was typed', '<!here> <!channel|channel>', '@here @channel'],
  ['a link reads as its address', '<https://example.com/a?b=1&amp;c=2>', 'https://example.com/a?b=1&c=2'],
  ['a link that Slack made reads as it was typed', '<http://example.com|example.com>', 'example.com'],
  ['an address for mail reads as it was typed', '<mailto:ops@example.com|ops@example.com>', 'ops@example.com'],
  ['a name is never read as markup', '<@U0TRICK>', '@&lt;#C1|x> &amp;'],
  ['what only looks like markup stays', '&lt;@U0BOB&gt; &lt;https://example.com&gt;', '<@U0BOB> <https://example.com>'],
])('%s', async (_, sent, typed) => {
  expect(await asTyped(sent, people)).toBe(typed)
})

/** Names of people, and a record of the lookups. */
function directory({ knows = true } = {}) {
  const asked: string[] = []
  let atOnce = 0
  const nameOf = async (id: string) => {
    asked.push(id)
    expect(++atOnce).toBe(1)
    await Promise.resolve()
    atOnce--
    if (!knows) throw new Error('no answer')
    return id.toLowerCase()
  }
  return { nameOf, asked }
}

const everybody = Array.from({ length: 250 }, (_, i) => `<@U${i}>`).join(' ')

test('of many mentions, ten people are looked up, each once and one after another, and the others keep their ids', async () => {
  const people = directory()
  const typed = await asTyped(`${everybody} ${everybody}`, people)
  expect(people.asked).toEqual(['U0', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'U7', 'U8', 'U9'])
  expect(typed).toMatch(/^@u0 @u1 .* @u9 @U10 .* @U249 @u0 /)
})

test('once somebody cannot be looked up, Slack is asked for nobody else', async () => {
  const people = directory({ knows: false })
  expect(await asTyped(everybody, people)).toMatch(/^@U0 @U1 /)
  expect(people.asked).toEqual(['U0'])
})

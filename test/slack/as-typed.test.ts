import { expect, test } from 'vitest'
import { asTyped } from '../../src/slack/as-typed.ts'

const names: Record<string, string> = { U0BOB: 'Bob Brandt', U0TRICK: '&lt;#C1|x> &amp;' }
const people = { nameOf: async (id: string) => names[id] ?? Promise.reject(new Error('no answer')) }

test.each([
  ['Slack escapes three characters', 'a &amp; b &lt;c&gt; &amp;lt;', 'a & b <c> &lt;'],
  ['a mention reads as the name', 'ask <@U0BOB> and <@U0BOB>', 'ask @Bob Brandt and @Bob Brandt'],
  ['a mention that has its name keeps it', '<@U0X|xenia>', '@xenia'],
  ['a person who can not be looked up is named by their id', '<@U0X>', '@U0X'],
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

import { LIMITS } from './limits.ts'
import { anything, flag, integer, list, number, object, string, typed, word } from './rules.ts'

const style = object(
  {},
  {
    bold: flag,
    italic: flag,
    strike: flag,
    underline: flag,
    code: flag,
    highlight: flag,
    client_highlight: flag,
    unlink: flag,
  },
)
const styled = { style }
const some = string({ min: 1 })

const leaves = {
  text: object({ text: some }, styled),
  link: object({ url: string({ min: 1, max: LIMITS.url }) }, { text: string(), unsafe: flag, ...styled }),
  user: object({ user_id: some }, styled),
  usergroup: object({ usergroup_id: some }, styled),
  channel: object({ channel_id: some }, styled),
  team: object({ team_id: some }, styled),
  broadcast: object({ range: word('here', 'channel', 'everyone') }, styled),
  emoji: object({ name: some }, { unicode: string(), url: string(), ...styled }),
  color: object({ value: some }, styled),
  date: object({ timestamp: number, format: some }, { url: string(), fallback: string(), ...styled }),
}
const preformattedLeaves = { text: leaves.text, link: leaves.link }

const leaf = typed(() => leaves)
const border = { border: integer(0, 1) }
const section = object({ elements: list(leaf) })

const parts = {
  rich_text_section: section,
  rich_text_list: object(
    { elements: list(typed(() => ({ rich_text_section: section }))), style: word('bullet', 'ordered') },
    { indent: integer(0, 8), offset: integer(0), ...border },
  ),
  rich_text_quote: object({ elements: list(leaf) }, border),
  rich_text_preformatted: object(
    { elements: list(typed(() => preformattedLeaves)) },
    { language: anything, ...border },
  ),
}

export const richText = object({ elements: list(typed(() => parts)) }, { block_id: string({ min: 1, max: LIMITS.id }) })

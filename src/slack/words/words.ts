import type { RichTextElement } from '@slack/types'
import { reasonAuthor } from '../../domain/change/askers.ts'
import type { Change } from '../../domain/change/change.ts'
import { operatorOf } from '../../domain/operator.ts'
import { isGroup } from '../../domain/policy/policy.ts'
import {
  clip,
  count,
  date,
  dateInText,
  escaped,
  groupMention,
  isolated,
  oneLine,
  personMention,
  shortLine,
  toTheSecond,
} from '../kit/blocks.ts'

/**
 * A piece of a sentence, written once for both the blocks and the `text` of a message: the app's own words, what somebody
 * wrote (`said`), a person or a user group by Slack id, an instant, a link. An operator at a terminal is a person
 * whom Slack does not know.
 */
export type Word =
  | string
  | { readonly strong: string }
  | { readonly said: string }
  | { readonly person: string }
  | { readonly group: string }
  /** `seconds`: for what may be due within the minute that it is read in. */
  | { readonly at: string; readonly seconds?: true }
  | { readonly link: string; readonly name: string }
export type Words = readonly Word[]

/** A text in the middle of a sentence is a name or a short value; anything longer belongs in a quote of its own. */
const saidLimit = 300
/** Escaping makes a character up to five, and `text` is short. */
const saidLimitInText = 100

/** The same words with less of what somebody wrote, for where much of it has to fit one view. */
export function shortened(words: Words, most: number): Word[] {
  return words.map((word) => {
    if (typeof word === 'string') return word
    if ('said' in word) return { said: shortLine(word.said, most) }
    // An instant that the stack gave may be any text.
    return 'at' in word ? { ...word, at: clip(word.at, most) } : word
  })
}

/** What somebody wrote is set as code, so that it can't pass for the app's words around it. */
export function rich(words: Words): RichTextElement[] {
  return words.filter((word) => word !== '').map(richWord)
}

function richWord(word: Word): RichTextElement {
  if (typeof word === 'string') return { type: 'text', text: isolated(oneLine(word)) }
  if ('strong' in word) return { type: 'text', text: isolated(oneLine(word.strong)), style: { bold: true } }
  if ('said' in word) return { type: 'text', text: isolated(shortLine(word.said, saidLimit)), style: { code: true } }
  if ('person' in word) return richPerson(word.person)
  if ('group' in word) return groupMention(word.group)
  if ('at' in word) return date(word.at, word.seconds && toTheSecond)
  return { type: 'link', url: word.link, text: word.name }
}

/** The same words for a message's `text`: escaped, on one line. */
export function inText(words: Words): string {
  return words.map(textWord).join('')
}

function textWord(word: Word): string {
  if (typeof word === 'string') return escaped(word)
  if ('strong' in word) return escaped(word.strong)
  if ('said' in word) return escaped(shortLine(word.said, saidLimitInText))
  if ('person' in word) return personInText(word.person)
  if ('group' in word) return `<!subteam^${escaped(word.group)}>`
  if ('at' in word) return dateInText(word.at, word.seconds && toTheSecond)
  return `<${escaped(word.link)}|${escaped(word.name)}>`
}

function richPerson(id: string): RichTextElement {
  const user = operatorOf(id)
  return user === null ? personMention(id) : richWord({ said: operatorInWords(user) })
}

function personInText(id: string): string {
  const user = operatorOf(id)
  return user === null ? `<@${escaped(id)}>` : textWord({ said: operatorInWords(user) })
}

/** Nobody is mentioned for them: a mention of an id that is none of Slack's would be refused, or mean somebody else. */
function operatorInWords(user: string): string {
  return `operator ${user}`
}

/** Who gave the reason, after the word, where more than one person had a hand in it. */
export function givenBy(change: Change): Word[] {
  const author = reasonAuthor(change)
  const isEvident = author === change.requester && change.amenders.length === 0 && change.takenOver === undefined
  return author === null || isEvident ? [] : [', given by ', { person: author }]
}

/** `a, b and 3 more` of people and user groups, no more than a reader takes in. */
export function people(ids: readonly string[], most = 20): Word[] {
  return enumerated(
    ids.map((id) => [isGroup(id) ? { group: id } : { person: id }]),
    most,
  )
}

/** The items parted by commas; those beyond `most` are counted. */
export function enumerated(items: readonly Words[], most: number): Word[] {
  const shown = items.slice(0, most).flatMap((words, i): Words => (i === 0 ? words : [', ', ...words]))
  return items.length > most ? [...shown, ` and ${count(items.length - most, 'more', 'more')}`] : shown
}

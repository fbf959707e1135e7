import type { RichTextElement } from '@slack/types'
import { operatorOf } from '../../domain/operator.ts'
import { isolated, oneLine, shortLine } from '../../words/text.ts'
import { operatorInWords, saidLimit, type Word, type Words } from '../../words/words.ts'
import { date, dateInText, escaped, groupMention, personMention } from './blocks.ts'

/** Escaping turns one character into up to five, and `text` is short. */
const saidLimitInText = 100

/** Text that somebody wrote is set as code, so that it can't pass for the app's own words. */
export function rich(words: Words): RichTextElement[] {
  return words.filter((word) => word !== '').map(richWord)
}

function richWord(word: Word): RichTextElement {
  if (typeof word === 'string') return { type: 'text', text: isolated(oneLine(word)) }
  if ('strong' in word) return { type: 'text', text: isolated(oneLine(word.strong)), style: { bold: true } }
  if ('said' in word) return { type: 'text', text: isolated(shortLine(word.said, saidLimit)), style: { code: true } }
  if ('person' in word) return richPerson(word.person)
  if ('group' in word) return groupMention(word.group)
  if ('at' in word) return date(word.at, word.seconds)
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
  if ('at' in word) return dateInText(word.at, word.seconds)
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

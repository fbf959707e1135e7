import { line } from '../../words/pieces.ts'
import { count, shortLine } from '../../words/text.ts'
import type { Message } from '../kit/blocks.ts'
import { message } from './token-text.ts'

/** The text of a modal that was opened for an unknown name. `unlisted`: the titles of stacks that were never listed. */
export function lookingFor(name: string, unlisted: readonly string[]): string {
  const called = shortLine(name, longestName)
  const then = `That can take a minute; if a token is called ${called}, it opens here then.`
  if (unlisted.length > 0) return `${notListed(unlisted)}. ${then}`
  return `No token called ${called} is known yet, so all tokens are being listed again. ${then}`
}

/** For somebody whose answer has to wait until the tokens are listed. */
export function answerComes(unlisted: readonly string[]): Message {
  const what = unlisted.length > 0 ? notListed(unlisted) : 'All tokens are being listed again'
  const words = [`${what}. That can take a minute; the answer comes here then.`]
  return message(words, [[line(...words)]], [])
}

/** A clause about at least one stack, by title. */
export function notListed(titles: readonly string[]): string {
  return `The tokens of ${listed(titles)} have not been listed yet`
}

function listed(titles: readonly string[]): string {
  const shown = titles.slice(0, mostTitles).map((title) => shortLine(title, longestName))
  const more = titles.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${count(more, 'more stack')}` : ''}`
}

const mostTitles = 5
const longestName = 100

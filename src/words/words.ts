import { reasonAuthor } from '../domain/change/askers.ts'
import type { Change } from '../domain/change/change.ts'
import { isGroup } from '../domain/policy/policy.ts'
import { clip, count, shortLine } from './text.ts'

/**
 * A piece of a sentence, written once for both the blocks and the `text` of a message: the app's own words, somebody
 * else's text (`said`), a person or a user group by Slack id, an instant, a link. An operator at a terminal is a person
 * whom Slack does not know.
 */
export type Word =
  | string
  | { readonly strong: string }
  | { readonly said: string }
  | { readonly person: string }
  | { readonly group: string }
  /** `seconds`: for an instant that may come within the minute in which it is read. */
  | { readonly at: string; readonly seconds?: true }
  | { readonly link: string; readonly name: string }
export type Words = readonly Word[]

/** A text in the middle of a sentence is a name or a short value; anything longer belongs in a quote of its own. */
export const saidLimit = 300

/** The same words with less of what somebody wrote, for a view that has to fit much of it. */
export function shortened(words: Words, most: number): Word[] {
  return words.map((word) => {
    if (typeof word === 'string') return word
    if ('said' in word) return { said: shortLine(word.said, most) }
    // An instant from the stack may be any text.
    return 'at' in word ? { ...word, at: clip(word.at, most) } : word
  })
}

/** Operators are not mentioned: Slack would refuse an id that isn't its own, or mention somebody else. */
export function operatorInWords(user: string): string {
  return `operator ${user}`
}

/** Says who gave the reason, if more than one person had a hand in it. */
export function givenBy(change: Change): Word[] {
  const author = reasonAuthor(change)
  const isEvident = author === change.requester && change.amenders.length === 0 && change.takenOver === undefined
  return author === null || isEvident ? [] : [', given by ', { person: author }]
}

/** `a, b and 3 more` people and user groups: no more than a reader takes in. */
export function people(ids: readonly string[], most = 20): Word[] {
  return enumerated(
    ids.map((id) => [isGroup(id) ? { group: id } : { person: id }]),
    most,
  )
}

/** The items, separated by commas; those beyond `most` are counted. */
export function enumerated(items: readonly Words[], most: number): Word[] {
  const shown = items.slice(0, most).flatMap((words, i): Words => (i === 0 ? words : [', ', ...words]))
  return items.length > most ? [...shown, ` and ${count(items.length - most, 'more', 'more')}`] : shown
}

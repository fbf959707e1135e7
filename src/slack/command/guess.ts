import { nearestWord } from '../../domain/nearest.ts'
import { inLine } from '../../domain/quick/quoted.ts'
import { split } from '../../domain/quick/reading.ts'
import { type Verb, verbs } from './verbs.ts'

/**
 * A line that works, and what was probably meant. `verb` is its first word; null for the number of a change. `turned`:
 * the command stood behind its token.
 */
export type Guess = { readonly line: string; readonly verb: Verb | null; readonly turned?: true }

/**
 * The line that somebody probably meant who began with no command: a mistyped one, a command after its token, or a change
 * and what to do with it. Null if nothing comes near. `isToken` knows the names and uids of tokens.
 */
export function guess(typed: string, isToken: (text: string) => boolean): Guess | null {
  return afterItsToken(typed, isToken) ?? decided(typed) ?? mistyped(typed) ?? ofAChange(typed)
}

/** `ci-deploy extend 90d` */
function afterItsToken(typed: string, isToken: (text: string) => boolean): Guess | null {
  const ends = [...typed.matchAll(/\S+/g)].map((word) => word.index + word[0].length).slice(0, mostWords)
  for (const end of ends.reverse()) {
    const [word, rest] = split(typed.slice(end).trimStart())
    const verb = verbNear(word)
    if (verb && isToken(typed.slice(0, end)))
      return { ...guessed(verb, `${inLine(typed.slice(0, end))} ${rest}`), turned: true }
  }
  return null
}

/** Words in a token's name. */
const mostWords = 20

function mistyped(typed: string): Guess | null {
  const [word, rest] = split(typed)
  const verb = verbNear(word)
  return verb && guessed(verb, rest)
}

/** `reject 42 because it is late` */
function decided(typed: string): Guess | null {
  const [, number] =
    /^(?:approve|reject|deny|cancel|withdraw|nudge|rebase|undo|revert|review|status)\s+(?:change\s+)?#?(\d{1,9})(?:\s.*)?$/is.exec(
      typed,
    ) ?? []
  return number === undefined ? null : { line: `#${number}`, verb: null }
}

/** `approve 42`: what can be done with it stands on its card. */
function ofAChange(typed: string): Guess | null {
  const [, number] = /^\S+\s+#?(\d{1,9})$/.exec(typed) ?? []
  return number === undefined ? null : { line: `#${number}`, verb: null }
}

function guessed(verb: Verb, rest: string): Guess {
  return { verb, line: `${verb} ${rest}`.trim() }
}

function verbNear(word: string): Verb | null {
  return nearestWord(word, verbs) as Verb | null
}

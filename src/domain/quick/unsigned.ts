import type { Settings } from '../token/token.ts'
import { inLine, quoted, wordsOf } from './quoted.ts'
import type { Nearest } from './reading.ts'

const adding = /^(?:add|adds|with|plus|also|include)$/i
const taking = /^(?:remove|removes|drop|without|minus|delete|no|not)$/i
const only = /^(?:only|just)$/i
const noise = /^(?:and|&|the|branch|branches|alias|aliases|to|from|then|,)$/i

/** True for a word that says something about branches, and is hardly the name of one. */
export function isOrder(word: string): boolean {
  return [adding, taking, only, noise, /^all$/i].some((kind) => kind.test(word))
}

/** The request of `add a and remove b` or `only a`, with signs. `sign` is that of names before any such word. */
export function withSigns(text: string, sign: '+' | '-' = '+'): Nearest {
  return ({ token }) => {
    const said = namesIn(text, sign)
    if (said.names.length === 0) return []
    if (!said.only) return [{ head: said.names.map(({ sign, name }) => `${sign}${inLine(name)}`).join(' ') }]
    const head =
      token === null
        ? ''
        : onlyThese(
            said.names.map(({ name }) => name),
            token.before,
          )
    return head === '' ? [] : [{ head }]
  }
}

type Named = { readonly sign: string; readonly name: string }

function namesIn(text: string, first: string): { names: Named[]; only: boolean } {
  let [sign, isOnly] = [first, false]
  const names: Named[] = []
  for (const word of wordsOf(text)) {
    const [, mark, rest = ''] = /^([-+–—−]?)(.*?),?$/s.exec(word.text) ?? []
    const name = quoted(rest)?.value ?? rest
    if (mark) names.push({ sign: mark === '+' ? '+' : '-', name })
    else if (adding.test(name)) sign = '+'
    else if (taking.test(name)) sign = '-'
    else if (only.test(name)) isOnly = true
    else if (name !== '' && !noise.test(name)) names.push({ sign, name })
  }
  return { names: names.filter(({ name }) => name !== ''), only: isOnly }
}

function onlyThese(names: readonly string[], { branches, aliases }: Settings): string {
  const has = [...branches, ...aliases]
  const more = names.filter((name) => !has.includes(name)).map((name) => `+${inLine(name)}`)
  return [...more, ...has.filter((name) => !names.includes(name)).map((name) => `-${inLine(name)}`)].join(' ')
}

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

const butThese =
  /^(?:remove\s+)?all\s+(?:the\s+)?(?:other\s+)?(branches|aliases)\s+(?:but|except(?:\s+for)?|other\s+than|apart\s+from)\s+(.+)$/i

/** True for `all branches except main`, which says nothing of aliases. */
export function isOfOneKind(text: string): boolean {
  return butThese.test(text)
}

/** Takes away those of one kind that are not named; `restrict` takes both kinds. */
function allBut(text: string, { branches, aliases }: Settings): string {
  const [, kind = '', kept = ''] = butThese.exec(text) ?? []
  const names = namesIn(kept, '+').names.map(({ name }) => name)
  const has = /^b/i.test(kind) ? branches : aliases
  if (!names.every((name) => has.includes(name))) return ''
  return has
    .filter((name) => !names.includes(name))
    .map((name) => `-${inLine(name)}`)
    .join(' ')
}

/** The request of `add a and remove b` or `only a`, with signs. `sign` is that of names before any such word. */
export function withSigns(text: string, sign: '+' | '-' = '+'): Nearest {
  return ({ token }) => {
    if (/^remove\s/i.test(text) && isOfOneKind(text)) {
      const head = token === null ? '' : allBut(text, token.before)
      return head === '' ? [] : [{ head }]
    }
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

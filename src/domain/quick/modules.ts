import { nearestWord } from '../nearest.ts'
import { moduleInWords } from '../token/access.ts'
import { type Module, modules } from '../token/token.ts'
import { type Read, wrong } from './reading.ts'

/** The whole stack, or these modules. */
export type On = { readonly on: 'everything' | readonly Module[] }

const wholeStack = ['all', 'everything', 'everywhere', 'anything', 'whole_stack', '$all']
const spellings = new Map<string, Module>(
  modules.flatMap((module) => [
    [module, module],
    [moduleInWords(module).toLowerCase().replace(' ', '_'), module],
  ]),
)

/** Reads `entry, asset`, `entries and content types` or `all`. */
export function readOn(text: string): Read<On> {
  const words = text.split(/[\s,]+/).filter((word) => word !== '' && !/^(and|&|the)$/i.test(word))
  if (words.length === 0) return wrong(null, `Say on what: on all, or on some of ${modules.join(', ')}.`)
  const on: (Module | 'everything')[] = []
  for (let i = 0; i < words.length; i++) {
    const two = spelled(`${words[i]}_${words[i + 1]}`)
    const one = two ?? spelled(words[i]!)
    if (one === undefined) return wrongModule(words[i]!)
    if (two !== undefined) i++
    on.push(one)
  }
  const named = on.filter((one) => one !== 'everything')
  if (named.length === on.length) return { asks: { on: [...new Set(named)] } }
  return on.length === 1 ? { asks: { on: 'everything' } } : wrong('all', 'stands for every module: name it alone.')
}

function spelled(text: string): Module | 'everything' | undefined {
  const word = text.toLowerCase().replaceAll('-', '_')
  return wholeStack.includes(word) ? 'everything' : spellings.get(word)
}

function wrongModule(word: string): Read<never> {
  const nearest = nearestWord(word, [...spellings.keys(), 'all', 'everything'])
  const meant = nearest === null ? null : (spelled(nearest) ?? null)
  return wrong(word, `is not a module: say all, or some of ${modules.join(', ')}.`, meant)
}

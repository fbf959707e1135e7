import { nearestWord } from '../nearest.ts'
import { moduleInWords } from '../token/access.ts'
import { modules } from '../token/token.ts'
import { type Arguments, wrong } from './wrong.ts'

const wholeStack = ['all', 'everything', 'whole_stack', '$all']
const spellings = new Map(
  modules.flatMap((module) => [
    [module as string, module],
    [moduleInWords(module).toLowerCase().replace(' ', '_'), module],
  ]),
)

/** `entry, asset`, `entries and content types`, `all` */
export function readOn(text: string): Arguments {
  const words = text.split(/[\s,]+/).filter((word) => word !== '' && !/^(and|&|the)$/i.test(word))
  if (words.length === 0) return wrong(null, `Say on what: on all, or on some of ${modules.join(', ')}.`)
  const on: string[] = []
  for (let i = 0; i < words.length; i++) {
    const two = spelled(`${words[i]}_${words[i + 1]}`)
    const one = two ?? spelled(words[i]!)
    if (one === undefined) return wrongModule(words[i]!)
    if (two !== undefined) i++
    on.push(one)
  }
  if (!on.includes('all')) return { fields: { on: [...new Set(on)] } }
  return on.length === 1 ? { fields: { on: 'all' } } : wrong('all', 'stands for every module: name it alone.')
}

function spelled(text: string): string | undefined {
  const word = text.toLowerCase().replaceAll('-', '_')
  return wholeStack.includes(word) ? 'all' : spellings.get(word)
}

function wrongModule(word: string): Arguments {
  const nearest = nearestWord(word, [...spellings.keys(), 'all', 'everything'])
  const meant = nearest === null ? null : (spelled(nearest) ?? null)
  return wrong(word, `is not a module: say all, or some of ${modules.join(', ')}.`, meant)
}

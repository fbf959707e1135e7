import type { Standing } from './ledger.ts'

export type Fate = 'killed' | 'timeout' | 'survived' | 'no test'

export function fateOf(id: string, { killed, timedOut, lived }: Standing): Fate {
  if (killed.has(id)) return 'killed'
  if (timedOut.has(id)) return 'timeout'
  return lived.has(id) ? 'survived' : 'no test'
}

type Known = { readonly file: string; readonly fate: Fate }

/** A row for each folder, ready for a page in Markdown. A mutant that made a test hang was noticed. */
export function table(mutants: readonly Known[], folder: (file: string) => string): string {
  const head = ['folder', 'mutants', 'killed', 'timeout', 'survived', 'no test', '%']
  const rows = [...Map.groupBy(mutants, ({ file }) => folder(file))].map(([name, own]) => {
    const count = (wanted: Fate) => own.filter(({ fate }) => fate === wanted).length
    const share = (100 * (count('killed') + count('timeout'))) / own.length
    return [name, own.length, count('killed'), count('timeout'), count('survived'), count('no test'), share.toFixed(1)]
  })
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

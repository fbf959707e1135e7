/**
 * Breaks the app in every small way and says which breaks no test notices:
 *
 *     node test/mutation/mutate.ts                       every part of src/
 *     node test/mutation/mutate.ts src/audit src/slack/gate.ts
 *     node test/mutation/mutate.ts --every 3             every third mutant of each file, the same ones each time
 *
 * A run that was ended goes on where it was; `docs/mutation.md` says more.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { instrument, type Mutant, makeCopy, place } from './copy.ts'
import { asItIs, digest, readLedger, standing } from './ledger.ts'
import { tryWhileLoading, whileLoading } from './loading.ts'
import { tryWith } from './round.ts'
import { isChosen } from './sample.ts'
import { type Fate, fateOf, table } from './table.ts'
import { partOf, sources, startsProcesses, testsOf, testsOfToday } from './tests.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    near: { type: 'boolean', default: false },
  },
})
const every = Number(values.every)
const wanted = sources().filter((file) => positionals.length === 0 || positionals.some((name) => file.startsWith(name)))

mkdirSync(place, { recursive: true })
const all: (Mutant & { readonly fate: Fate })[] = []
for (const [part, files] of Map.groupBy(wanted, partOf)) {
  all.push(...(await mutate(part, files)))
  console.error(table(all, partOf))
}
console.log(table(all, partOf))
for (const { file, line, column, mutator, replacement, fate } of all)
  if (fate === 'survived' || fate === 'no test')
    console.log(`${file}:${line}:${column} ${mutator} → ${replacement} (${fate})`)

/** First with the tests of the same folder, then with all others that can see these files, as long as a mutant lives. */
async function mutate(part: string, files: readonly string[]) {
  makeCopy()
  const mutants = (await instrument(files)).filter(({ id }) => isChosen(id, every))
  const ledger = join(place, `${part.replaceAll('/', '-')}.jsonl`)
  const state = digest(JSON.stringify([every, ...files.map(asItIs)]))
  const round = { ledger, every, workers: Number(values.workers) }
  const { near, far } = testsOf(files)
  await tryWith(near, { ...round, sources: state, most: Number.POSITIVE_INFINITY })
  if (!values.near) {
    await tryWith(far, { ...round, sources: state, most: 40 })
    const starting = [...near, ...far].filter(startsProcesses)
    await tryWith(starting, { ...round, sources: `${state} processes`, most: 50, processes: true })
  }
  await tryWhileLoading(near, ledger)
  const stand = standing(readLedger(ledger), new Set([...testsOfToday(), whileLoading(near)]))
  return mutants.map((mutant) => ({ ...mutant, fate: fateOf(mutant.id, stand) }))
}

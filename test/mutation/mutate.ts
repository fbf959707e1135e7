/**
 * Breaks the app in every small way and says which breaks no test notices:
 *
 *     node test/mutation/mutate.ts                       every part of src/
 *     node test/mutation/mutate.ts src/cli/audit src/slack/edge/gate.ts
 *     node test/mutation/mutate.ts --every 3             every third mutant of each file, the same ones each time
 *
 * A run that was ended continues where it stopped; `docs/mutation.md` says more.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { copy, instrument, type Mutant, makeCopy, ours, place } from './copy.ts'
import { asItIs, readLedger, standing } from './ledger.ts'
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
const home = process.cwd()
const every = Number(values.every)
const anyNumber = Number.MAX_SAFE_INTEGER
const wanted = sources().filter((file) => positionals.length === 0 || positionals.some((name) => file.startsWith(name)))

mkdirSync(ours, { recursive: true })
// Otherwise the tests under way would go on alone, with a mutant awake.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
process.on('exit', () => rmSync(ours, { recursive: true, force: true }))
const all: (Mutant & { readonly fate: Fate })[] = []
for (const [part, files] of Map.groupBy(wanted, partOf)) {
  all.push(...(await mutate(part, files)))
  console.error(table(all, partOf))
}
console.log(table(all, partOf))
for (const { file, line, column, mutator, replacement, fate } of all)
  if (fate === 'survived' || fate === 'no test')
    console.log(`${file}:${line}:${column} ${mutator} → ${replacement} (${fate})`)

/**
 * Starts with the tests of the same folder, quick ones first; then, as long as a mutant lives, all others that can see
 * these files.
 */
async function mutate(part: string, files: readonly string[]) {
  process.chdir(home)
  makeCopy()
  // From here on, editing the project disturbs nothing.
  process.chdir(copy)
  const { near, far } = testsOf(files)
  const ledger = join(place, `${part.replaceAll('/', '-')}.jsonl`)
  const round = { ledger, every, workers: Number(values.workers), sources: files.map(asItIs).join(), most: anyNumber }
  const mutants = (await instrument(files)).filter(({ id }) => isChosen(id, every))
  await tryWith(near, { ...round, atMost: 60 })
  await tryWith(near, { ...round, atMost: 2000 })
  if (!values.near) {
    await tryWith(far, { ...round, atMost: 2000, most: 40 })
    const starting = [...near, ...far].filter(startsProcesses)
    await tryWith(starting, { ...round, atMost: 4000, most: 50, processes: true })
  }
  await tryWhileLoading(near, ledger)
  const stand = standing(readLedger(ledger), new Set([...testsOfToday(), whileLoading(near)]))
  return mutants.map((mutant) => ({ ...mutant, fate: fateOf(mutant.id, stand) }))
}

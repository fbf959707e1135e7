import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { asItIs } from './ledger.ts'

/** These start a browser, kill the app before it can tell which mutants it met, measure it, or don't meet it at all. */
const elsewhere = /^test\/(browser|crash|bench|mutation|sandbox)[/.]/

/** Files under `folder`, by their paths in git. */
function filesUnder(folder: string, ending: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending))
  return names.map((name) => posix.join(folder, name)).sort()
}

/** The files to mutate: all of the app except the emulated platforms, which only tests and the demo use. */
export function sources(): string[] {
  return filesUnder('src', '.ts').filter((file) => !file.startsWith('src/sandbox/'))
}

export function testsOfToday(): Set<string> {
  return new Set(filesUnder('test', '.test.ts').map(asItIs))
}

/** `src/cli/audit` for `src/cli/audit/csv.ts`; `src` for a file in no folder. */
export function partOf(file: string): string {
  return file.split('/').slice(0, -1).slice(0, 3).join('/')
}

/** Tests that load one of these files in any way: first those of the same part, if it has any, then all others. */
export function testsOf(files: readonly string[], read = (file: string) => readFileSync(file, 'utf8')) {
  const loads = loadedBy(read)
  const wanted = new Set(files)
  const tests = filesUnder('test', '.test.ts').filter((test) => !elsewhere.test(test))
  const seeing = tests.filter((test) => [...loads(test)].some((file) => wanted.has(file)))
  const parts = new Set(files.flatMap((file) => partsOfTests(partOf(file))))
  const [near, far] = [true, false].map((isNear) => seeing.filter((test) => parts.has(partOf(test)) === isNear))
  return near!.length > 0 ? { near: near!, far: far! } : { near: far!, far: [] }
}

/** The same folder, and tests of several of its kind beside it. All that every engine has to keep is tested in one place. */
function partsOfTests(part: string): string[] {
  const own = part.replace(/^src/, 'test')
  const beside = own.split('/').length > 2 ? [posix.dirname(own)] : []
  return [own, ...beside, ...(own.startsWith('test/storage') ? ['test/storage/contract'] : [])]
}

/** They all do so through `support/process.ts`. */
export function startsProcesses(test: string): boolean {
  return [...loadedBy((file) => readFileSync(file, 'utf8'))(test)].includes('test/support/process.ts')
}

/** A file and everything that it imports, directly or not. */
function loadedBy(read: (file: string) => string): (file: string) => Set<string> {
  const imports = new Map<string, string[]>()
  const importsOf = (file: string) => {
    const known = imports.get(file) ?? importsIn(file, read(file))
    imports.set(file, known)
    return known
  }
  return (file) => {
    const loaded = new Set([file])
    for (const one of loaded) for (const next of importsOf(one)) loaded.add(next)
    return loaded
  }
}

function importsIn(file: string, text: string): string[] {
  const paths = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+\.ts)['"]/g)].map((match) => match[1]!)
  return paths.map((path) => posix.join(posix.dirname(file), path))
}

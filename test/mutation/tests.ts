import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { asItIs } from './ledger.ts'

/** These start a browser, kill the app before it can tell which mutants it met, measure it, or don't meet it at all. */
const elsewhere = /^test\/(browser|crash|bench|mutation|sandbox)[/.]/

/** Files under `folder`, with the paths that git knows them by. */
function filesUnder(folder: string, ending: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending))
  return names.map((name) => posix.join(folder, name)).sort()
}

/** What is mutated: all of the app but the emulated platforms, which only tests and the demo meet. */
export function sources(): string[] {
  return filesUnder('src', '.ts').filter((file) => !file.startsWith('src/sandbox/'))
}

export function testsOfToday(): Set<string> {
  return new Set(filesUnder('test', '.test.ts').map(asItIs))
}

/** `src/cli/audit` for `src/cli/audit/csv.ts`; `src` for what lies in no folder. */
export function partOf(file: string): string {
  return file.split('/').slice(0, -1).slice(0, 3).join('/')
}

/** Tests that load one of these files, by whatever way: first those of the same part, where it has any, then all others. */
export function testsOf(files: readonly string[], read = (file: string) => readFileSync(file, 'utf8')) {
  const loads = loadedBy(read)
  const wanted = new Set(files)
  const tests = filesUnder('test', '.test.ts').filter((test) => !elsewhere.test(test))
  const seeing = tests.filter((test) => [...loads(test)].some((file) => wanted.has(file)))
  const parts = new Set(files.map((file) => partOf(file).replace(/^src/, 'test')))
  const [near, far] = [true, false].map((isNear) => seeing.filter((test) => parts.has(partOf(test)) === isNear))
  return near!.length > 0 ? { near: near!, far: far! } : { near: far!, far: [] }
}

/** Through `support/process.ts`, as all do. */
export function startsProcesses(test: string): boolean {
  return [...loadedBy((file) => readFileSync(file, 'utf8'))(test)].includes('test/support/process.ts')
}

/** A file and all that it imports, and they in turn. */
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

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { named } from './ledger.ts'

const stryker = '@stryker-mutator/instrumenter@10.1.1'
/** Ignored by git. */
export const place = resolve('.mutation')
/** For this run alone. */
export const ours = join(place, String(process.pid))
export const copy = join(ours, 'copy')

const instrumented = z.object({
  files: z.array(z.object({ content: z.string() })),
  mutants: z.array(
    z.object({
      id: z.string(),
      mutatorName: z.string(),
      replacement: z.string(),
      location: z.object({ start: z.object({ line: z.number(), column: z.number() }) }),
      statusReason: z.string().optional(),
    }),
  ),
})

export type Mutant = {
  /** `src/cli/audit/csv.ts@1a2b3c4d5e:7`: the file, a digest of its text, and the number of the mutant. */
  readonly id: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly mutator: string
  readonly replacement: string
}

/**
 * Every file that git knows, since tests also read docs, migrations and the manifest; its packages are installed beside
 * it.
 */
export function makeCopy(): void {
  rmSync(copy, { recursive: true, force: true })
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  })
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(name))) cpSync(file, join(copy, file))
  // Tests keep things for the next run here, and a mutant may have made them.
  mkdirSync(join(copy, 'node_modules'))
  for (const name of readdirSync('node_modules').filter((one) => one === '.bin' || !one.startsWith('.')))
    symlinkSync(resolve('node_modules', name), join(copy, 'node_modules', name))
  const tools = join(place, 'tools')
  if (existsSync(join(tools, 'node_modules'))) return
  mkdirSync(tools, { recursive: true })
  execFileSync('npm', ['install', '--prefix', tools, '--no-audit', '--no-fund', stryker], { stdio: 'inherit' })
}

/**
 * Replaces each of these files in the copy by one that holds all its mutants, each asleep until it is called by its
 * name.
 */
export async function instrument(files: readonly string[]): Promise<Mutant[]> {
  const module = join(place, 'tools', 'node_modules', '@stryker-mutator', 'instrumenter', 'dist', 'src', 'index.js')
  const { Instrumenter } = await import(pathToFileURL(module).href)
  const silent = { debug() {}, info() {}, warn() {}, isDebugEnabled: () => false }
  // Other wording is not a broken rule: wording has its own tests.
  const options = { plugins: null, excludedMutations: ['StringLiteral'], ignorers: [] }
  const all: Mutant[] = []
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    const input = [{ name: join(copy, file), mutate: true, content: text }]
    const { files: output, mutants } = instrumented.parse(await new Instrumenter(silent).instrument(input, options))
    writeFileSync(join(copy, file), withNames(output[0]!.content, named(file, text)))
    all.push(...mutants.filter(({ statusReason }) => !statusReason).map((mutant) => described(mutant, file, text)))
  }
  return all
}

function described(mutant: z.infer<typeof instrumented>['mutants'][number], file: string, text: string): Mutant {
  const { start } = mutant.location
  return {
    id: `${named(file, text)}:${mutant.id}`,
    file,
    line: start.line + 1,
    column: start.column + 1,
    mutator: mutant.mutatorName,
    replacement: mutant.replacement.replaceAll(/\s+/g, ' ').slice(0, 80),
  }
}

/** The instrumenter counts the mutants of each file from zero. */
function withNames(code: string, file: string): string {
  const calls = /\b(stryCov_9fa48|stryMutAct_9fa48)\(((?:"\d+"(?:, )?)+)\)/g
  return code.replace(calls, (_, call, ids: string) => `${call}(${ids.replaceAll(/"(\d+)"/g, `"${file}:$1"`)})`)
}

/**
 * Breaks the code in every small way and says which breaks no test of its own notices:
 *
 *     node test/mutation/mutate.ts                  src/domain against test/domain, some ten minutes
 *     node test/mutation/mutate.ts domain/seal      one file of it
 *     node test/mutation/mutate.ts workflow/watch   the same for another folder
 *
 * Works in a private copy, into which it installs Stryker, so that the app depends on nothing for it.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const stryker = '10.1.1'
const [folder = 'domain', file = '*'] = (process.argv[2] ?? 'domain').split('/')

const copy = mkdtempSync(join(tmpdir(), 'countersign-mutation-'))
function mutate(): void {
  const needed = ['src', 'test', 'migrations', 'package.json', 'package-lock.json', 'vitest.config.ts']
  for (const name of needed) cpSync(name, join(copy, name), { recursive: true })
  const packages = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${stryker}`)
  run('npm', 'install', '--no-save', '--no-audit', '--no-fund', ...packages)
  writeFileSync(join(copy, 'mutation.config.ts'), tests)
  writeFileSync(join(copy, 'stryker.conf.json'), JSON.stringify(settings))
  run(join('node_modules', '.bin', 'stryker'), 'run')
}

/** Only the tests of the folder: what a journey notices by the way counts for nothing here. */
const tests = `
import { defineConfig } from 'vitest/config'
export default defineConfig({
  test: { include: ['test/${folder}/**/*.test.ts'], setupFiles: ['test/support/seed.ts'], testTimeout: 20_000 },
})
`

const settings = {
  mutate: [`src/${folder}/${file}.ts`],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'mutation.config.ts' },
  coverageAnalysis: 'perTest',
  reporters: ['progress-append-only', 'json'],
  concurrency: 2,
  // Stryker reads it with an interface that this version of TypeScript no longer has; nothing here needs it.
  tsconfigFile: 'none',
}

const report = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          status: z.string(),
          mutatorName: z.string(),
          replacement: z.string(),
          location: z.object({ start: z.object({ line: z.number(), column: z.number() }) }),
        }),
      ),
    }),
  ),
})

try {
  mutate()
  for (const line of survivors()) console.log(line)
} finally {
  rmSync(copy, { recursive: true, force: true })
}

/** A line for every file, and one for every mutant of it that no test noticed. */
function survivors(): string[] {
  const { files } = report.parse(JSON.parse(readFileSync(join(copy, 'reports', 'mutation', 'mutation.json'), 'utf8')))
  return Object.entries(files).flatMap(([path, { mutants, source }]) => {
    const valid = mutants.filter(({ status }) => !/Error/.test(status))
    const alive = valid.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    const lines = source.split('\n')
    return [
      `${path}: ${valid.length - alive.length} of ${valid.length} noticed`,
      ...alive.map(({ mutatorName, replacement, location: { start } }) => {
        const was = lines[start.line - 1]!.slice(start.column - 1)
        return `  ${start.line}: ${mutatorName}: ${was} → ${replacement.replaceAll('\n', ' ').slice(0, 80)}`
      }),
    ]
  })
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: copy, stdio: ['ignore', 'inherit', 'inherit'] })
}

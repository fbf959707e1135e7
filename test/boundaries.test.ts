import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * The parts of `src/` and the packages that each part may import (itself always). A part that ends in a slash stands
 * for that folder with all its rooms; `any` leaves the packages open.
 */
const mayImport: Record<string, { parts: string[]; packages: 'any' | string[] }> = {
  domain: { parts: [], packages: ['zod', 'node:crypto'] },
  'domain/token': { parts: ['domain'], packages: ['zod', 'date-fns'] },
  'domain/policy': { parts: ['domain', 'domain/token'], packages: ['zod', 'date-fns'] },
  'domain/change': { parts: ['domain', 'domain/token', 'domain/policy'], packages: ['zod', 'date-fns', 'node:crypto'] },
  'domain/looks': { parts: ['domain', 'domain/token', 'domain/change'], packages: ['date-fns'] },
  'domain/audit': { parts: ['domain', 'domain/token', 'domain/change'], packages: ['zod', 'node:crypto'] },
  'domain/quick': { parts: ['domain', 'domain/token'], packages: [] },
  'breathe.ts': { parts: [], packages: [] },
  'shipped.ts': { parts: [], packages: ['node:fs', 'node:path'] },
  'proxies-used.ts': { parts: [], packages: [] },
  'steady-clock.ts': { parts: ['domain/'], packages: [] },
  ports: { parts: ['domain/'], packages: [] },
  words: { parts: ['domain/', 'ports'], packages: [] },
  workflow: { parts: ['domain/', 'ports', 'breathe.ts'], packages: [] },
  'workflow/changes': { parts: ['domain/', 'ports', 'workflow', 'breathe.ts'], packages: [] },
  'workflow/looks': { parts: ['domain/', 'ports', 'workflow', 'breathe.ts', 'steady-clock.ts'], packages: [] },
  'workflow/apply': {
    parts: ['domain/', 'ports', 'workflow', 'workflow/changes', 'workflow/looks', 'steady-clock.ts'],
    packages: [],
  },
  'workflow/cards': { parts: ['domain/', 'ports'], packages: [] },
  'workflow/log': {
    parts: ['domain/', 'ports', 'workflow', 'workflow/cards', 'breathe.ts', 'steady-clock.ts'],
    packages: [],
  },
  'workflow/rounds': {
    parts: [
      ...['domain/', 'ports', 'workflow/changes', 'workflow/apply', 'workflow/cards'],
      ...['breathe.ts', 'steady-clock.ts'],
    ],
    packages: [],
  },
  storage: { parts: ['domain/', 'ports'], packages: ['date-fns', 'zod'] },
  'storage/sqlite': {
    parts: ['domain/', 'ports', 'storage', 'breathe.ts', 'shipped.ts', 'steady-clock.ts'],
    packages: 'any',
  },
  'storage/postgres': {
    parts: ['domain/', 'ports', 'storage', 'breathe.ts', 'shipped.ts', 'steady-clock.ts'],
    packages: 'any',
  },
  'storage/engine': {
    parts: ['domain/', 'ports', 'storage', 'storage/sqlite', 'storage/postgres', 'steady-clock.ts'],
    packages: ['node:fs'],
  },
  anchors: { parts: ['domain/', 'ports'], packages: 'any' },
  contentstack: { parts: ['domain/', 'ports', 'breathe.ts', 'proxies-used.ts'], packages: 'any' },
  'contentstack/oauth': {
    parts: ['domain/', 'ports', 'contentstack'],
    packages: ['node:crypto', 'node:timers', 'zod'],
  },
  'slack/calls': {
    parts: ['domain/', 'ports', 'workflow/looks', 'workflow/rounds', 'breathe.ts', 'proxies-used.ts'],
    packages: 'any',
  },
  'slack/link': {
    parts: ['domain/', 'workflow/looks', 'slack/calls', 'breathe.ts', 'proxies-used.ts'],
    packages: 'any',
  },
  'slack/people': { parts: ['domain/', 'ports', 'workflow/changes', 'slack/calls', 'slack/link'], packages: 'any' },
  'slack/kit': { parts: ['domain/', 'words'], packages: 'any' },
  'slack/edge': {
    parts: [
      ...[
        'domain/',
        'ports',
        'workflow/cards',
        'workflow/changes',
        'workflow/rounds',
        'words',
        'slack/calls',
        'slack/link',
        'slack/kit',
      ],
      'proxies-used.ts',
    ],
    packages: 'any',
  },
  'slack/tokens': { parts: ['domain/', 'ports', 'workflow/looks', 'words', 'slack/kit'], packages: 'any' },
  'slack/card': { parts: ['domain/', 'ports', 'words', 'slack/calls', 'slack/kit'], packages: 'any' },
  'slack/changes': {
    parts: [
      'domain/',
      'ports',
      'workflow/changes',
      'workflow',
      'words',
      'slack/calls',
      'slack/kit',
      'slack/tokens',
      'slack/card',
    ],
    packages: 'any',
  },
  'slack/edit': {
    parts: [
      ...[
        'domain/',
        'ports',
        'workflow/changes',
        'workflow/looks',
        'workflow/rounds',
        'words',
        'slack/calls',
        'slack/link',
        'slack/kit',
      ],
      ...['slack/edge', 'slack/tokens', 'slack/card'],
    ],
    packages: 'any',
  },
  'slack/review': {
    parts: [
      'domain/',
      'ports',
      'workflow/changes',
      'workflow/rounds',
      'words',
      'slack/calls',
      'slack/kit',
      'slack/edge',
      'slack/edit',
    ],
    packages: 'any',
  },
  'slack/token-page': {
    parts: [
      ...['domain/', 'ports', 'workflow/looks', 'words', 'slack/calls', 'slack/kit', 'slack/edge'],
      ...['slack/tokens', 'slack/card', 'slack/edit', 'breathe.ts'],
    ],
    packages: 'any',
  },
  'slack/home': {
    parts: [
      ...[
        'domain/',
        'ports',
        'workflow',
        'workflow/changes',
        'workflow/log',
        'workflow/looks',
        'words',
        'slack/calls',
        'slack/kit',
        'slack/edge',
      ],
      ...['slack/tokens', 'slack/changes'],
    ],
    packages: 'any',
  },
  'slack/command': {
    parts: [
      ...['domain/', 'ports', 'workflow/log', 'workflow/looks', 'words'],
      ...['slack/calls', 'slack/edge', 'slack/kit', 'slack/people'],
      ...['slack/tokens', 'slack/changes', 'slack/edit', 'slack/token-page'],
    ],
    packages: 'any',
  },
  app: {
    parts: [
      'domain/',
      'ports',
      'workflow/',
      'slack/',
      'contentstack',
      'storage/',
      'anchors',
      'config',
      'app/health',
      'app/metrics',
      'app/anchored.ts',
      'app/credential-of.ts',
      'app/preflight.ts',
      'version.ts',
    ],
    packages: ['date-fns', 'node:', 'pino'],
  },
  'app/health': { parts: ['workflow/', 'slack/'], packages: ['node:events', 'node:http', 'node:net'] },
  'app/metrics': {
    parts: ['domain/', 'ports', 'slack/calls', 'app/health', 'breathe.ts'],
    packages: ['node:perf_hooks', 'prom-client'],
  },
  'app/anchored.ts': { parts: ['anchors', 'domain/', 'storage/'], packages: ['node:fs'] },
  'app/credential-of.ts': {
    parts: ['config', 'contentstack/', 'storage/engine', 'steady-clock.ts'],
    packages: [],
  },
  'app/preflight.ts': { parts: ['config', 'domain/', 'slack/', 'workflow/changes'], packages: [] },
  config: {
    parts: ['domain/', 'workflow/apply', 'slack/', 'contentstack', 'anchors', 'proxies-used.ts'],
    packages: ['date-fns', 'node:fs', 'node:path', 'node:util', 'yaml', 'zod'],
  },
  'cli.ts': { parts: ['cli', 'cli/program.ts'], packages: [] },
  cli: {
    parts: [
      ...['words', 'domain/', 'ports', 'workflow/looks', 'slack/', 'contentstack', 'storage/', 'config'],
      'app/credential-of.ts',
    ],
    packages: ['commander', 'node:os', 'node:readline', 'node:stream', 'string-width'],
  },
  'cli/program.ts': {
    parts: [
      ...['cli', 'cli/policy', 'cli/token', 'cli/change', 'cli/audit', 'cli/backup', 'cli/report', 'cli/doctor'],
      ...[
        'cli/connect',
        'cli/health',
        'cli/init',
        'cli/move',
        'cli/migrate',
        'cli/reload',
        'cli/start',
        'cli/demo',
        'slack/',
        'config',
        'domain/',
        'shipped.ts',
        'version.ts',
      ],
    ],
    packages: ['commander'],
  },
  'cli/start': {
    parts: ['app', 'cli', 'cli/reload', 'config', 'domain/', 'slack/', 'storage/'],
    packages: ['node:tty', 'node:v8', 'pino', 'undici'],
  },
  'cli/reload': {
    parts: ['cli', 'config', 'domain/', 'ports', 'storage/engine'],
    packages: ['commander', 'node:', 'zod'],
  },
  'cli/demo': {
    parts: ['app', 'config', 'domain/', 'sandbox', 'shipped.ts'],
    packages: ['node:', 'pino', 'yaml', 'zod'],
  },
  'cli/init': {
    parts: ['cli', 'config', 'domain/', 'shipped.ts'],
    packages: ['commander', 'node:', 'yaml', 'zod'],
  },
  'cli/policy': {
    parts: ['cli', 'domain/', 'workflow/changes', 'slack/', 'config', 'app/preflight.ts'],
    packages: ['commander'],
  },
  'cli/connect': {
    parts: [
      ...['cli', 'config', 'contentstack/oauth', 'domain/', 'storage/engine', 'storage/sqlite', 'steady-clock.ts'],
    ],
    packages: ['commander', 'node:fs', 'node:http'],
  },
  'cli/token': {
    parts: ['words', 'cli', 'domain/', 'ports', 'workflow/looks', 'workflow', 'slack/', 'config'],
    packages: ['commander'],
  },
  'cli/change': {
    parts: ['words', 'cli', 'domain/', 'ports', 'workflow/changes', 'workflow/looks', 'slack/', 'storage/', 'config'],
    packages: ['commander', 'node:crypto'],
  },
  'cli/audit': {
    parts: ['cli', 'domain/', 'ports', 'slack/', 'storage/', 'anchors', 'config'],
    packages: ['commander', 'zod', 'node:stream'],
  },
  'cli/backup': { parts: ['cli', 'cli/audit', 'domain/', 'storage/'], packages: ['commander', 'node:fs', 'node:path'] },
  'cli/move': {
    parts: ['cli', 'cli/audit', 'config', 'domain/', 'storage/'],
    packages: ['commander', 'node:crypto'],
  },
  'cli/migrate': { parts: ['cli', 'config', 'domain/', 'storage/'], packages: ['commander'] },
  'cli/report': { parts: ['words', 'cli', 'domain/', 'ports', 'config'], packages: ['commander'] },
  'cli/doctor': {
    parts: [
      'cli',
      'domain/',
      'ports',
      'slack/',
      'contentstack/',
      'storage/',
      'app/anchored.ts',
      'app/credential-of.ts',
      'app/preflight.ts',
      'config',
      'version.ts',
    ],
    packages: ['commander', 'date-fns', 'node:fs', 'node:net', 'node:path'],
  },
  'cli/health': {
    parts: ['cli', 'config', 'domain/'],
    packages: ['commander', 'node:http', 'node:stream', 'zod'],
  },
  sandbox: { parts: ['shipped.ts'], packages: 'any' },
}

/** `path`: the imported file, if it is one of `src/`. */
type Import = { file: string; part: string; path: string; target: string; package: string | null }

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.([cm]?[jt]s|tsx)$/.test(file) && !file.includes('node_modules/'))
  .map((file) => ({ file, part: partOf(file), text: readFileSync(join('src', file), 'utf8') }))

const imports = sources.flatMap(({ file, part, text }) => importsOf(text).map((path) => resolve(file, part, path)))

/** The top folder, or the room in it if it has rooms; for a file in no folder, or with its own rule, its name. */
function partOf(file: string): string {
  const [top, ...rest] = file.split('/')
  if (file in mayImport) return file
  return rest.length > 1 && top !== 'sandbox' ? `${top}/${rest[0]}` : top!
}

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`, `require('x')`, types included. */
function importsOf(text: string): string[] {
  const withoutComments = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const paths = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"`])([^'"`\n]+)\1/g
  return [...withoutComments.matchAll(paths)].map((match) => match[2]!)
}

function resolve(file: string, part: string, path: string): Import {
  if (!path.startsWith('.')) return { file, part, path, target: path, package: packageOf(path) }
  const found = posix.join(posix.dirname(file), path)
  return { file, part, path: found, target: partOf(found), package: null }
}

function packageOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/')
}

function isAllowed({ part, target, package: name }: Import): boolean {
  const rule = mayImport[part]!
  if (name === null) return target === part || rule.parts.some((one) => isWithin(target, one))
  return (
    rule.packages === 'any' || rule.packages.some((one) => one === name || (one === 'node:' && name.startsWith(one)))
  )
}

/** `slack/` includes every room of Slack, `slack/kit` only that one. */
function isWithin(part: string, place: string): boolean {
  return part === place || (place.endsWith('/') && `${part}/`.startsWith(place))
}

/** Those of these imports that are part of a circle. */
function circles(ways: readonly { from: string; to: string }[]): string[] {
  const to = Map.groupBy(ways, ({ from }) => from)
  const reached = (from: string): Set<string> => {
    const found = new Set<string>()
    const left = [from]
    for (let place = left.pop(); place !== undefined; place = left.pop())
      for (const next of to.get(place) ?? []) if (found.size !== found.add(next.to).size) left.push(next.to)
    return found
  }
  const from = new Map([...to.keys()].map((place) => [place, reached(place)]))
  return [
    ...new Set(ways.filter((way) => from.get(way.to)?.has(way.from)).map((way) => `${way.from} imports ${way.to}`)),
  ]
}

function inShort({ file, target }: Import): string {
  return `${file} imports ${target}`
}

describe('imports run one way', () => {
  test.each(Object.keys(mayImport))('src/%s imports only what it may', (part) => {
    const own = imports.filter((one) => one.part === part)
    expect(own.filter((one) => !isAllowed(one)).map(inShort)).toEqual([])
    expect(sources.filter((source) => source.part === part)).not.toEqual([])
  })

  const own = imports.filter((one) => one.package === null)

  test('no files import each other in a circle, types included', () => {
    expect(circles(own.map(({ file, path }) => ({ from: file, to: path })))).toEqual([])
  })

  test('no rooms import each other in a circle', () => {
    const between = own.filter(({ part, target }) => part !== target)
    expect(circles(between.map(({ part, target }) => ({ from: part, to: target })))).toEqual([])
  })

  test('each folder says what it may import', () => {
    const folders = new Set(sources.filter(({ file }) => file.includes('/')).map(({ part }) => part))
    expect([...folders].filter((part) => !(part in mayImport))).toEqual([])
  })

  test.each([
    ['@slack/', ['slack/', 'sandbox']],
    ['drizzle-orm', ['storage/postgres', 'storage/sqlite']],
    ['better-sqlite3', ['storage/sqlite']],
    ['ky', ['contentstack', 'anchors']],
    ['prom-client', ['app/metrics']],
  ])('%s is known only to the parts that speak it: %s', (name, parts) => {
    const users = imports.filter((one) => one.package === name || (name.endsWith('/') && one.package?.startsWith(name)))
    expect(users.filter(({ part }) => !parts.some((place) => isWithin(part, place))).map(inShort)).toEqual([])
    expect(users).not.toEqual([])
  })

  test('nobody but the demo imports the sandbox', () => {
    const users = imports.filter((one) => one.target === 'sandbox' && one.part !== 'sandbox')
    expect(users.filter((one) => one.part !== 'cli/demo').map(inShort)).toEqual([])
  })

  test('the domain contains no clock, no randomness and no waiting', () => {
    const domain = sources.filter(({ part }) => isWithin(part, 'domain/'))
    const impure = /\bnew Date\(\)|\bDate\.now\b|\bMath\.random\b|\bprocess\b|\bawait\b|\bfetch\(|\bcrypto\b/
    // A digest depends only on its input; the rest of that module is chance.
    const withoutDigest = (text: string) =>
      text.replace(/import \{ ((createHash|createHmac|hash)(, )?)+ \} from 'node:crypto'/, '')
    expect(domain.filter(({ text }) => impure.test(code(withoutDigest(text)))).map(({ file }) => file)).toEqual([])
  })
})

/** A call of `.update(` on these is a database's, a Slack client's, a hash's, or a cipher's; on anything else, a stack's. */
const otherUpdates = /^(?:db|tx|views|chat|hash|createHash\(.*\)|createHmac\(.*\)|encrypting|decrypting)$/

describe('one door', () => {
  test('only the applier calls the update of a stack, in one place', () => {
    const calls = sources
      .filter(({ part }) => part !== 'sandbox')
      .flatMap(({ file, text }) =>
        [...code(text).matchAll(/([\w$]+|[\w$]+\([^()]*(?:\([^()]*\))?[^()]*\))\s*\??\.\s*update\??\.?\(/g)].map(
          (match) => ({ file, on: match[1]! }),
        ),
      )
      .filter(({ on }) => !otherUpdates.test(on))
    expect(calls).toEqual([{ file: 'workflow/apply/apply.ts', on: 'stackFor(change.stack)' }])
  })

  test('nobody stores the update of a stack to call it by another name', () => {
    const aside =
      /(?:const|let)\s*\{[^}]*\bupdate\b[^}]*\}\s*=|\[\s*['"`]update['"`]\s*\]|\.update\.(?:call|apply|bind)\b|[=(,]\s*[\w$.()]+\.update\s*[;,)\n]/
    const suspects = sources.filter(({ part, text }) => part !== 'sandbox' && aside.test(code(text)))
    expect(suspects.map(({ file }) => file)).toEqual([])
  })

  test('only the configuration reads the environment', () => {
    const readers = sources.filter(({ text }) =>
      /\bprocess\s*\.\s*env\b|\bloadEnvFile\b|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/.test(code(text)),
    )
    expect(readers.map(({ file }) => file)).toEqual(['config/config.ts'])
  })
})

/** The text without its comments, which may mention what the code must not use. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

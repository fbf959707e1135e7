import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { toJSONSchema } from 'zod'
import { keptMs } from '../src/app/metrics/metrics.ts'
import { longestLine } from '../src/app/short-line.ts'
import { countersign } from '../src/cli/program.ts'
import { configFile } from '../src/config/settings-file.ts'
import { defaultAuthtoken, secretVariables, variables } from '../src/config/variables.ts'
import {
  mostBytes,
  mostCharacters,
  mostLevels,
  mostListed,
  mostPages,
  mostRecords,
} from '../src/contentstack/bounds.ts'
import { mostWaiting } from '../src/contentstack/http.ts'
import { baseUrlOf, type Region, regions } from '../src/contentstack/regions.ts'
import { mostAsked } from '../src/domain/asks-an-hour.ts'
import { longestLagMs } from '../src/domain/looks/stale-look.ts'
import { readQuick } from '../src/domain/quick/command.ts'
import { quickVerbs } from '../src/domain/quick/verbs.ts'
import { mostOpen } from '../src/domain/room.ts'
import { tokenHelp } from '../src/slack/command/help-text.ts'
import { verbs } from '../src/slack/command/verbs.ts'
import { mostSetForwardMs } from '../src/steady-clock.ts'
import { countedMs } from '../src/storage/counted-ms.ts'
import { mostDrafts } from '../src/storage/draft-body.ts'
import { lockWaits } from '../src/storage/sqlite/database.ts'
import { mostLooks } from '../src/workflow/looks/look-allowance.ts'
import { staleAfterMs } from '../src/workflow/looks/moment.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const inDocs = readdirSync(new URL('../docs/', import.meta.url)).filter((name) => name.endsWith('.md'))
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...inDocs.map((name) => `docs/${name}`),
]
const readme = read('README.md')
/** Everything written for people, except the changelog. */
const docs = pages.map(read).join('\n')

function all(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1]!))].sort()
}

test('what is in the package links to nothing that is not', () => {
  const { files } = JSON.parse(read('package.json')) as { files: string[] }
  const packed = (path: string) =>
    [...files, 'README.md', 'LICENSE', 'package.json'].some((file) => path === file || path.startsWith(`${file}/`))
  const outside = pages.filter(packed).flatMap((page) => {
    const linked = all(read(page), /\]\(([^)#:]+)(?:#[^)]*)?\)/g)
    const paths = linked.map((link) => posix.join(posix.dirname(page), link))
    return paths.filter((path) => !packed(path)).map((path) => `${page}: ${path}`)
  })
  expect(outside).toEqual([])
})

test.each(variables)('the documents name the variable %s', (variable) => {
  expect(docs).toContain(`\`${variable}\``)
})

test('the documents and .env.example name no variable that the app does not read', () => {
  const named = all(docs, /`((?:SLACK|COUNTERSIGN|CONTENTSTACK|LOG)_[A-Z_]+)(?:=[^`]*)?`/g)
  const inExample = all(read('.env.example'), /^#? ?([A-Z_]+)=/gm)
  const taken = [...variables, ...[...secretVariables, defaultAuthtoken].map((name) => `${name}_FILE`)]
  expect([...named, ...inExample].filter((name) => !taken.includes(name))).toEqual([])
})

/** Every setting that the file may have, however deep. */
const settings = [...new Set(settingsOf(toJSONSchema(configFile, { io: 'input', unrepresentable: 'any' })))].sort()

function settingsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : []
  return [...own, ...Object.values(schema).flatMap(settingsOf)]
}

test.each(settings)('the documents name the setting %s, and the example shows it', (setting) => {
  expect(docs).toMatch(new RegExp(`\`[^\`]*\\b${setting}\\b[^\`]*\``))
  expect(read('countersign.example.yaml')).toMatch(new RegExp(`\\b${setting}:`))
})

test.each(verbs)('the documents and the help name the command /token %s', (verb) => {
  expect(docs).toContain(`\`/token ${verb}`)
  expect(JSON.stringify(tokenHelp())).toContain(`/token ${verb}`)
})

test('every quick command in the documents is understood', () => {
  const lines = all(docs, new RegExp(`\`/token ((?:${quickVerbs.join('|')}) [^\`]+)\``, 'g'))
  expect(lines.length).toBeGreaterThan(quickVerbs.length)
  expect(lines.filter((line) => !('command' in readQuick(line, () => false)))).toEqual([])
})

/** Everything that can be typed, for example `audit verify`. */
const commands = leavesOf(countersign())

function leavesOf({ commands }: Command, before = ''): { readonly typed: string; readonly command: Command }[] {
  return commands.flatMap((command) => {
    const typed = `${before}${command.name()}`
    return command.commands.length > 0 ? leavesOf(command, `${typed} `) : [{ typed, command }]
  })
}

test.each(commands.map(({ typed }) => typed))('the documents say how to run `countersign %s`', (typed) => {
  expect(commands.map(({ typed }) => typed)).toEqual(expect.arrayContaining(['policy check', 'change propose']))
  const [what, verb] = typed.split(' ')
  const asScript = what === 'policy' ? `${what}:${verb}` : typed.replace(' ', ' -- ')
  expect(docs).toMatch(new RegExp(`npm (run )?(--silent )?${asScript}\\b`))
})

const options = commands.flatMap(({ command }) => command.options.flatMap(({ long }) => long ?? []))

test.each([...new Set(options)])('the documents name the option %s', (option) => {
  expect(options).toContain('--lost')
  expect(docs).toMatch(new RegExp(`${option}\\b`))
})

/** Nobody types the scripts that npm runs by itself before another. */
const scripts = Object.keys(JSON.parse(read('package.json')).scripts as object).filter(
  (name) => name !== 'prestart' && name !== 'prepack',
)

test.each(scripts)('the documents name the script %s', (script) => {
  expect(docs).toMatch(new RegExp(`npm (run )?${script}\\b`))
})

test('every npm command in the documents exists', () => {
  const used = all(docs, /npm run ([a-z:]+)/g)
  expect(used.filter((script) => !scripts.includes(script))).toEqual([])
})

/** A page's links within the project, as `path` or `path#heading`. */
function linksOf(page: string): string[] {
  return all(read(page), /\]\((?!https?:)([^)\s]+)\)/g).map((link) => {
    const [path = '', heading] = link.split('#')
    const to = path === '' ? page : posix.join(posix.dirname(page), path)
    return heading === undefined ? to : `${to}#${heading}`
  })
}

function headingsOf(page: string): string[] {
  const text = read(page).replace(/```[\s\S]*?```/g, '')
  return all(text, /^#+ (.*)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/ /g, '-'),
  )
}

test.each(pages)('every picture, page and heading that %s links to exists', (page) => {
  const lost = linksOf(page).filter((link) => {
    const [path = '', heading] = link.split('#')
    if (!existsSync(new URL(`../${path}`, import.meta.url))) return true
    return heading !== undefined && !headingsOf(path).includes(heading)
  })
  expect(lost).toEqual([])
})

test('every page and heading that the program, deploy/ and the example settings name exists', () => {
  const inTree = ['src', 'deploy'].flatMap((folder) =>
    readdirSync(new URL(`../${folder}`, import.meta.url), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name}`,
    ),
  )
  const naming = inTree.filter((path) => /\.(ts|ya?ml|json|service|conf|sh)$|Dockerfile$/.test(path))
  const texts = [...naming, 'manifest.yml', 'countersign.example.yaml', '.env.example'].map(read).join('\n')
  const named = all(texts, /(docs\/[\w-]+\.md)/g)
  expect(named).toContain('docs/auditing.md')
  expect(named.filter((page) => !pages.includes(page))).toEqual([])
  const headed = [
    ...[...texts.matchAll(/"([^"\n]+)" in (docs\/[\w-]+\.md)/g)].map(([, heading, page]) => [page!, heading!]),
    ...[...texts.matchAll(/(docs\/[\w-]+\.md)(?:, | says under )"([^"\n]+)"/g)].map(([, page, heading]) => [
      page!,
      heading!,
    ]),
  ] as const
  expect(headed.length).toBeGreaterThan(4)
  expect(headed.filter(([page, heading]) => !all(read(page!), /^#+ (.*)$/gm).includes(heading!))).toEqual([])
})

test('every page of docs/ can be found from the README', () => {
  const links = linksOf('README.md').map((link) => link.split('#')[0])
  expect(pages.filter((page) => page !== 'README.md' && !links.includes(page))).toEqual([])
})

test.each(['operating', 'outages', 'outages-slack'])('docs/%s.md begins with all of its headings', (name) => {
  const page = read(`docs/${name}.md`)
  const contents = all(page.slice(0, page.indexOf('\n## ')), /^- \[(.*?)\]/gm)
  expect(contents).toEqual(all(page, /^## (.*)$/gm))
})

test('docs/operating.md lists every status of /health', () => {
  const page = read('docs/operating.md')
  const types = read('src/app/health/health-server.ts')
  const inReport = types.slice(types.indexOf('readonly status:'), types.indexOf('readonly version'))
  const statuses = [...all(inReport, /'([^']+)'/g), ...all(types, /readonly status: '([^']+)'/g)]
  expect(statuses).toEqual(expect.arrayContaining(['ok', 'starting', 'stopping']))
  for (const status of statuses) expect(page).toContain(`| \`${status}\` | ${status === 'ok' ? 200 : 503} |`)
})

test('docs/outages-slack.md leads on from every status of /health that is about Slack', () => {
  const statuses = all(read('docs/operating.md'), /^\| `([^`]*(?:Slack|listening))` \| 503 \|/gm)
  expect(statuses).toHaveLength(3)
  expect(all(read('docs/outages-slack.md'), /^\| `([^`]*)` \| \[.*\]\(#.*\) \|$/gm)).toEqual(statuses)
})

test('the pages of outages say of each what is seen and how it ends, and name tests that exist', () => {
  const outages = ['outages', 'outages-slack'].flatMap((page) => read(`docs/${page}.md`).split(/^### /m).slice(1))
  expect(outages.length).toBeGreaterThan(35)
  const incomplete = outages.filter((outage) => {
    const [, named = ''] = /^<!-- (test\/.*) -->$/m.exec(outage) ?? []
    const isNamed = named.split(', ').every((path) => existsSync(new URL(`../${path}`, import.meta.url)))
    const says = all(outage, /^- \*\*(.*?)\*\*: \S/gm)
    const isSeen = says.some((what) => ['Log', '`/health`'].includes(what))
    return named === '' || !isNamed || !says.includes('How it ends') || (!isSeen && !outage.startsWith('SIGTERM'))
  })
  expect(incomplete).toEqual([])
})

test('docs/setup.md says where an authtoken comes from in each region that it lists', () => {
  const setup = read('docs/setup.md')
  const [, listed = ''] = /^\| `stacks\[\]\.region` \| (.*) \|$/m.exec(setup) ?? []
  const names = all(listed, /`([^`]+)`/g) as Region[]
  expect(names).toHaveLength(new Set(Object.values(regions)).size)
  const said = (name: Region) => (name === 'na' ? /POST (https:.*)\/v3\/user-session/ : /`(https:\/\/REGION[^`]+)`/)
  const hosts = names.map((name) => said(name).exec(setup)?.[1]?.replace('REGION', name))
  expect(hosts).toEqual(names.map(baseUrlOf))
})

test('each page of docs/ begins with when to read it', () => {
  const begins = (name: string) => /^# .*\n\nRead this \S/.test(read(`docs/${name}`))
  expect(inDocs.length).toBeGreaterThan(10)
  expect(inDocs.filter((name) => !begins(name))).toEqual([])
})

test('only one page, in which threats are looked up, has more than 3,100 words', () => {
  const words = (page: string) => read(page).split(/\s+/).length
  const long = pages.filter((page) => words(page) > 3100)
  expect(long).toEqual(['docs/threat-model.md'])
})

test('the README is read in five minutes', () => {
  expect(readme.split(/\s+/).length).toBeLessThan(1500)
})

test('the five rules that docs/policy.md explains are those of the demo and of the example settings', async () => {
  const { demoPolicy } = await import('../src/cli/demo/workspace.ts')
  const names = demoPolicy.rules.map(({ name }) => name)
  const example = parse(read('countersign.example.yaml')).policy.rules as { name: string; when?: object }[]
  expect(example.map(({ name }) => name)).toEqual(names)
  expect(example.map(({ when }) => when)).toEqual(demoPolicy.rules.map(({ when }) => when))
  for (const name of names) expect(docs).toContain(`**${name}**`)
})

test('the app accepts the example settings', async () => {
  const { loadConfig } = await import('../src/config/config.ts')
  const env = {
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    CONTENTSTACK_AUTHTOKEN: 'a',
    COUNTERSIGN_CONFIG: 'countersign.example.yaml',
  }
  expect(loadConfig(env).stacks.map((stack) => stack.name)).toEqual(['website'])
  const commented = read('countersign.example.yaml').replace(/^(\s*)# (\s*[a-z_]+:)/gm, '$1$2')
  expect(parse(commented).timing).toEqual({ write_timeout: 10, lease: 45, arrival: 900, sweep: 5 })
})

const threats = all(read('docs/threat-model.md'), /`(test\/[\w/.-]+)`/g)

test.each(threats)('the threat model points at a test that exists: %s', (path) => {
  expect(threats.length).toBeGreaterThan(20)
  expect(() => read(path)).not.toThrow()
})

test('every threat is prevented, limited, detected or said to be out of reach', () => {
  const rows = [...read('docs/threat-model.md').matchAll(/^\| (?!what|---).*$/gm)].map(([row]) => row)
  const answered = /\| (\*\*out of reach\*\*|prevents|detects|limits)/
  expect(rows.filter((row) => !answered.test(row))).toEqual([])
})

test('the limits in docs/limits.md are those of the code', () => {
  const limits = read('docs/limits.md')
  const inWords = (number: number) => number.toLocaleString('en')
  expect(limits).toContain(`${inWords(mostRecords)} records, ${mostPages} pages, ${mostListed / 2 ** 20} MB`)
  expect(limits).toContain(`after it is unpacked | ${mostBytes / 2 ** 20} MB`)
  expect(limits).toContain(`${mostCharacters / 2 ** 10} kB, nested ${mostLevels} levels deep`)
  expect(limits).toContain(`within a minute | ${mostLooks} |`)
  expect(limits).toContain(`wait for their turn | ${mostWaiting} |`)
  expect(limits).toContain(`of one person | ${mostOpen.ofRequester} |`)
  expect(limits).toContain(`within an hour | ${mostAsked} |`)
  expect(limits).toContain(`of one token | ${mostOpen.ofToken} |`)
  expect(limits).toContain(`are kept | ${mostDrafts}, each for 7 days`)
  expect(limits).toContain(`within ${countedMs / 60_000} minutes`)
  expect(limits).toContain(`a line of the app's log | ${longestLine / 2 ** 10} kB`)
  expect(limits).toContain(`that are made | one in ${keptMs / 1000} seconds`)
  expect(limits).toContain(`at a terminal | ${lockWaits.patient / 1000} seconds`)
})

test('the documents say as the code does how long something can be missed', () => {
  const limits = read('docs/limits.md').replace(/\s+/g, ' ')
  const named = new Map([
    [60_000, 'a minute'],
    [15 * 60_000, 'a quarter of an hour'],
    [24 * 60 * 60_000, 'a day'],
  ])
  expect(limits).toContain(`about once ${named.get(staleAfterMs)} while anything is open`)
  expect(docs.replace(/\s+/g, ' ')).toContain(`if the last look at them is more than ${named.get(staleAfterMs)} old`)
  expect(limits).toContain(`a look that is more than ${longestLagMs / 60_000} minutes out of date: it is trusted`)
  expect(limits).toContain(`for ${named.get(longestLagMs)} after somebody has set the clock`)
  expect(limits).toContain(`by more than ${named.get(mostSetForwardMs)}, the update is not waited for either`)
})

test('every file that ARCHITECTURE.md names exists', () => {
  const named = all(read('ARCHITECTURE.md'), /`([\w/-]+\.ts)`/g)
  expect(named.length).toBeGreaterThan(20)
  const there = (path: string) => existsSync(new URL(`../${path}`, import.meta.url))
  expect(named.filter((path) => !there(path) && !there(`src/${path}`))).toEqual([])
})

test('every script in findings/ has its line in the README there, and no other does', () => {
  const scripts = readdirSync(new URL('../findings/', import.meta.url)).filter((name) => name !== 'README.md')
  expect(all(read('findings/README.md'), /^- \[[^\]]+\]\(([^)]+)\): /gm)).toEqual(scripts.sort())
})

test('every test that a page names exists', () => {
  const named = all(docs, /`(test\/[\w/.-]+\.ts)`/g)
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((path) => !existsSync(new URL(`../${path}`, import.meta.url)))).toEqual([])
})

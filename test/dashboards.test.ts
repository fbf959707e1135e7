import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { metricNames } from './support/metrics.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

const dashboard = JSON.parse(read('deploy/grafana.json')) as {
  panels: { title: string; gridPos: Record<'x' | 'y' | 'w' | 'h', number>; targets: { expr: string }[] }[]
}
const alerts = parse(read('deploy/alerts.yml')) as { groups: { rules: { alert: string; expr: string }[] }[] }
const rules = alerts.groups.flatMap((group) => group.rules)

/** The metrics that queries name; those of a histogram by its name. */
function named(queries: readonly string[]): string[] {
  const names = queries.flatMap((query) => query.match(/\bcountersign_[a-z_]+/g) ?? [])
  return [...new Set(names.map((name) => name.replace(/_(bucket|sum|count)$/, '')))].sort()
}

test('the dashboard shows each metric that the app gives, and no other', async () => {
  const shown = named(dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)))
  expect(shown).toEqual(await metricNames())
})

test('the alerts go by metrics that the app gives', async () => {
  const given = await metricNames()
  expect(rules.length).toBeGreaterThan(10)
  for (const { alert, expr } of rules) {
    expect(named([expr]).length, alert).toBeGreaterThan(0)
    expect(given, alert).toEqual(expect.arrayContaining(named([expr])))
  }
})

test('docs/metrics.md has a line for each metric, and for each alert what to do', async () => {
  const page = read('docs/metrics.md')
  const inTable = [...page.matchAll(/^\| `(countersign_[a-z_]+)/gm)].map(([, name]) => name)
  expect(inTable.toSorted()).toEqual(await metricNames())
  for (const { alert } of rules) expect(page).toContain(`\`${alert}\``)
})

test('no two panels of the dashboard lie on each other', () => {
  const overlap = dashboard.panels.flatMap(({ gridPos: a, title }, i) =>
    dashboard.panels
      .slice(i + 1)
      .filter(({ gridPos: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
      .map((other) => `${title} and ${other.title}`),
  )
  expect(overlap).toEqual([])
})

test.skipIf(!hasPromtool())('promtool accepts the alerts', () => {
  const path = new URL('../deploy/alerts.yml', import.meta.url).pathname
  expect(execFileSync('promtool', ['check', 'rules', path], { encoding: 'utf8' })).toContain(
    `${rules.length} rules found`,
  )
})

function hasPromtool(): boolean {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type ReportOptions, tellReport } from '../../../src/cli/report/report.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { historyFile } from '../../support/audited.ts'
import { emptyDatabase, rawConnection, temporaryFile } from '../../support/file.ts'
import { fileOfTheFirstRelease } from '../../support/first-release.ts'
import { startWorld } from '../../support/journey.ts'
import { runCommand } from '../../support/process.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { atTerminalOf } from '../../support/terminal.ts'
import { alice, proposal, requirement } from '../../support/world.ts'

const ciDeploy = 'blt5c1de0000000a001'
const policy = {
  rules: [
    { name: 'shared', when: { token: ['preview-*'] }, all_of: [{ from: 'U0BOB' }, { from: 'U0CAROL' }] },
    { name: 'approvers', approvers: ['U0BOB', 'U0CAROL'] },
  ],
}

let made: Buffer | undefined

/**
 * A database in which #1 was applied 3 hours and 20 minutes after it was asked for, #2 rejected, #3 edited after an approval,
 * and #4 stopped since its token had moved, all on the website, which was renamed `site` since. Made once.
 */
async function journeyFile(): Promise<string> {
  made ??= readFileSync(await madeByPeople())
  const path = temporaryFile()
  writeFileSync(path, made)
  return path
}

async function madeByPeople(): Promise<string> {
  const world = await startWorld({ transport: 'socket', config: { policy } })
  const { alice, bob, slack, stack } = world
  const first = await alice.asksFor('ci-deploy', { description: 'New' })
  world.passes(12_000)
  await bob.approves(first)
  await slack.waitFor(() => /was applied/.test(bob.card(first).text), 'the outcome')
  await bob.rejects(await alice.asksFor('ci-deploy', { name: 'ci' }), 'Not now')
  const shared = await alice.asksFor('preview-reader', { description: 'Newer' })
  await bob.approves(shared)
  await slack.waitFor(() => bob.readsCard(shared).includes('waiting for 1 more approval'), 'the approval')
  await alice.amends(alice.card(shared), { description: 'Newest' })
  const last = await alice.asksFor('ci-deploy', { name: 'ci' })
  stack.edit(ciDeploy, { description: 'By hand' })
  await bob.approves(last)
  await slack.waitFor(() => bob.readsCard(last).includes('was stopped'), 'the stop')
  await world.restarts({ name: 'site', policy })
  const path = temporaryFile()
  rawConnection(world.config.database).prepare('vacuum into ?').run(path)
  return path
}

function reports(path: string, options: Partial<ReportOptions> = {}, columns: number | null = null) {
  const asked = { since: '90d', format: 'table', ...options }
  return atTerminalOf({ COUNTERSIGN_DB: path }, (terminal) => tellReport(asked, terminal), columns)
}

/** Each line's cells: two spaces or more are between them. */
const cellsOf = (out: string) => out.split('\n').map((line) => line.split(/ {2,}/))

describe('countersign report', () => {
  test('tells in tables what came of the changes under each rule, in words that people use', async () => {
    const { ok, out, err } = await reports(await journeyFile())
    expect([ok, err]).toEqual([true, ''])
    expect(out).toMatch(/^Changes asked for from \d{4}-\d\d-\d\d \d\d:\d\d UTC to \d{4}-\d\d-\d\d \d\d:\d\d UTC:\n/)
    const cells = cellsOf(out)
    expect(cells.slice(2, 5)).toEqual([
      ['STACK', 'RULE', 'ASKED', 'APPLIED', 'FAILED', 'REJECTED', 'CANCELLED', 'EXPIRED', 'OPEN'],
      ['site', 'approvers', '3', '1', '0', '1', '0', '0', '1'],
      ['site', 'shared', '1', '0', '0', '0', '0', '0', '1'],
    ])
    const length = expect.stringMatching(/^\d+ s$|^\d+ min( \d+ s)?$/)
    const long = expect.stringMatching(/^3 h 2\d min$/)
    expect(cells.slice(6, 9)).toEqual([
      ['STACK', 'RULE', 'P50 DECIDED', 'P95 DECIDED', 'P50 ENDED', 'P95 ENDED', 'VOIDED', 'DRIFTS'],
      ['site', 'approvers', length, long, length, long, '0', '1'],
      ['site', 'shared', length, length, '-', '-', '1', '0'],
    ])
  })

  test('fits a terminal of 80 columns, and its headings can be told apart', async () => {
    const { out } = await reports(await journeyFile(), {}, 80)
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
    const [, , head = [], , , , other = []] = cellsOf(out)
    for (const heads of [head, other]) expect(new Set(heads).size).toBe(heads.length)
  })

  test('writes one document in json, with whole seconds, and null where there is nothing', async () => {
    const { out } = await reports(await journeyFile(), { format: 'json' })
    const { since, until, rows } = JSON.parse(out)
    expect(Date.parse(until) - Date.parse(since)).toBe(90 * 86_400_000)
    const [approvers, shared] = rows
    expect(rows).toHaveLength(2)
    expect(Object.keys(approvers)).toEqual(Object.keys(shared))
    expect(approvers).toMatchObject({ stack: 'site', rule: 'approvers', asked: 3, applied: 1, rejected: 1, open: 1 })
    expect(approvers.p95SecondsToEnd).toBeGreaterThanOrEqual(12_000)
    expect(Number.isInteger(approvers.p50SecondsToFirstDecision)).toBe(true)
    expect(shared).toMatchObject({ p50SecondsToEnd: null, p95SecondsToEnd: null, voidedApprovals: 1, drifts: 0 })
  })

  test('writes csv that spreadsheets read, with the names and numbers of the json', async () => {
    const path = await journeyFile()
    const { rows } = JSON.parse((await reports(path, { format: 'json' })).out)
    const { code, out, err } = await runCommand(['report', '--format', 'csv'], { COUNTERSIGN_DB: path })
    expect([code, err]).toEqual([0, ''])
    const lines = rows.map((row: object) => Object.values(row).map((value) => value ?? ''))
    expect(out).toBe([Object.keys(rows[0]), ...lines].map((cells) => `${cells.join(',')}\r\n`).join(''))
  })

  test('takes a stack by the name that people use for it', async () => {
    const path = await journeyFile()
    const all = await reports(path, { format: 'csv' })
    expect((await reports(path, { format: 'csv', stack: 'site' })).out).toBe(all.out)
    expect(await reports(path, { stack: 'shop' })).toMatchObject({
      ok: false,
      out: '',
      err: 'There is no stack "shop" in this log; there is site. Nothing was reported.',
    })
  })

  test('leaves out the other stacks when one is named, even if no start has recorded them', async () => {
    const path = emptyDatabase()
    const store = openStore(path)
    for (const stack of ['website', 'shop'])
      await store.open({ type: 'proposed', at: '2026-06-01T09:00:00.000Z', ...proposal({ stack }) }, alice, stack)
    store.close()
    const { out } = await reports(path, { format: 'json', stack: 'shop' })
    expect(JSON.parse(out).rows).toMatchObject([{ stack: 'shop', asked: 1 }])
    expect((await reports(path, { stack: 'docs' })).err).toContain('in this log; there is shop, website.')
  })

  test('works while the app runs, and writes nothing', async () => {
    const { alice, env, store } = await startWorld({ transport: 'socket' })
    await alice.asksFor('ci-deploy', { name: 'ci' })
    const { size } = await store.checkpoint()
    const { out } = await atTerminalOf(env, (terminal) =>
      tellReport({ since: '1d', format: 'json', stack: 'website' }, terminal),
    )
    expect(JSON.parse(out).rows).toMatchObject([{ stack: 'website', rule: 'approvers', asked: 1, open: 1 }])
    expect((await store.checkpoint()).size).toBe(size)
  })
})

describe('of a log without such changes', () => {
  test.each([
    ['table', /^No changes were asked for from 2026-06-01 00:00 UTC to .* UTC\.$/],
    ['csv', /^stack,rule,asked,.*,voidedApprovals,drifts\r$/],
    ['json', /"since": "2026-06-01T00:00:00\.000Z",[^[]*"rows": \[\]/],
  ])('a report as %s says so', async (format, words) => {
    const { ok, out } = await reports(emptyDatabase(), { format, since: '2026-06-01' })
    expect([ok, out]).toEqual([true, expect.stringMatching(words)])
  })

  test('a stack that is named is reported on', async () => {
    const { path } = await historyFile()
    const all = await reports(path, { since: '2026-06-01', stack: 'website' })
    expect(all.out).toContain('website  approvers  4')
    const none = await reports(await journeyFile(), { since: '2100-01-01', stack: 'site' })
    expect(none.out).toMatch(/^No changes were asked for from 2100-01-01 00:00 UTC to .* UTC on site\.$/)
  })
})

test.each([
  ['2026-06-01', 4],
  ['2026-06-01T09:00:00Z', 4],
  ['2026-06-01T11:00:00+02:00', 4],
  ['2026-06-01T09:00:01Z', 0],
  ['9999w', 4],
  ['9999d', 4],
])('--since %s is understood', async (since, asked) => {
  const { path } = await historyFile()
  const { rows } = JSON.parse((await reports(path, { since, format: 'json' })).out)
  expect(rows.reduce((sum: number, row: { asked: number }) => sum + row.asked, 0)).toBe(asked)
})

describe('nothing is reported, and it is said why, with', () => {
  const since =
    'give a length such as 90d or 12w, a day such as 2026-06-01, or an instant such as 2026-06-01T09:00:00Z. Nothing was reported.'
  test.each([...['yesterday', '90', '0d', '-5d', '90 d', '10000d', '3h', '2026-02-30', '2026-6-1', '']])(
    'the time "%s"',
    async (given) => {
      expect(await reports(emptyDatabase(), { since: given })).toEqual({
        ok: false,
        out: '',
        err: `--since ${given} can't be read: ${since}`,
      })
    },
  )

  test('a format that there is not', async () => {
    const { ok, err } = await reports(emptyDatabase(), { format: 'xml' })
    expect([ok, err]).toEqual([false, '--format xml is not one of table, csv and json. Nothing was reported.'])
  })

  test('a file that is not there, is something else, or is of another version', async () => {
    const [text, first, newer] = [temporaryFile(), temporaryFile(), emptyDatabase()]
    writeFileSync(text, 'not a database, for all its length')
    fileOfTheFirstRelease(first).close()
    rawConnection(newer).exec('update __drizzle_migrations set created_at = created_at * 2')
    for (const [path, words] of [
      ['/nowhere/at.db', /does not exist: set COUNTERSIGN_DB/],
      [text, /can't be read as a Countersign database/],
      [first, /is from an older Countersign.* For a backup, run this with the version that wrote it/],
      [newer, /was written by a newer Countersign: run this with that version/],
    ] as const) {
      const { ok, out, err } = await reports(emptyDatabase(), { db: path })
      expect([ok, out, err]).toEqual([false, '', expect.stringMatching(words)])
    }
  })

  test('an entry that was made unreadable, by its number', async () => {
    const { path } = await historyFile()
    const raw = rawConnection(path)
    pastTheTriggers(raw, () => raw.exec(`update audit_events set body = '{' where seq = 2`))
    expect(await reports(path, { since: '2026-06-01' })).toMatchObject({
      ok: false,
      out: '',
      err: expect.stringMatching(/^Entry #2 of the log is marked as proposed, but can't be read as that\./),
    })
  })
})

test('a rule that is called like a formula or a command to the terminal is only a text', async () => {
  const path = emptyDatabase()
  const store = openStore(path)
  const rule = '=HYPERLINK("x")\u001b[2J'
  const asked = proposal({ requirement: { ...requirement(), rule } })
  await store.open({ type: 'proposed', at: '2026-06-01T09:00:00.000Z', ...asked }, alice, 'view-1')
  store.close()
  const [csv, table] = await Promise.all(['csv', 'table'].map((format) => reports(path, { format })))
  expect(csv?.out).toContain(`website,"'=HYPERLINK(""x"")⟨U+001B⟩[2J",1,`)
  expect(table?.out).toContain('website  =HYPERLINK("x")⟨U+001B⟩[2J  1')
})

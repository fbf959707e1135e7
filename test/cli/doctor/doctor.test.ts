import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { lookAll } from '../../../src/cli/doctor/finding.ts'
import { auditKey, checkpointOf } from '../../../src/domain/audit/chain.ts'
import type { Fact } from '../../../src/domain/audit/fact.ts'
import { httpReceiver } from '../../../src/slack/link/http-receiver.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { stacksAtStart } from '../../../src/workflow/looks/known-stacks.ts'
import { startBolt, startWebApi } from '../../slack/workspace.ts'
import { contents, type Environment, inShort, startPatient } from '../../support/checkup.ts'
import { databaseBefore, rawConnection } from '../../support/file.ts'
import { ghosts } from '../../support/listening.ts'
import { freePort } from '../../support/port.ts'
import { runCommand } from '../../support/process.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { alice, proposal, settings } from '../../support/world.ts'

/** Runs `countersign doctor` in its own process, with these variables and no others. */
function run(args: readonly string[], env: Environment) {
  return runCommand(['doctor', ...args], env)
}

/** The lines of the output as their level and area, or as what to do. */
function shapeOf(answer: string): string[] {
  return answer
    .trim()
    .split('\n')
    .map(
      (line) =>
        /^(?:ok|warning|error) +[a-z]+(?:[: ]+[a-z]+)*(?= {2})|^ +→|^$|^(?:no|\d+) error.*$/.exec(line)?.[0] ?? line,
    )
    .map((line) => line.replace(/ {2,}/g, '  '))
}

/** How each finding begins, without paths and numbers. The anchors are left out: what is said depends on the log. */
function beginningsOf(answer: string): string[] {
  const findings = [...answer.matchAll(/^(?:ok|warning|error) +(.*?) {2,}(.*)$/gm)]
  const words = (said: string) => said.split(' ').filter((word) => !/[/.:\d]/.test(word))
  return findings
    .map(([, area, said]) => `${area}: ${words(said!).slice(0, 3).join(' ')}`)
    .filter((one) => !/^anchors/.test(one))
}

describe('on the command line', () => {
  test('all is well: it says so as docs/operating.md shows, ends with 0 and changes nothing', async () => {
    const { env, folder, makeDatabase, slack, stack } = await startPatient()
    await makeDatabase()
    const before = contents(folder)
    const { code, out, err } = await run([], env)
    expect([code, err]).toEqual([0, ''])
    expect(contents(folder)).toEqual(before)
    const sample = /```\n(ok {2,}node[^`]*)```/.exec(readFileSync('docs/operating.md', 'utf8'))?.[1] ?? ''
    expect(shapeOf(out)).toEqual(shapeOf(sample))
    expect(beginningsOf(out)).toEqual(beginningsOf(sample))
    const harmless = /^(auth\.test|apps\.connections\.open|(conversations|users)\.info|usergroups\.(users\.)?list)$/
    expect(slack.calls.filter(({ method }) => !harmless.test(method))).toEqual([])
    expect(slack.connections).toBe(0)
    expect(stack.requests.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('much is wrong: each thing is said with what to do, and it ends with 1', async () => {
    const { env, config, slack } = await startPatient()
    slack.scopes.delete('chat:write')
    const { COUNTERSIGN_CONFIG: _, ...others } = env
    const { code, out, err } = await run(['--config', config], { ...others, CONTENTSTACK_AUTHTOKEN: 'bltWRONG' })
    expect([code, err]).toEqual([1, ''])
    expect(out).toMatch(/^error {2,}slack scopes {2,}The app lacks the scope chat:write\.\n +→ Paste manifest\.yml/m)
    expect(out).toMatch(/^error {2,}website: credential {2,}Contentstack doesn't accept the authtoken/m)
    expect(out).toMatch(/\n\n2 errors, 1 warning\.\n$/)
  })

  test('what cannot be run at all ends with 2', async () => {
    const { code, err } = await run(['--cure'], {})
    expect([code, err]).toEqual([2, "error: unknown option '--cure'\n"])
  })
})

describe('the machine', () => {
  test.each([
    ['an old Node', { node: '22.9.0' }, 'node', 'error Node 22.9.0 is too old. → Use Node 24 or newer;'],
    ['little room', { freeBytes: async () => 999_000_000 }, 'disk', 'warning The disk of '],
    ['no room', { freeBytes: async () => 99_000_000 }, 'disk', 'error The disk of '],
    ['a folder that it may not write', { canWrite: async () => false }, 'folder', 'error Nothing can be written in '],
  ])('%s is reported', async (_, machine, area, words) => {
    const { look } = await startPatient()
    expect((await look({ machine })).of(area)).toEqual([expect.stringContaining(words)])
  })

  test('if nothing can be written, the disk may be mounted for reading, and its room is not the trouble', async () => {
    const { look } = await startPatient()
    const { of } = await look({ machine: { canWrite: async () => false, freeBytes: async () => 1 } })
    expect(of('folder')[0]).toMatch(
      /→ Let the user that Countersign runs as .* on a disk that is mounted for writing\./,
    )
    expect(of('disk')).toEqual([])
  })

  test('a missing folder is an error, and one that everybody can read is a warning', async () => {
    const { look, folder, config } = await startPatient()
    const elsewhere = await look({ env: { COUNTERSIGN_DB: join(folder, 'nowhere', 'countersign.db') } })
    expect(elsewhere.code).toBe(1)
    expect(elsewhere.findings.filter(({ says }) => says.includes('nowhere')).map(inShort)).toEqual([
      expect.stringMatching(/^ok .*nowhere.countersign\.db is not there yet/),
      expect.stringMatching(/^error COUNTERSIGN_DB is in .*nowhere, which is not there: make it/),
    ])
    const file = await look({ env: { COUNTERSIGN_DB: join(config, 'countersign.db') } })
    expect(file.of('folder')).toEqual([expect.stringMatching(/^error .* is not a folder.* → Set COUNTERSIGN_DB/)])
    chmodSync(folder, 0o777)
    const warned = await look()
    expect([warned.code, warned.of('folder')]).toEqual([
      0,
      [`warning Everybody on this machine can put another database in ${folder}. → chmod o-w ${folder}`],
    ])
    chmodSync(folder, 0o1777)
    expect((await look()).of('folder')).toEqual([`ok Countersign can write in ${folder}.`])
  })
})

describe('the database', () => {
  test('a missing one is fine, and is not created', async () => {
    const { look, database } = await startPatient()
    expect((await look()).of('database')).toEqual([`ok ${database} is not there yet: it is made at the first start.`])
    expect(existsSync(database)).toBe(false)
  })

  test('one whose log was edited is not called sound: only verifying shows that', async () => {
    const { look, database, makeDatabase } = await startPatient()
    await makeDatabase()
    const raw = rawConnection(database)
    pastTheTriggers(raw, () => raw.exec(`update audit_events set actor = 'U0NOBODY'`))
    expect((await look()).of('database')).toEqual([`ok ${database} is not damaged, and is up to date.`])
  })

  test('it can be looked at while the app runs, and after the app was killed', async () => {
    const { look, database, folder, makeDatabase } = await startPatient()
    await makeDatabase()
    const store = openStore(database)
    await store.note({ type: 'stopped' }, 'U0BOB', null)
    const killed = join(folder, 'killed.db')
    for (const end of ['', '-wal', '-shm']) copyFileSync(database + end, killed + end)
    const restored = join(folder, 'restored.db')
    for (const end of ['', '-wal']) copyFileSync(database + end, restored + end)
    for (const path of [database, killed, restored]) {
      const { [`${path}-shm`]: _, ...before } = contents(folder)
      const { of } = await look({ env: { COUNTERSIGN_DB: path } })
      expect(of('database')).toEqual([`ok ${path} is not damaged, and is up to date.`])
      expect(of('slack command')).toEqual([expect.stringMatching(/^ok Somebody last used Countersign in Slack/)])
      expect(Object.keys(contents(folder))).toEqual(Object.keys(before))
      expect(contents(folder)).toMatchObject(withoutIndexes(before))
    }
    store.close()
  })

  test('damage is an error', async () => {
    const { look, database, makeDatabase } = await startPatient()
    await makeDatabase()
    const sound = readFileSync(database)
    const raw = rawConnection(database)
    const ofIndex = raw
      .prepare("select rootpage from sqlite_master where name = 'audit_events_by_change'")
      .pluck()
      .get()
    raw.close()
    const index = (Number(ofIndex) - 1) * 4096
    const damaged = {
      'an index that has lost its entries': Buffer.from(sound).fill(0, index + 3, index + 5),
      'a schema that is none': Buffer.from(sound).fill(0x1b, 4096 - 64, 4096),
      'no database at all': Buffer.from('This is a letter, and no database. '.repeat(200)),
    }
    for (const [name, bytes] of Object.entries(damaged)) {
      writeFileSync(database, bytes)
      const { code, of } = await look()
      expect([name, code, of('database')[0]]).toEqual([
        name,
        1,
        expect.stringMatching(/^error .* is damaged: .* backup/),
      ])
      const todo = name.startsWith('an index') ? 'it rebuilds the index' : 'Stop Countersign'
      expect(of('database').join()).toContain(todo)
      expect(of('database').join()).not.toContain('\x1b')
      if (name.startsWith('no database'))
        expect(of('slack command').join()).toMatch(/^warning .* this app: the audit log, .*, could not be read\. →/)
    }
  })

  test("a change that can't be read is an error that names it", async () => {
    const { look, database, makeDatabase } = await startPatient()
    await makeDatabase()
    rawConnection(database).exec(`
      insert into change_requests (id, stack, token_uid, requester, status, revision, state, origin, seq, due_at)
      values (41, 'website', 't1', 'U0X', 'pending', 1, '{}', 'planted', 1, '2026-06-01')`)
    const { code, of } = await look()
    expect(code).toBe(1)
    expect(of('database')).toEqual([expect.stringMatching(/^error .* has a change #41 that can't be read/)])
  })

  test('a last entry that nothing can be appended to is an error', async () => {
    const { look, database, makeDatabase } = await startPatient()
    await makeDatabase()
    rawConnection(database).exec(
      `insert into audit_events (seq, at, actor, type, body) values (9000000, '', 'app', 'stopped', '{}')`,
    )
    const { code, of } = await look()
    expect(code).toBe(1)
    expect(of('audit key')).toEqual([expect.stringMatching(/^error .*can't be continued.* #9000000, does not follow/)])
  })

  test('one of a newer Countersign is an error, one of an older is migrated', async () => {
    const { look, database, makeDatabase } = await startPatient()
    const { raw: older } = databaseBefore('_sent_and_missing', database)
    expect((await look()).of('database')).toEqual([
      expect.stringMatching(/^ok .* brought up to date .* \(\d to go\)\.$/),
    ])
    older.close()
    await makeDatabase()
    rawConnection(database).exec('update __drizzle_migrations set created_at = created_at + 1')
    const { code, of } = await look()
    expect([code, of('database')]).toEqual([1, [expect.stringMatching(/^error .* written by a newer Countersign/)]])
  })

  test('open changes of a stack that is not configured are reported, and its tokens', async () => {
    const { look, database, configure, makeDatabase, stack } = await startPatient()
    await makeDatabase()
    const store = openStore(database)
    const start = async (name: string, apiKey: string) =>
      store.noteAll((await stacksAtStart(store, [{ name, apiKey }])).news, 'app')
    await start('website', stack.apiKey)
    await store.rememberTokens('website', [{ stack: 'website', uid: 't1', settings: settings() }], '2026-06-01')
    expect((await look()).of('stacks')).toEqual(['ok All open changes and tokens belong to configured stacks.'])
    configure({ name: 'site' })
    expect((await look()).of('stacks')).toEqual(['ok All open changes and tokens belong to configured stacks.'])
    configure({ name: 'shop', api_key: 'blt0an0ther' })
    expect((await look()).of('stacks')).toEqual([
      'ok The stack website is not configured, so its tokens and changes are set aside: 1 token, and no open change.',
    ])
    await store.open({ type: 'proposed', at: '2026-06-01T09:00:00.000Z', ...proposal() }, 'U0ALICE', 'one')
    const { of } = await look()
    store.close()
    expect(of('stacks')).toEqual([
      'warning The stack website is not configured, so its tokens and changes are set aside, including its open changes: #1. → Put it back with its api_key, or cancel them: npm run change -- cancel.',
    ])
  })

  test('one that defines something other than what the app made is an error, each with what to do', async () => {
    const { look, database, makeDatabase } = await startPatient()
    await makeDatabase()
    rawConnection(database).exec(`drop trigger audit_events_stay; drop index change_requests_by_status;
      create trigger quiet before insert on audit_events begin select raise(ignore); end`)
    const { code, of } = await look()
    expect(code).toBe(1)
    expect(of('database')).toEqual([
      expect.stringMatching(/^error .*"quiet" on "audit_events" was planted\. → .*drop trigger quiet;$/),
      expect.stringMatching(
        /^error .*"change_requests_by_status".* was dropped\. → Start Countersign, which puts it back/,
      ),
      expect.stringMatching(
        /^error .*"audit_events_stay".* was dropped\. → .*put it back: CREATE TRIGGER `audit_events_stay`/,
      ),
    ])
  })

  test('a log written with another AUDIT_KEY, or with one where there is none, is an error, and a missing key that open changes need is a warning', async () => {
    const { look, database, env } = await startPatient()
    const before = auditKey('the key that the log is written with')!
    const store = openStore(database, undefined, before)
    await store.note({ type: 'stopped' }, 'app', null)
    await store.open({ type: 'proposed', at: new Date().toISOString(), ...proposal() }, alice, 'view-1')
    store.close()
    const without = await look({ env: { AUDIT_KEY: '' } })
    expect([without.code, without.of('audit key')]).toEqual([
      1,
      [expect.stringMatching(/^error .*AUDIT_KEY is not set/)],
    ])
    expect((await look()).of('audit key')[0]).toMatch(
      /^error .*#2, was not written with AUDIT_KEY but with another key/,
    )
    const turned = await look({ env: { AUDIT_KEY_PREVIOUS: 'the key that the log is written with' } })
    expect(turned.of('audit key')).toEqual(['ok AUDIT_KEY is set.'])
    const since = openStore(database, undefined, auditKey(env.AUDIT_KEY!), [before])
    await since.note({ type: 'started', version: '1' }, 'app', null)
    since.close()
    expect((await look()).of('audit key')).toEqual([
      'ok AUDIT_KEY is set.',
      expect.stringMatching(`^warning .*\\(#1\\).*the key ${before.id}.* → Add that key to AUDIT_KEY_PREVIOUS`),
    ])
  })

  test('one that cannot be written is an error', async () => {
    const { look, database, makeDatabase } = await startPatient()
    await makeDatabase()
    const { of } = await look({ machine: { canWrite: async (path) => path !== database } })
    expect(of('database')[0]).toMatch(/^error .* can't be written, so nothing could be recorded/)
    expect(of('folder')[0]).toMatch(/^ok/)
  })
})

describe('anchors', () => {
  const known = async (database: string, events: readonly { at: string; event: Fact }[]) => {
    let at = ''
    const store = openStore(database, () => new Date(at))
    for (const one of events) {
      at = one.at
      await store.note(one.event, 'app', null)
    }
    store.close()
  }
  const anchored = { at: '2026-06-01T09:00:00.000Z', size: 1 }
  const stopped = { type: 'stopped' } as const
  const noted = { type: 'log_anchored', places: { file: anchored, thread: anchored } } as const
  const now = () => new Date('2026-06-01T12:00:00.000Z')

  test('it says how old the last one at each place is, and lists none that is no longer set', async () => {
    const { look, database, configure } = await startPatient()
    const file = join(database, '..', 'anchors.ndjson')
    configure({}, { anchors: { file } })
    const events = [stopped, { ...noted, places: { ...noted.places, webhook: anchored } }]
    await known(
      database,
      events.map((event) => ({ at: anchored.at, event })),
    )
    expect((await look({ now })).of('anchors')).toEqual([
      expect.stringMatching(
        /^ok The last anchor in "file" that the log knows of is from 2026-06-01T09:00.*, about 3 hours ago: entry #1\.$/,
      ),
      expect.stringMatching(/^ok The last anchor in a thread in Slack/),
      expect.stringMatching(/^warning The log was not checked against .*anchors\.ndjson is not there, although/),
    ])
    writeFileSync(file, '')
    expect((await look({ now })).of('anchors')).toHaveLength(2)
  })

  test('one that the log does not bear out is an error that says what to do', async () => {
    const { look, database, makeDatabase, configure, folder } = await startPatient()
    await makeDatabase()
    const file = join(folder, 'anchors.ndjson')
    configure({}, { anchors: { file } })
    const anchor = checkpointOf(24, 'f'.repeat(64), auditKey('a-key-of-the-tests-of-forty-characters-00'))
    writeFileSync(file, JSON.stringify({ ...anchored, ...anchor }))
    const { of, code } = await look()
    expect([code, of('anchors').at(-1)]).toEqual([
      1,
      expect.stringMatching(/^error .*entry #24 of 2026.*put-back --anchors/),
    ])
    expect(existsSync(`${database}-shm`)).toBe(false)
  })

  test('one that the log is hours ahead of, and a place that never got one, are warnings', async () => {
    const { look, database, configure } = await startPatient()
    configure({}, { anchors: { file: join(database, '..', 'anchors.ndjson'), syslog: 'udp://localhost' } })
    await known(database, [
      { at: anchored.at, event: stopped },
      { at: anchored.at, event: noted },
      { at: '2026-06-01T11:30:00.000Z', event: stopped },
    ])
    expect((await look({ now })).of('anchors')).toEqual([
      expect.stringMatching(/^warning The last anchor in "file".* → Look for the reason in the log of the app/),
      expect.stringMatching(/^ok .*thread/),
      expect.stringMatching(/^warning As far as the log knows, no anchor is kept in "syslog"/),
      expect.stringContaining('is not there, although'),
    ])
  })
})

describe('who else can read files', () => {
  test('the database, a secret and the settings each get their own sentence, with the chmod to type', async () => {
    const { look, database, config, folder, makeDatabase, slack } = await startPatient()
    await makeDatabase()
    const secret = join(folder, 'bot-token')
    writeFileSync(secret, slack.botToken)
    const env = { SLACK_BOT_TOKEN: '', SLACK_BOT_TOKEN_FILE: secret }
    const environment = join(folder, '.env')
    writeFileSync(environment, 'AUDIT_KEY=')
    chmodSync(environment, 0o644)
    chmodSync(database, 0o644)
    chmodSync(config, 0o666)
    chmodSync(secret, 0o440)
    const open = await look({ env })
    expect([open.code, open.of('file rights')]).toEqual([
      0,
      [
        `warning ${config}, which says who may approve, can be edited by others on this machine. → chmod 644 ${config}`,
        `warning ${secret} is open to others on this machine. → chmod 400 ${secret}`,
        `warning ${environment} is open to others on this machine. → chmod 600 ${environment}`,
        `warning ${database} is open to others on this machine. → chmod 600 ${database}`,
      ],
    ])
    chmodSync(database, 0o600)
    chmodSync(config, 0o644)
    chmodSync(secret, 0o400)
    chmodSync(environment, 0o600)
    expect((await look({ env })).of('file rights')).toEqual([
      `ok Closed to other users of this machine: ${secret}, ${environment}, ${database}.`,
    ])
  })

  test('the file of --env-file is looked at like .env', async () => {
    const { look, folder } = await startPatient()
    const envFile = join(folder, 'countersign.env')
    writeFileSync(envFile, '')
    chmodSync(envFile, 0o640)
    const found = [`warning ${envFile} is open to others on this machine. → chmod 600 ${envFile}`]
    expect((await look({ envFile })).of('file rights')).toEqual(found)
  })
})

describe('the settings', () => {
  test('each problem is an error, and what can be looked at still is', async () => {
    const { look, config } = await startPatient()
    const { code, of } = await look({ env: { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '', AUDIT_KEY: '' } })
    expect(code).toBe(1)
    expect(of('settings')).toEqual([
      expect.stringMatching(/^error SLACK_BOT_TOKEN is missing/),
      expect.stringMatching(/^error SLACK_APP_TOKEN is missing/),
    ])
    expect(of('audit key')).toEqual([expect.stringMatching(/^warning There is no AUDIT_KEY.* → Make one/)])
    expect(of('slack')).toEqual([
      'warning Channels and people were not looked up, since there is no bot token that can be used.',
    ])
    expect(of('website: credential')).toEqual([expect.stringMatching(/^ok/)])
    writeFileSync(config, 'stacks: 7')
    const broken = await look()
    expect(broken.of('settings')).toEqual([expect.stringMatching(/^error .*countersign\.yaml:1:1: stacks: /)])
    expect(broken.of('slack token')).toEqual([expect.stringMatching(/^ok/)])
    expect(broken.of('slack')).toEqual([expect.stringMatching(/since the settings name none that can be used/)])
  })

  test('a proxy switch that Node does not understand is a warning', async () => {
    const { look } = await startPatient()
    expect((await look({ env: { NODE_USE_ENV_PROXY: 'true' } })).of('settings')).toContainEqual(
      expect.stringMatching(/^warning NODE_USE_ENV_PROXY is "true", which Node does not understand/),
    )
  })

  test('a placeholder, or a token in the place of another, is an error, and is not tried', async () => {
    const { look, slack, stack } = await startPatient()
    const env = { SLACK_BOT_TOKEN: 'xoxb-', SLACK_APP_TOKEN: 'xoxp-1', CONTENTSTACK_AUTHTOKEN: 'xoxb-1' }
    const { of } = await look({ env })
    expect(of('settings')).toEqual([
      expect.stringMatching(/^error SLACK_BOT_TOKEN still has a placeholder: put the /),
      expect.stringMatching(/^error SLACK_APP_TOKEN holds the token of a person/),
      expect.stringMatching(/^error CONTENTSTACK_AUTHTOKEN holds a bot token/),
    ])
    expect(of('website: credential')).toEqual([
      expect.stringMatching(/^error There is no authtoken for website that can/),
    ])
    expect([slack.calls, stack.requests]).toEqual([[], []])
  })

  test('a short AUDIT_KEY is an error', async () => {
    const { look } = await startPatient()
    expect((await look({ env: { AUDIT_KEY: '0123456789' } })).of('settings')).toEqual([
      expect.stringMatching(/^error AUDIT_KEY is shorter than 32 characters/),
    ])
  })
})

describe('Slack', () => {
  test('a bot token that Slack does not take, and one of a person', async () => {
    const { look } = await startPatient()
    const wrong = await look({ env: { SLACK_BOT_TOKEN: 'xoxb-wrong' } })
    expect(wrong.of('slack token')).toEqual([
      expect.stringMatching(/^error Slack does not accept the bot token \(invalid_auth\)\. → Copy the "Bot User OAuth/),
    ])
    expect(wrong.of('clock')).toEqual([expect.stringMatching(/^ok/)])
    expect(wrong.of('slack')).toEqual([expect.stringMatching(/^warning Channels and people were not looked up/)])
    const { apiUrl } = await startWebApi({ 'auth.test': { ok: true, user: 'bob' } })
    const persons = await look({ env: { SLACK_API_URL: apiUrl } })
    expect(persons.of('slack token')).toEqual([
      expect.stringMatching(/^error SLACK_BOT_TOKEN is the token of a person/),
    ])
  })

  test.each([
    ['service_unavailable', /Slack can't answer \S+ now \(service_unavailable\)\. → Try again in a few minutes\./],
    ['internal_error', /Slack can't answer \S+ now \(internal_error\)\. → Try again in a few minutes\./],
    ['ratelimited', /Slack can't answer \S+ now \(ratelimited\)\. → Try again in a minute\./],
    [
      'two_factor_setup_required',
      /settings of this Slack workspace do not let .* → Ask the workspace's administrators/,
    ],
  ])('says %s: that blames no token, and says what helps', async (error, words) => {
    const { look, slack } = await startPatient()
    slack.trouble.fail = { 'auth.test': error, 'apps.connections.open': error }
    const { code, of } = await look()
    expect(code).toBe(1)
    for (const area of ['slack token', 'slack delivery']) expect(of(area)).toEqual([expect.stringMatching(words)])
    expect([...of('slack token'), ...of('slack delivery')].join()).not.toMatch(/Copy|Make an app-level/)
  })

  test('says that it has got too many requests: for how long, and nothing about the tokens', async () => {
    const { look, slack } = await startPatient()
    for (const method of ['auth.test', 'apps.connections.open'])
      slack.trouble.leaveAlone[method] = Date.now() + 3_600_000
    const { of } = await look()
    for (const area of ['slack token', 'slack delivery'])
      expect(of(area)).toEqual([
        expect.stringMatching(/: Slack got too many calls to \S+\. → Wait 3[56]\d\d s, and try again\.$/),
      ])
  })

  test("answers with something that is not the name of an error: it is neither quoted nor taken for Slack's", async () => {
    const { look } = await startPatient()
    const no = { ok: false, error: '<!DOCTYPE html>' }
    const { apiUrl } = await startWebApi({ 'auth.test': no, 'apps.connections.open': no })
    const { of } = await look({ env: { SLACK_API_URL: apiUrl } })
    for (const area of ['slack token', 'slack delivery'])
      expect(of(area)).toEqual([expect.stringMatching(/127\.0\.0\.1:\d+ did not answer as Slack does(?!.*DOCTYPE)/)])
  })

  test('says neither the time nor the scopes', async () => {
    const { look } = await startPatient()
    const { apiUrl } = await startWebApi({ 'auth.test': { ok: true, bot_id: 'B0APPBOT' } })
    const { of } = await look({ env: { SLACK_API_URL: apiUrl } })
    expect(of('clock')).toEqual([expect.stringMatching(/^warning Slack did not say what time it is/)])
    expect(of('slack scopes')).toEqual(['warning Slack did not say which scopes were granted.'])
  })

  test('is down: that is one error, and the stack is still looked at', async () => {
    const { look, slack } = await startPatient()
    slack.trouble.down = true
    const down = await look()
    expect([down.code, down.of('slack token')]).toEqual([
      1,
      [expect.stringMatching(/^error This could not be .*HTTP status 503/)],
    ])
    expect(down.of('slack delivery')).toEqual([expect.stringMatching(/HTTP status 503/)])
    expect(down.of('website: branches')).toEqual([expect.stringMatching(/^ok/)])
    const nobody = createServer().listen(0)
    const { port } = nobody.address() as AddressInfo
    await new Promise((resolve) => nobody.close(resolve))
    const away = await look({ env: { SLACK_API_URL: `http://127.0.0.1:${port}/api/` } })
    expect(away.of('slack token')).toEqual([
      expect.stringMatching(/the connection to \S+ failed \(ECONNREFUSED at 127\.0\.0\.1:\d+\)\. → Check the network/),
    ])
    const unused = { HTTPS_PROXY: 'http://p:1' }
    const hinted = await look({ env: { ...unused, SLACK_API_URL: `http://127.0.0.1:${port}/api/` } })
    expect(hinted.of('proxy')).toEqual([
      expect.stringMatching(/^warning Without NODE_USE_ENV_PROXY=1 .* HTTPS_PROXY names/),
    ])
    expect([...away.of('proxy'), ...down.of('proxy')]).toEqual([])
    const broken = await look({ env: { SLACK_BOT_TOKEN: 'xoxb-\u20ac' } })
    expect(broken.of('slack token')).toEqual([
      expect.stringMatching(/^error .* character in it that no Slack token has: copy it again\./),
    ])
  })

  test.each([
    [0, /^ok This machine's clock is 0 seconds/],
    [120, /^warning This machine's clock is 1[12]\d seconds ahead of Slack's\. → Set the clock over the network/],
    [-120, /^warning This machine's clock is 1[12]\d seconds behind Slack's\./],
    [600, /^error This machine's clock is (59|60)\d seconds ahead .*requests are refused beyond 5 minutes/],
  ])('a clock that is %i seconds off', async (seconds, words) => {
    const { look } = await startPatient()
    const { of } = await look({ now: () => new Date(Date.now() + seconds * 1000) })
    expect(of('clock')).toEqual([expect.stringMatching(words)])
  })

  test('a missing scope is an error, a needless one a warning, an optional one neither', async () => {
    const { look, slack } = await startPatient()
    slack.scopes.add('channels:history')
    expect((await look()).of('slack scopes')).toEqual([expect.stringMatching(/^ok .*channels:history/)])
    slack.scopes.delete('usergroups:read')
    slack.scopes.add('users:read.email').add('admin')
    const { code, of } = await look()
    expect(code).toBe(1)
    expect(of('slack scopes')).toEqual([
      expect.stringMatching(/^error The app lacks the scope usergroups:read\. → Paste manifest.yml/),
      expect.stringMatching(/^warning The app has the scopes users:read.email, admin, but never uses it/),
    ])
    expect(of('policy')).toEqual([expect.stringMatching(/^error The Slack app lacks the scope usergroups:read/)])
  })

  test('a rule for two people of whom one has left is an error that says what cannot be approved, and that the app runs', async () => {
    const { look, slack, configure } = await startPatient()
    configure({ policy: { rules: [{ name: 'both', approvers: ['U0BOB', 'U0CAROL'], quorum: 2 }] } })
    await slack.admin.changePerson('U0CAROL', { deleted: true })
    expect((await look()).of('policy')).toEqual([
      expect.stringMatching(
        /^error .* the rule "both" wants 2 approvals .* only 1 of those it names may give one; U0CAROL may not, because deactivated members may not use Countersign\. → Countersign runs, but changes that need it can't be asked for/,
      ),
      expect.stringMatching(/^warning U0CAROL is named but has no effect: deactivated members/),
    ])
  })

  test('channels that are shared or not joined, and groups that are empty, are errors; guests by name a warning', async () => {
    const { look, slack, configure } = await startPatient()
    configure({ policy: undefined, approvers: ['U0BOB', 'U0GUS'] })
    const named = await look()
    expect([named.code, named.of('policy')]).toEqual([
      0,
      [
        expect.stringMatching(/^ok Slack knows every group/),
        'warning U0GUS is named but has no effect: guests may not use Countersign. → Take them out of the policy.',
      ],
    ])
    configure()
    await slack.admin.changeChannel('C0APPROVALS', { isExtShared: true })
    await slack.admin.changeUserGroup('S0SECURITY', { users: [] })
    const spoilt = await look()
    expect(spoilt.code).toBe(1)
    expect(spoilt.of('channels')).toEqual([
      expect.stringMatching(/^error The approvals channel .* is shared with another/),
    ])
    expect(spoilt.of('policy')).toContainEqual(expect.stringMatching(/^error .*the user group @security .* is empty/))
    await slack.admin.changeChannel('C0APPROVALS', { isExtShared: false, appIsMember: false })
    expect((await look()).of('channels')).toEqual([
      expect.stringMatching(/^error .* does not have the app as a member: \/invite/),
    ])
  })

  test('does not answer one question: the others are answered', async () => {
    const { look, slack } = await startPatient()
    slack.trouble.fail['usergroups.list'] = 'fatal_error'
    const { code, of } = await look()
    expect([code, of('policy')]).toEqual([
      1,
      [
        expect.stringContaining(
          "error This could not be checked: Slack can't answer usergroups.list now (fatal_error)",
        ),
      ],
    ])
    expect(of('channels')).toEqual([expect.stringMatching(/^ok The app is in C0APPROVALS/)])
  })
})

describe('commands and buttons', () => {
  test('over Socket Mode the app-level token is tried', async () => {
    const { look } = await startPatient()
    const { code, of } = await look({ env: { SLACK_APP_TOKEN: 'xapp-wrong' } })
    expect([code, of('slack delivery')]).toEqual([
      1,
      [
        expect.stringMatching(
          /^error Slack does not open a Socket Mode connection \(invalid_auth\).* → Make an app-level token/,
        ),
      ],
    ])
  })

  test("over Socket Mode a connection is opened and closed again, and Slack's count is reported if one process has fewer, and near its ten", async () => {
    const { look, slack } = await startPatient()
    expect((await look()).of('slack delivery')).toEqual([
      'ok Slack accepts the app-level token, and a Socket Mode connection was opened and closed again.',
    ])
    await slack.waitFor(() => slack.connections === 0, 'the end of the connection')
    await ghosts(slack, 2)
    expect((await look()).of('slack delivery')).toEqual([expect.stringMatching(/^ok /)])
    await slack.waitFor(() => slack.connections === 2, 'the end of the connection')
    await ghosts(slack, 1)
    expect((await look()).of('slack delivery')).toEqual([
      expect.stringMatching(
        /^warning .* counts 4 connections for this app, including that one\. .* perhaps with another database\. → /,
      ),
    ])
    await slack.waitFor(() => slack.connections === 3, 'the end of the connection')
    await ghosts(slack, 4)
    expect((await look()).of('slack delivery')).toEqual([
      expect.stringMatching(
        /^warning .* Slack counts 8 connections for this app, including that one, and allows ten\. → Stop other/,
      ),
    ])
  })

  test('a Socket Mode connection that cannot be opened is reported, with its host and the reason', async () => {
    const { look, slack } = await startPatient()
    const port = await freePort()
    const answers = { 'apps.connections.open': { ok: true, url: `ws://127.0.0.1:${port}/` } }
    const { apiUrl } = await startWebApi(answers)
    const { code, of } = await look({ env: { SLACK_API_URL: apiUrl } })
    expect([code, of('slack delivery'), slack.connections]).toEqual([
      1,
      [
        expect.stringContaining(
          `can't be opened (127.0.0.1:${port}: ECONNREFUSED at 127.0.0.1:${port}), so no command, button or form arrives.`,
        ),
      ],
      0,
    ])
  })

  test('nothing claims that they lead here before somebody has used them', async () => {
    const { look, makeDatabase } = await startPatient()
    await makeDatabase('app')
    expect((await look()).of('slack command')).toEqual([
      expect.stringMatching(
        /^warning The doctor can't tell whether .*: the audit log does not show .*, and merely looking is not logged\. → Type \/token help in Slack\./,
      ),
    ])
    await makeDatabase('U0ALICE')
    expect((await look()).of('slack command')).toEqual([
      'ok Somebody last used Countersign in Slack on 2026-06-01, and that reached the app.',
    ])
  })

  test('over HTTP the port is free, or the app answers there, or it is taken', async () => {
    const { look, slack } = await startPatient()
    const taken = createServer((_, response) => response.end('Hello'))
    const port = await new Promise<number>((resolve) =>
      taken.listen(0, () => resolve((taken.address() as AddressInfo).port)),
    )
    const env = { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'secret', PORT: String(port) }
    const foreign = await look({ env })
    expect([foreign.code, foreign.of('slack delivery')]).toEqual([
      1,
      [expect.stringMatching(/^error Something that is not Countersign listens on port/)],
    ])
    await new Promise((resolve) => taken.close(resolve))
    const free = await look({ env })
    expect(free.of('slack delivery')).toEqual([`ok Port ${port} on 127.0.0.1 is free for Countersign.`])
    expect(free.of('slack command')).toEqual([expect.stringMatching(/^warning .*https:\/\/your-host\/slack\/events/)])
    const silent = {
      debug() {},
      info() {},
      warn() {},
      error() {},
      setLevel() {},
      setName() {},
      getLevel: () => 'error',
    }
    const receiver = httpReceiver({ signingSecret: 'secret', port, host: '127.0.0.1', logger: silent as never })
    receiver.init(await startBolt({ botToken: slack.botToken, apiUrl: `${slack.url}/api/` }))
    await receiver.start()
    onTestFinished(async () => {
      await receiver.stop()
    })
    expect((await look({ env })).of('slack delivery')).toEqual([
      `ok On port ${port} something refuses unsigned requests, as Countersign does when it runs. The doctor can't tell whether SLACK_SIGNING_SECRET belongs to the app: its log warns of each request with another signature.`,
    ])
  })
})

describe('a stack', () => {
  test.each([
    ['an authtoken that it does not take', { CONTENTSTACK_AUTHTOKEN: 'bltwrong' }, {}, /doesn't accept the authtoken/],
    [
      'an authtoken that cannot be one',
      { CONTENTSTACK_AUTHTOKEN: 'two words' },
      {},
      /^error The authtoken is empty or/,
    ],
    ['no authtoken', { CONTENTSTACK_AUTHTOKEN: '' }, {}, /^error There is no authtoken for website/],
    ['an API key that it does not know', {}, { api_key: 'blt0' }, /doesn't know the API key.* own region only/],
  ])('%s is an error, and nothing more is asked', async (_, env, settings, words) => {
    const { look, configure } = await startPatient()
    configure(settings)
    const { code, findings, of } = await look({ env })
    expect([code, of('website: credential')]).toEqual([1, [expect.stringMatching(words)]])
    expect(findings.filter(({ area }) => area.startsWith('website:'))).toHaveLength(2)
  })

  test('says where it is asked, and refuses to send an authtoken unencrypted', async () => {
    const { look, configure } = await startPatient()
    const env = { CONTENTSTACK_AUTHTOKEN: '' }
    configure({ base_url: undefined, region: 'eu' })
    expect((await look({ env })).of('website: region')).toEqual([
      'ok Requests go to eu-api.contentstack.com (region eu).',
    ])
    configure({ base_url: 'http://stack.example.com' })
    const { code, findings } = await look({ env })
    expect(code).toBe(1)
    expect(JSON.stringify(findings)).toMatch(/stacks\.0\.base_url: give it as https/)
  })

  test('a token that is not understood is a warning', async () => {
    const { look, stack } = await startPatient()
    stack.edit('blt5c1de0000000a002', { name: 7 as never })
    expect((await look()).of('website: tokens')).toEqual([
      'ok 2 tokens can be read.',
      expect.stringMatching(
        /^warning The token blt5c1de0000000a002 \(.*\) is not understood, and can't be edited here/,
      ),
    ])
  })

  test('branches are on or off', async () => {
    const on = await startPatient()
    expect((await on.look()).of('website: branches')).toEqual(['ok Branches are on: 3 branches, 2 aliases.'])
    const off = await startPatient({ branchesEnabled: false })
    expect((await off.look()).of('website: branches')).toEqual(['ok Branches are off.'])
  })

  test('branches that were not listed, and aliases that cannot be read, are warnings', async () => {
    const { look, stack } = await startPatient()
    const aliases = { status: 200, body: { branch_aliases: [{ alias: 'live' }, {}] } }
    stack.trouble.refuseLists = { branches: { status: 200, body: { branches: null } }, branch_aliases: aliases }
    expect((await look()).of('website: branches')).toEqual([
      'ok Branches are on: 1 alias.',
      expect.stringMatching(
        /^warning The branches were not listed \(its answer can't be read .*, so none can be added/,
      ),
      expect.stringMatching(
        /^warning 1 of the aliases can't be read \(the first: alias: .*, so they can't be added here/,
      ),
    ])
  })

  test('rate-limit fields seen on live tokens are compared with those configured', async () => {
    const { look, configure } = await startPatient()
    const area = 'website: rate limits'
    configure({ rate_limit_fields: undefined })
    expect((await look()).of(area)).toEqual([
      expect.stringMatching(
        /^ok Rate limits are not managed .* Live tokens have rate_limit\.read, rate_limit\.write, rate_limit_enabled\. → To manage/,
      ),
    ])
    configure({ rate_limit_fields: { enabled: 'name', read: 'rate_limit.read', write: 'rate_limit.writes' } })
    expect((await look()).of(area)).toEqual([
      expect.stringMatching(/^warning rate_limit_fields names rate_limit\.writes, which no live token has\. Live/),
    ])
  })

  test('without rate-limit fields on any token says so', async () => {
    const { look, stack, configure } = await startPatient()
    for (const { uid } of stack.tokens()) stack.edit(uid, { rate_limit: undefined, rate_limit_enabled: undefined })
    configure({ rate_limit_fields: undefined })
    expect((await look()).of('website: rate limits')).toEqual([
      expect.stringMatching(/^ok Rate limits are not managed .* No live token has a field that looks like one\./),
    ])
  })

  test('the organisation allows less than is used, or does not say what it allows', async () => {
    const area = 'website: allowance'
    const small = await startPatient({ organisationLimits: { read: 100, write: 49 } })
    expect((await small.look()).of(area)).toEqual([
      expect.stringMatching(
        /^warning .* 100 reads and 49 writes a second\. .* at most 50\. → Lower requests_per_second/,
      ),
    ])
    const secret = await startPatient({ organisationLimits: null })
    expect((await secret.look()).of(area)).toEqual([
      expect.stringMatching(/^warning This account can't see .* → Without/),
    ])
    secret.configure({ rate_limit_fields: undefined })
    expect((await secret.look()).of(area)).toEqual([expect.stringMatching(/^ok This account can't see/)])
  })

  test('that is down is an error which says that nothing is known about the authtoken, and what to do', async () => {
    const { look, stack } = await startPatient()
    stack.trouble.down = true
    expect((await look()).of('website: credential')).toEqual([
      expect.stringMatching(/^error .*\. So it is not known whether the authtoken is accepted\. → Wait until/),
    ])
  })

  test('that refuses at length is quoted whole, with the id of the request', async () => {
    const { look, stack } = await startPatient()
    const error_message = `You're not allowed in here unless you're logged in${', and more'.repeat(24)}.`
    stack.trouble.refuseReads = { status: 401, body: { error_message, error_code: 105 } }
    const [says] = (await look()).of('website: credential')
    expect(says).toMatch(/and more \(status 401, code 105/)
    expect(says).not.toContain('…')
  })

  test('that answers one question with an error is asked the others', async () => {
    const { look, stack } = await startPatient()
    stack.behaviour.rateLimitFields = null
    stack.trouble.refuseReads = { status: 400, body: { error_message: 'Not today.' } }
    const { code, of } = await look()
    expect([code, of('website: credential')]).toEqual([1, [expect.stringMatching(/^error .*Not today/)]])
    expect(of('channels')).toEqual([expect.stringMatching(/^ok/)])
  })
})

test("the reason that something can't be looked at is given in one short line, however long it is", async () => {
  const look = () => Promise.reject(new Error('page\n'.repeat(1_000)))
  expect(await lookAll([{ area: 'slack', look }])).toEqual([
    expect.objectContaining({ says: expect.stringMatching(/^This could not be checked: page page .{200,300}$/) }),
  ])
})

test('text from outside is cut before it is quoted', async () => {
  const long = 'R'.repeat(4000)
  const { look, slack, stack, configure } = await startPatient()
  configure({ rate_limit_fields: undefined })
  slack.scopes.add(long)
  stack.edit('blt5c1de0000000a002', { [`rate_limit_${long}`]: 1 } as never)
  await slack.admin.changeUserGroup('S0OWNERS', { handle: long, users: [] })
  const url = await startFarewell(long)
  const { apiUrl } = await startWebApi({
    'auth.test': { ok: true, bot_id: 'B1', user: long, team: long },
    'apps.connections.open': { ok: true, url },
  })
  const findings = [await look(), await look({ env: { SLACK_API_URL: apiUrl } })].flatMap((one) => one.findings)
  const quoting = findings.filter(({ says }) => says.includes('RRR'))
  expect(new Set(quoting.map(({ area }) => area))).toEqual(
    new Set(['slack scopes', 'policy', 'website: rate limits', 'slack token', 'slack delivery']),
  )
  expect(quoting.filter(({ says }) => says.includes('R'.repeat(300)))).toEqual([])
})

/** A Socket Mode connection that Slack takes back at once, for this reason. Resolves to its address. */
async function startFarewell(reason: string): Promise<string> {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  sockets.on('connection', (socket) => socket.send(JSON.stringify({ type: 'disconnect', reason })))
  await once(sockets, 'listening')
  onTestFinished(() => void sockets.close())
  return `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}/`
}

test('no secret is revealed, whoever quotes it', async () => {
  const { look, env, makeDatabase, config } = await startPatient()
  await makeDatabase()
  const { apiUrl } = await startWebApi({
    'auth.test': { ok: true, bot_id: 'B1', user: env.SLACK_BOT_TOKEN, team: env.AUDIT_KEY },
    'apps.connections.open': { ok: false, error: `no to ${env.SLACK_APP_TOKEN} and ${env.CONTENTSTACK_AUTHTOKEN}` },
  })
  rmSync(config)
  const { findings, of } = await look({ env: { SLACK_API_URL: apiUrl } })
  expect(of('slack token')).toEqual([expect.stringMatching(/accepts the bot token: \[secret\] in \[secret\]/)])
  const said = JSON.stringify(findings)
  for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'AUDIT_KEY'] as const) expect(said).not.toContain(env[name])
})

test.each(['short', 'is', 'shorter'])(
  'a key that is far too short is not struck out of the words about it: %s',
  async (key) => {
    const { look } = await startPatient()
    const { of } = await look({ env: { AUDIT_KEY: key } })
    expect(of('settings')).toContainEqual(
      expect.stringMatching(/^error AUDIT_KEY is shorter than 32 characters: make one/),
    )
  },
)

/** Readers leave marks in the -shm; it holds nothing that lasts. */
function withoutIndexes(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !name.endsWith('-shm')))
}

import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect as connectTo } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { connect } from '../../../src/cli/connect/connect.ts'
import { auditKey } from '../../../src/domain/audit/chain.ts'
import type { OAuthApp } from '../../../src/sandbox/stack/oauth-app.ts'
import { startStack } from '../../../src/sandbox/stack/stack.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { temporaryFile } from '../../support/file.ts'
import { consentsAt, credentialAt, credentialsKey, grantsAt } from '../../support/oauth.ts'
import { freePort } from '../../support/port.ts'
import { runCommand, startCommand } from '../../support/process.ts'
import { failWrites } from '../../support/tamper.ts'

/** A stack with an app, its settings, and a terminal that nobody has typed at yet. */
async function atTerminal({ app = {}, own = {} }: { app?: Partial<OAuthApp>; own?: Record<string, unknown> } = {}) {
  const redirectUri = `http://127.0.0.1:${await freePort()}/countersign`
  const stack = await startStack({ app: { redirectUri, ...app } })
  onTestFinished(() => stack.stop())
  const database = temporaryFile()
  const path = join(dirname(database), 'countersign.yaml')
  const { appUid, clientId } = stack.oauth.app
  const oauth = { app_uid: appUid, client_id: clientId, redirect_uri: redirectUri, app_url: stack.url, ...own }
  const website = {
    name: 'website',
    api_key: stack.apiKey,
    base_url: stack.url,
    oauth,
    approvers: ['U0BOB'],
    requests_per_second: 100,
  }
  writeFileSync(path, stringify({ channel: 'C0APPROVALS', stacks: [website] }))
  const env = { COUNTERSIGN_CONFIG: path, COUNTERSIGN_DB: database, CREDENTIALS_KEY: credentialsKey }
  const said: string[] = []
  const invited = Promise.withResolvers<string>()
  const streams = {
    tell: (line: string) => {
      said.push(line)
      if (line.startsWith('http')) invited.resolve(line)
    },
    complain: (line: string) => void said.push(line),
  }
  type More = { env?: Record<string, string>; ask?: ((question: string) => Promise<string>) | null; withinMs?: number }
  const typed = ({ env: other, ask = null, ...more }: More = {}) =>
    connect('website', { ...streams, ...more, user: 'root', ask, env: { ...env, ...other } })
  return { stack, oauth: stack.oauth, env, database, said, invited: invited.promise, typed, redirectUri }
}

/** Goes to an address as a browser does. */
async function followed(address: string) {
  const answer = await fetch(address)
  return { status: answer.status, text: await answer.text() }
}

describe('connect', () => {
  test('stores what a browser on this machine brings back, in a new database, and the stack takes it', async () => {
    const { stack, database, said, invited, typed } = await atTerminal()
    const ended = typed()
    expect(await invited).toContain('management-tokens%3Aread%20cm.stack')
    const page = await followed(await consentsAt(await invited))
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('You can close this page') })
    expect(await ended).toBe(0)
    expect(said.at(-1)).toBe('website shows its tokens (3), branches and aliases.')
    const { access, refresh } = stack.oauth.current()!
    expect(said.join('\n')).not.toMatch(new RegExp(`${access}|${refresh}|${credentialsKey}`))
    const store = openStore(database)
    const entries = await store.events()
    store.close()
    const { clientId } = stack.oauth.app
    expect(entries).toMatchObject([
      { actor: 'operator:root', changeId: null, event: { type: 'stack_connected', stack: 'website', clientId } },
    ])
    expect(await credentialAt(stack, database).header()).toEqual(['authorization', `Bearer ${access}`])
  })

  test('ends although the browser holds connections open that it never used, or has asked halfway', async () => {
    const { env, redirectUri } = await atTerminal()
    const child = await startCommand(['connect', 'website'], env)
    onTestFinished(() => void child.kill())
    const ended = new Promise((resolve) => child.once('close', resolve))
    const invited = Promise.withResolvers<string>()
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const [address] = /^http\S+$/m.exec(text) ?? []
      if (address !== undefined) invited.resolve(address)
    })
    const address = await invited.promise
    for (const asked of ['', 'GET /favicon.ico HTTP/1.1\r\n']) {
      const ahead = connectTo(Number(new URL(redirectUri).port), '127.0.0.1').on('error', () => {})
      onTestFinished(() => void ahead.destroy())
      await new Promise((resolve) => ahead.once('connect', resolve))
      ahead.write(asked)
    }
    const page = await followed(await consentsAt(address))
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('You can close this page') })
    expect(await ended).toBe(0)
  })

  test('listens at the address that browsers are sent to, and nowhere else', async () => {
    const redirectUri = `http://127.0.0.5:${await freePort()}/countersign`
    const { invited, typed } = await atTerminal({ app: { redirectUri }, own: { redirect_uri: redirectUri } })
    const ended = typed()
    const back = await consentsAt(await invited)
    await expect(fetch(back.replace('127.0.0.5', '127.0.0.1'))).rejects.toThrow()
    await followed(back)
    expect(await ended).toBe(0)
  })

  test('says before anybody is asked that there is no folder for the database', async () => {
    const { database, typed, said } = await atTerminal()
    const folder = join(dirname(database), 'nowhere')
    expect(await typed({ env: { COUNTERSIGN_DB: join(folder, 'countersign.db') } })).toBe(1)
    expect(said).toEqual([expect.stringContaining(`can't be made, since ${folder} is not there: make it, or set`)])
  })

  test('sends the client secret from its variable, for an app that has one', async () => {
    const { invited, typed, said } = await atTerminal({
      app: { clientSecret: 'hub-secret-1' },
      own: { client_secret_env: 'WEBSITE_SECRET' },
    })
    expect(await typed()).toBe(1)
    expect(said.join('\n')).toContain('WEBSITE_SECRET is missing: it is the client secret')
    const ended = typed({ env: { WEBSITE_SECRET: 'hub-secret-1' } })
    await followed(await consentsAt(await invited))
    expect(await ended).toBe(0)
    expect(said.join('\n')).not.toContain('hub-secret-1')
  })

  test('takes only what belongs to this attempt, and goes on waiting for that', async () => {
    const { invited, typed, redirectUri, oauth } = await atTerminal()
    const ended = typed()
    const address = await invited
    for (const made of ['?code=made-up', '?code=made-up&state=guessed', '?state=&code=made-up'])
      expect(await followed(`${redirectUri}${made}`)).toMatchObject({ status: 400 })
    expect(await followed(new URL('/other', redirectUri).href)).toMatchObject({ status: 404 })
    expect(oauth.counted).toEqual({ granted: 0, refused: 0 })
    await followed(await consentsAt(address))
    expect(await ended).toBe(0)
  })

  test('takes the address as it is pasted, once it is the right one', async () => {
    const { invited, typed, said } = await atTerminal()
    const answers = [() => 'nonsense', () => 'http://127.0.0.1/?code=x&state=y', async () => consentsAt(await invited)]
    expect(await typed({ ask: async () => answers.shift()!() })).toBe(0)
    expect(said.filter((line) => line.startsWith('This is not the address'))).toHaveLength(2)
  })

  test('ends at once if nothing more can be pasted, says what to do, and stores nothing', async () => {
    const { env, database } = await atTerminal()
    const { code, out, err } = await runCommand(['connect', 'website', '--paste'], env)
    expect(code).toBe(1)
    expect(out).toContain('copy it from there')
    expect(err.split('\n').slice(-2)).toEqual([
      'Stopped: the address that the browser was sent to was not pasted, and no access was stored. Run npm run connect -- website --paste again in a terminal where you can type, open the new address that it prints, and paste the one that the browser ends at.',
      '',
    ])
    expect(await grantsAt(database).grant('website')).toBeNull()
  })

  test('stores nothing if somebody does not let it in, and says so', async () => {
    const { database, invited, typed, said } = await atTerminal()
    const ended = typed()
    await followed(await consentsAt(await invited, 'no'))
    expect(await ended).toBe(1)
    expect(said.at(-1)).toBe(
      'Countersign was not given access, and nothing was stored. Contentstack said: access_denied.',
    )
    expect(await grantsAt(database).grant('website')).toBeNull()
  })

  test('stores nothing while it cannot be recorded in the log, and says so before anybody is asked', async () => {
    const { database, said, typed } = await atTerminal()
    const store = openStore(database, undefined, auditKey('a key that is long enough to be one'))
    await store.note({ type: 'stopped' }, 'app', null)
    store.close()
    expect(await typed()).toBe(1)
    expect(said.join()).toMatch(
      /has a log that was written with a key, but AUDIT_KEY is not set: set it as for the app/,
    )
    expect(said.join()).not.toContain('http://')
    expect(await grantsAt(database).grant('website')).toBeNull()
  })

  test.each(['insert into oauth_grants', 'insert into audit_events'])(
    'records nothing that it could not store, and stores nothing that it could not record: %s',
    async (words) => {
      const { database, invited, typed, said } = await atTerminal()
      const ended = typed({ ask: async () => consentsAt(await invited) })
      await invited
      const works = failWrites(words, { message: 'database or disk is full' })
      expect(await ended).toBe(1)
      works()
      expect(said.slice(-2)).toEqual([
        expect.stringMatching(
          /^Contentstack let Countersign in, but storing that failed\. Run npm run connect -- website again/,
        ),
        'database or disk is full',
      ])
      expect(said.filter((line) => line.startsWith('Stored'))).toEqual([])
      const store = openStore(database)
      const entries = await store.events()
      store.close()
      expect(entries).toEqual([])
      expect(await grantsAt(database).grant('website')).toBeNull()
    },
  )

  test('says what to do if the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await new Promise((resolve) => taken.once('listening', resolve))
    const redirectUri = `http://127.0.0.1:${(taken.address() as AddressInfo).port}/countersign`
    const { typed, said } = await atTerminal({ app: { redirectUri }, own: { redirect_uri: redirectUri } })
    expect(await typed()).toBe(1)
    expect(said.at(-1)).toMatch(/is taken by another program.*run npm run connect -- website --paste\.$/)
  })

  test('is given up when nobody comes', async () => {
    const { typed, said } = await atTerminal()
    expect(await typed({ withinMs: 1 })).toBe(1)
    expect(said.at(-1)).toMatch(/^Nobody came back .*nothing was stored: run npm run connect -- website again/)
  })

  test('says that an authtoken is the proven way if the stack does not take it', async () => {
    const { stack, invited, typed, said } = await atTerminal()
    stack.trouble.refuseReads = { status: 403, body: { error_message: 'No scope.', error_code: 316 } }
    const ended = typed()
    await followed(await consentsAt(await invited))
    expect(await ended).toBe(1)
    expect(said.at(-2)).toMatch(/may not manage the tokens.*cm\.stack\.management-tokens:read and .*:write/)
    expect(said.at(-1)).toMatch(/never been seen.*use an authtoken, the proven way\.$/)
  })

  test('keeps the access from before if the stack refuses the new one, and stores one that it could not be asked about', async () => {
    const { stack, database, said, typed } = await atTerminal()
    const comesBack = () => typed({ ask: async () => consentsAt(said.findLast((line) => line.startsWith('http'))!) })
    const number = async () => (await grantsAt(database).grant('website'))?.number
    expect(await comesBack()).toBe(0)
    stack.trouble.refuseReads = { status: 403, body: { error_message: 'Not yours.', error_code: 316 } }
    expect(await comesBack()).toBe(1)
    expect(said.at(-1)).toMatch(/^Nothing was stored: the access from before, if there was any, stays\./)
    expect(await number()).toBe(1)
    const store = openStore(database)
    const connected = (await store.events()).filter(({ event }) => event.type === 'stack_connected')
    store.close()
    expect(connected).toHaveLength(1)
    stack.trouble.refuseReads = { status: 503, body: 'down' }
    expect(await comesBack()).toBe(1)
    expect(said.find((line) => line.startsWith('Stored'))).toBeDefined()
    expect(await number()).toBe(2)
  })
})

test.each<[string, Record<string, string>, RegExp]>([
  ['no key', { CREDENTIALS_KEY: '' }, /CREDENTIALS_KEY is missing.*openssl rand/],
  ['a short key', { CREDENTIALS_KEY: 'short' }, /CREDENTIALS_KEY is shorter than 32 characters/],
])('connect is refused before anybody is asked: %s', async (_, env, words) => {
  const { typed, said } = await atTerminal()
  expect(await typed({ env })).toBe(1)
  expect(said.join('\n')).toMatch(words)
})

test('connect says how a stack gets its oauth settings if it has none, and asks for no authtoken', async () => {
  const { env, said, typed } = await atTerminal()
  const { stacks, ...file } = parse(readFileSync(env.COUNTERSIGN_CONFIG, 'utf8'))
  const [{ oauth: _, ...website }] = stacks
  writeFileSync(env.COUNTERSIGN_CONFIG, stringify({ ...file, stacks: [website] }))
  expect(await typed({ env: { CREDENTIALS_KEY: '' } })).toBe(1)
  expect(said).toEqual([
    expect.stringMatching(
      /^The stack website has no oauth settings .* app_uid and client_id .* run npm run connect -- website again/,
    ),
  ])
})

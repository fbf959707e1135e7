import { copyFileSync, readFileSync, renameSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { withoutSecrets } from '../../src/domain/from-outside.ts'
import { AccessRefused } from '../../src/domain/refusal.ts'
import type { TokenTrouble } from '../../src/sandbox/stack/oauth.ts'
import { startStack } from '../../src/sandbox/stack/stack.ts'
import { openStore } from '../../src/storage/sqlite/store.ts'
import { emptyDatabase, rawConnection, temporaryFile } from '../support/file.ts'
import { connectStack, consentsAt, credentialAt, credentialsKey, grantsAt } from '../support/oauth.ts'
import { connect } from './connect.ts'

const hour = 3_600_000
const uid = 'blt5c1de0000000a001'

/** A stack that lets the app in, a database with what it is let in with, and a clock that both go by. */
async function connected() {
  const clock = { ahead: 0 }
  const now = () => new Date(Date.now() + clock.ahead)
  const stack = await startStack({ now: () => now().getTime() })
  onTestFinished(() => stack.stop())
  const database = emptyDatabase()
  await connectStack(stack, database, { now })
  const { oauth } = stack
  /** A process of its own. */
  const process = (options = {}) => {
    const credential = credentialAt(stack, database, { now, ...options })
    return { credential, client: connect(stack, { credential }) }
  }
  const kept = () => grantsAt(database, now).grant('website')
  return { stack, oauth, database, clock, now, process, kept }
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error) => error,
  )
}

describe('a stack that is connected by OAuth', () => {
  test('is read and written with the access token alone, and no authtoken', async () => {
    const { stack, process } = await connected()
    const { client } = process()
    await client.check()
    const live = await client.token(uid)
    const after = { ...live.settings, description: 'by OAuth' }
    expect(await client.update(live, after)).toMatchObject({ kind: 'taken' })
    expect(stack.token(uid)?.description).toBe('by OAuth')
    const both = { api_key: stack.apiKey, authtoken: stack.authtoken, authorization: 'Bearer x' }
    expect((await fetch(`${stack.url}/v3/stacks/management_tokens`, { headers: both })).status).toBe(401)
  })

  test('is renewed when the access token is due, once for all processes, and each goes on', async () => {
    const { oauth, clock, process, kept } = await connected()
    const processes = [process(), process(), process()]
    await Promise.all(processes.map(({ client }) => client.check()))
    clock.ahead += hour
    oauth.trouble.slowMs = 150
    await Promise.all(processes.flatMap(({ client }) => [client.check(), client.tokens()]))
    expect(oauth.counted).toEqual({ granted: 2, refused: 0 })
    expect(await kept()).toMatchObject({ number: 2, renewalBegan: null, ended: null })
  })

  test('keeps the new refresh token before its access token is used', async () => {
    const { stack, oauth, clock, process, kept } = await connected()
    const { client } = process()
    clock.ahead += hour
    let storedByThen: number | undefined
    stack.hooks.beforeReading = async () => {
      storedByThen = (await kept())?.number
    }
    await client.check()
    expect(storedByThen).toBe(2)
    expect(oauth.counted.granted).toBe(2)
  })

  test('is settled only once what Contentstack granted is stored', async () => {
    const { oauth, clock, process, kept } = await connected()
    const { credential } = process()
    clock.ahead += hour
    oauth.trouble.slowMs = 50
    const asked = credential.header()
    await vi.waitUntil(async () => (await kept())?.renewalBegan)
    await credential.settled()
    expect(await kept()).toMatchObject({ number: 2, renewalBegan: null })
    await asked
  })

  test('is asked again with a new access token when Contentstack no longer takes one that is not young', async () => {
    const { oauth, clock, process } = await connected()
    const { client } = process()
    clock.ahead += hour / 4
    oauth.endAccess()
    await client.check()
    expect(oauth.counted).toEqual({ granted: 2, refused: 0 })
  })

  test('does not renew a young access token again and again that is not taken', async () => {
    const { oauth, process } = await connected()
    const { client } = process()
    oauth.endAccess()
    for (let i = 0; i < 3; i++)
      expect(await failureOf(client.check())).toMatchObject({
        why: 'its OAuth access is not accepted; npm run connect -- website lets it in again',
      })
    expect(oauth.counted.granted).toBe(1)
  })

  test('whose access token ends before an update is written to at the next try', async () => {
    const { stack, oauth, clock, process } = await connected()
    const { client } = process()
    clock.ahead += hour / 4
    const live = await client.token(uid)
    oauth.endAccess()
    const after = { ...live.settings, description: 'later' }
    const first = await client.update(live, after)
    expect(first).toMatchObject({ kind: 'busy', why: expect.stringContaining('took nothing') })
    expect(first.barred).toBeUndefined()
    expect(await client.update(live, after)).toMatchObject({ kind: 'taken' })
    expect(stack.takenUpdates()).toBe(1)
  })
})

describe('access that has ended', () => {
  test('is reported with what to do, and no token is requested until it is connected again', async () => {
    const { stack, oauth, clock, database, now, process } = await connected()
    const { client } = process()
    const live = await client.token(uid)
    oauth.revoke()
    clock.ahead += hour
    const failure = await failureOf(client.check())
    expect(failure).toBeInstanceOf(AccessRefused)
    expect(failure).toMatchObject({ why: 'its OAuth access has ended; npm run connect -- website lets it in again' })
    expect(failure.message).toMatch(/no longer renews .*"website".*an operator must run npm run connect -- website /)
    expect(await failureOf(client.check())).toMatchObject({
      why: 'its OAuth access has ended; npm run connect -- website lets it in again',
    })
    expect(oauth.counted).toEqual({ granted: 1, refused: 1 })
    const answer = await client.update(live, live.settings)
    expect(answer).toMatchObject({
      kind: 'busy',
      barred: { why: 'its OAuth access has ended; npm run connect -- website lets it in again' },
    })
    await connectStack(stack, database, { now })
    await client.check()
  })

  test.each<[TokenTrouble]>([['grant, then close the socket'], ['grant, then 502'], ['grant, then HTML']])(
    'because nobody got the new token is reported as such: %s',
    async (answers) => {
      const { oauth, clock, process, kept } = await connected()
      const { client } = process()
      clock.ahead += hour
      Object.assign(oauth.trouble, { answers, times: 1 })
      expect(await failureOf(client.check())).toMatchObject({ endedBy: 'itself' })
      expect(await kept()).toMatchObject({ number: 1, ended: null, renewalBegan: expect.any(String) })
      clock.ahead += 60_000
      const failure = await failureOf(client.check())
      expect(failure).toMatchObject({
        why: 'its OAuth access was lost in a renewal; npm run connect -- website lets it in again',
      })
      expect(failure.message).toContain('run npm run connect -- website')
    },
  )
})

describe('a renewal that fails for the moment', () => {
  test.each<[TokenTrouble, string, string]>([
    ['close the socket', 'itself', `The OAuth access to "website" can't be renewed right now`],
    ['503', 'itself', `The OAuth access to "website" can't be renewed right now`],
    ['HTML', 'itself', `The OAuth access to "website" can't be renewed right now`],
    ['400', 'operator', 'Contentstack did not renew the OAuth access to "website", and does not say that it has ended'],
  ])(
    'is tried again, and meanwhile the access token is used as long as it lasts: %s',
    async (answers, endedBy, says) => {
      const { oauth, clock, process, kept } = await connected()
      const { client } = process()
      oauth.trouble.answers = answers
      clock.ahead += hour - 60_000
      await client.check()
      clock.ahead += 60_000
      const failure = await failureOf(client.check())
      expect(failure).toMatchObject({ endedBy })
      expect(failure.message).toContain(says)
      expect(await kept()).toMatchObject({ number: 1, ended: null })
      oauth.trouble.answers = 'ok'
      clock.ahead += 60_000
      await client.check()
      expect(oauth.counted).toEqual({ granted: 2, refused: 0 })
    },
  )

  test('since the app is not accepted says so, and does not count as the end of the access', async () => {
    const { oauth, clock, process, kept } = await connected()
    const { client } = process()
    clock.ahead += hour
    oauth.app.clientSecret = 'changed-in-the-hub'
    expect(await failureOf(client.check())).toMatchObject({ why: 'its OAuth app is not accepted' })
    expect(await kept()).toMatchObject({ ended: null, renewalBegan: null })
  })

  test('since the new token cannot be stored is stored later, before anything is asked with it', async () => {
    const { stack, oauth, clock, database, process, kept } = await connected()
    const { client } = process()
    clock.ahead += hour
    const other = new Sqlite(database)
    onTestFinished(() => void other.close())
    oauth.afterGranting = () => void other.exec('begin immediate')
    const asked = client.check()
    const seen = stack.requests.length
    const failure = await failureOf(asked)
    expect(failure.message).toContain(`can't be read or stored in Countersign's database right now`)
    expect(stack.requests).toHaveLength(seen)
    other.exec('commit')
    await client.check()
    expect(await kept()).toMatchObject({ number: 2, ended: null })
    expect(oauth.counted).toEqual({ granted: 2, refused: 0 })
  })

  test('is left to the app by whoever only looks', async () => {
    const { oauth, clock, process } = await connected()
    const { client } = process({ renews: false })
    clock.ahead += hour
    expect((await failureOf(client.check())).message).toContain('left to Countersign itself')
    expect(oauth.counted.granted).toBe(1)
  })
})

describe('what is stored', () => {
  test('is of no use with another key, for another stack or for another app', async () => {
    const { process } = await connected()
    const other = process({ key: 'another-key-of-thirty-two-and-more-characters' })
    expect(await failureOf(other.client.check())).toMatchObject({
      why: 'its OAuth access cannot be decrypted with CREDENTIALS_KEY',
    })
    const unknown = process({ name: 'shop' })
    expect(await failureOf(unknown.client.check())).toMatchObject({
      why: 'nobody has connected it by OAuth yet: npm run connect -- shop does',
    })
  })

  test('is of no use if somebody gave it to another stack, and is not used for another app', async () => {
    const { oauth, database, process } = await connected()
    rawConnection(database).exec("update oauth_grants set stack = 'shop'")
    expect(await failureOf(process({ name: 'shop' }).client.check())).toMatchObject({
      why: 'its OAuth access cannot be decrypted with CREDENTIALS_KEY',
    })
    oauth.app.clientId = 'another'
    expect((await failureOf(process({ name: 'shop' }).client.check())).message).toContain('nobody has connected it yet')
  })

  test('has no token in clear, and none is ever quoted', async () => {
    const { oauth, database, clock, process } = await connected()
    const { access, refresh } = oauth.current()!
    clock.ahead += hour
    await process().client.check()
    const renewed = oauth.current()!
    const bytes = readFileSync(database, 'latin1')
    expect(bytes).toContain(oauth.app.clientId)
    for (const secret of [access, refresh, renewed.access, renewed.refresh, credentialsKey]) {
      expect(bytes).not.toContain(secret)
      if (secret !== credentialsKey) expect(withoutSecrets(`it said ${secret}!`)).toBe('it said [secret]!')
    }
  })

  test('is of no use once it is put back from an older copy, since its refresh token was used', async () => {
    const { oauth, clock, database, process } = await connected()
    const backup = temporaryFile('backup.db')
    copyFileSync(database, backup)
    clock.ahead += hour
    await process().client.check()
    copyFileSync(backup, database)
    const failure = await failureOf(process().client.check())
    expect(failure).toMatchObject({ why: expect.stringMatching(/^its OAuth access has ended; npm run connect/) })
    expect(failure.message).toContain('such as from another copy of the database')
    expect(oauth.counted).toEqual({ granted: 2, refused: 1 })
  })

  test('counts up the mark of the -wal that it is written to, as every first commit does', async () => {
    const { database, clock, process } = await connected()
    const raw = rawConnection(database)
    const mark = () => raw.pragma('user_version', { simple: true }) as number
    const before = mark()
    clock.ahead += hour
    await process().client.check()
    expect(mark()).toBeGreaterThan(before)
  })

  test('is not looked for in a database whose -wal belongs to another', async () => {
    const { database, process } = await connected()
    const other = emptyDatabase()
    const store = openStore(other)
    onTestFinished(store.close)
    await store.note({ type: 'stopped' }, 'app', null)
    copyFileSync(`${other}-wal`, `${database}-wal`)
    expect((await failureOf(process().client.check())).message).toContain('was not left by the database')
  })

  test('is not looked for in a file that was put in place of the database while it was open', async () => {
    const { database, process } = await connected()
    const { client } = process()
    const store = openStore(database)
    onTestFinished(store.close)
    await store.note({ type: 'stopped' }, 'app', null)
    await client.check()
    const other = emptyDatabase()
    const another = openStore(other)
    await another.note({ type: 'stopped' }, 'app', null)
    another.close()
    renameSync(other, database)
    const before = readFileSync(database)
    expect((await failureOf(client.check())).message).toContain('was not left by the database')
    expect(readFileSync(database).equals(before)).toBe(true)
  })

  test('stays as it is if somebody connected it while it was renewed', async () => {
    const { stack, oauth, clock, database, now, process, kept } = await connected()
    const { client } = process()
    clock.ahead += hour
    oauth.afterGranting = async () => {
      oauth.afterGranting = null
      await connectStack(stack, database, { now })
    }
    await client.check()
    expect(await kept()).toMatchObject({ number: 2, ended: null })
  })
})

test('the emulated stack refuses what is not as its app has it, and a refresh token that was used', async () => {
  const { stack, oauth } = await connected()
  const page = `${stack.url}/#!/apps/${oauth.app.appUid}/authorize?response_type=code&client_id=${oauth.app.clientId}`
  await expect(consentsAt(`${page}&redirect_uri=http://127.0.0.1:1/other`)).rejects.toThrow('redirect URI')
  const back = encodeURIComponent(oauth.app.redirectUri)
  await expect(consentsAt(`${page}&redirect_uri=${back}`)).rejects.toThrow('S256')
  const { refresh } = oauth.current()!
  const renew = () =>
    fetch(`${stack.url}/apps-api/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refresh,
        client_id: oauth.app.clientId,
      }),
    })
  expect((await renew()).status).toBe(200)
  expect((await renew()).status).toBe(400)
})

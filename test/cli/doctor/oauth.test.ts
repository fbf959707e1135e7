import { expect, test } from 'vitest'
import { type Environment, startPatient } from '../../support/checkup.ts'
import { connectStack, credentialsKey } from '../../support/oauth.ts'

/** A patient whose stack lets the app in by OAuth, once `connects` was called. */
async function startWithOAuth() {
  const patient = await startPatient()
  const { stack, database, configure, makeDatabase } = patient
  const { appUid: app_uid, clientId: client_id } = stack.oauth.app
  configure({ oauth: { app_uid, client_id, app_url: stack.url } })
  await makeDatabase()
  const look = (key = credentialsKey, env: Environment = {}) => patient.look({ env: { CREDENTIALS_KEY: key, ...env } })
  return { ...patient, look, connects: (now = () => new Date()) => connectStack(stack, database, { now }) }
}

test('the doctor tries both reads by OAuth, and says that edits have never been seen in use', async () => {
  const { connects, look } = await startWithOAuth()
  await connects()
  const { code, of } = await look()
  expect(of('website: credential')).toEqual([
    expect.stringMatching(/^ok The OAuth access can read .*never been seen in use/),
  ])
  expect(of('website: branches')).toEqual([expect.stringMatching(/^ok Branches are on: 3 branches, 2 aliases/)])
  expect(code).toBe(0)
})

test('the doctor renews nothing: an access that is due is left to the app', async () => {
  const { stack, connects, look } = await startWithOAuth()
  await connects(() => new Date(Date.now() - 3_600_000))
  const { code, of } = await look()
  expect(of('website: credential')).toEqual([
    expect.stringMatching(/^warning .*left to Countersign itself.* → Start Counter/),
  ])
  expect(of('website: branches')).toEqual([])
  expect(stack.oauth.counted.granted).toBe(1)
  expect(code).toBe(0)
})

test.each([
  [
    'nobody has connected it',
    false,
    credentialsKey,
    null,
    /uses OAuth, and nobody has connected it yet.*npm run connect/,
  ],
  ['it was encrypted with another key', true, 'k'.repeat(40), null, /can't be decrypted with this CREDENTIALS_KEY/],
  [
    'Contentstack refuses it',
    true,
    credentialsKey,
    403,
    /may not manage the tokens.*→ .*use an authtoken: the way that is/,
  ],
  ['the key is missing', true, '', null, /can't be decrypted/],
])('the doctor says why the access by OAuth is of no use: %s', async (_, isConnected, key, status, words) => {
  const { stack, connects, look } = await startWithOAuth()
  if (isConnected) await connects()
  const access = stack.oauth.current()?.access ?? 'none'
  const error_message = `No scope for ${access}.`
  if (status) stack.trouble.refuseReads = { status, body: { error_message, error_code: 316 } }
  const { code, of, findings } = await look(key)
  expect(of('website: credential')).toEqual([expect.stringMatching(words)])
  expect(code).toBe(1)
  expect(JSON.stringify(findings)).not.toContain(access)
  if (key === '') expect(JSON.stringify(findings)).toContain('CREDENTIALS_KEY is missing')
})

test('the doctor looks for the access in no other database, if COUNTERSIGN_DB cannot be used', async () => {
  const { look, database } = await startWithOAuth()
  const { of } = await look(credentialsKey, { COUNTERSIGN_DB: `postgres://me:hush-hush@127.0.0.1/${database}` })
  expect(of('website: credential')).toEqual([
    "warning The stack was not asked, since its OAuth access is in the database, and COUNTERSIGN_DB can't be used.",
  ])
  expect(of('website: region')).toEqual([])
})

import { describe, expect, test } from 'vitest'
import type { EmulatedStack } from '../../src/sandbox/stack/stack.ts'
import { eventually } from '../support/eventually.ts'
import { emptyDatabase } from '../support/file.ts'
import { connectStack, credentialsKey, grantsAt } from '../support/oauth.ts'
import { freePort } from '../support/port.ts'
import { createWorld, slow } from './world.ts'

/** A stack by OAuth whose access token ended an hour ago, so that the app renews it at once. */
async function createOAuthWorld(context: Parameters<typeof createWorld>[0]) {
  const port = await freePort()
  const app = { appUid: '5c1de0app', clientId: '5c1de0client' }
  const oauth = { app_uid: app.appUid, client_id: app.clientId, app_url: `http://127.0.0.1:${port}` }
  const website = { approvers: ['U0BOB', 'U0CAROL'], oauth }
  const world = await createWorld(context, { stack: { port, app }, website })
  emptyDatabase(world.database)
  const starts = (killAt?: string) =>
    world.start({ ...(killAt && { killAt }), env: { CREDENTIALS_KEY: credentialsKey } })
  const kept = () => grantsAt(world.database).grant('website')
  await connectStack(world.stack, world.database, { now: () => new Date(Date.now() - 3_600_000) })
  return { ...world, oauth: world.stack.oauth, starts, kept }
}

const killed = { code: null, signal: 'SIGKILL' }

/** The commits of a renewal, by their names in `at-commit.ts`: it is claimed, and what was granted is stored. */
const [claimed, stored] = ['renewal_began 1', 'client_id 1']

describe.concurrent('an app that is killed while it renews its access by OAuth', slow, () => {
  test.for([
    ['before it claims the renewal', `before ${claimed}`, 1],
    ['once it has claimed it', `after ${claimed}`, 1],
    ['once the new token is stored', `after ${stored}`, 2],
  ] as const)('%s goes on by itself', async ([, killAt, granted], context) => {
    const { stack, oauth, starts, kept, passTime } = await createOAuthWorld(context)
    expect(await (await starts(killAt)).exited).toEqual(killed)
    expect(oauth.counted).toEqual({ granted, refused: 0 })
    expect(reads(stack)).toEqual([])
    passTime()
    passTime()
    await (await starts()).ready
    await eventually(() => expect(reads(stack)).toContain(200))
    expect(reads(stack)).not.toContain(401)
    expect(oauth.counted).toEqual({ granted: 2, refused: 0 })
    expect(await kept()).toMatchObject({ number: 2, ended: null, renewalBegan: null })
  })

  test('that is stopped meanwhile stores what Contentstack granted before it ends', async (context) => {
    const { slack, oauth, starts, kept } = await createOAuthWorld(context)
    const [granted, isLet] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    oauth.afterGranting = async () => {
      granted.resolve()
      await isLet.promise
    }
    const app = await starts()
    await granted.promise
    await app.ready
    const ended = app.terminate()
    await eventually(() => expect(slack.connections).toBe(0))
    isLet.resolve()
    expect(await ended).toEqual({ code: 0, signal: null })
    expect(await kept()).toMatchObject({ number: 2, renewalBegan: null })
  })

  test('between what Contentstack granted and its storing says that this is lost, and goes on once it is connected again', async (context) => {
    const { stack, oauth, starts, kept, passTime, database } = await createOAuthWorld(context)
    expect(await (await starts(`before ${stored}`)).exited).toEqual(killed)
    expect(oauth.counted).toEqual({ granted: 2, refused: 0 })
    expect(await kept()).toMatchObject({ number: 1, ended: null, renewalBegan: expect.any(String) })
    passTime()
    passTime()
    const next = await starts()
    const lost = 'its OAuth access was lost in a renewal; npm run connect -- website lets it in again'
    expect(await next.says(new RegExp(`"why":"${lost}`))).toContain(
      'does not let the app in: an operator must fix that',
    )
    expect(await kept()).toMatchObject({ ended: 'lost' })
    expect(oauth.counted).toEqual({ granted: 2, refused: 1 })
    expect(reads(stack)).toEqual([])
    await connectStack(stack, database)
    passTime()
    passTime()
    await next.says(/lets the app in again/)
    expect(next.stdout.split('does not let the app in')).toHaveLength(2)
  })
})

function reads({ requests }: EmulatedStack): (number | null)[] {
  return requests.map(({ status }) => status)
}

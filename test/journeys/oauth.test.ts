import { expect, onTestFinished, test } from 'vitest'
import { exampleTokens } from '../../src/sandbox/stack/example-tokens.ts'
import { startStack } from '../../src/sandbox/stack/stack.ts'
import { writtenBy } from '../support/engine.ts'
import { startWorld, type Transport, transports } from '../support/journey.ts'
import { connectStack, credentialsKey } from '../support/oauth.ts'
import { freePort } from '../support/port.ts'

const clientSecret = 'client-secret-of-the-shop'

/** A world with a shop beside the website, which lets the app in by OAuth once somebody has connected it. */
async function startWithShop(transport: Transport) {
  const clock = { ahead: 0 }
  const now = () => new Date(Date.now() + clock.ahead)
  const tokens = exampleTokens().map((token) => ({ ...token, name: `shop-${token.name}` }))
  const shop = await startStack({
    ...{ title: 'Shop', apiKey: 'blt5c1de0000000050f', tokens, now: () => now().getTime() },
    app: { clientSecret },
  })
  onTestFinished(() => shop.stop())
  const { appUid: app_uid, clientId: client_id } = shop.oauth.app
  const oauth = { app_uid, client_id, client_secret_env: 'SHOP_SECRET', app_url: shop.url }
  const port = await freePort()
  const world = await startWorld({
    transport,
    others: [{ name: 'shop', api_key: shop.apiKey, base_url: shop.url, oauth }],
    env: { HEALTH_PORT: String(port), CREDENTIALS_KEY: credentialsKey, SHOP_SECRET: clientSecret },
  })
  const health = async () => (await fetch(`http://127.0.0.1:${port}/health`)).json() as Promise<Health>
  /** Resolves once it is so: time passes no faster than the app can work. */
  const untilLater = (what: string, isSo: () => boolean | Promise<boolean>) => {
    let polls = 0
    return world.until(what, () => {
      if (++polls % 20 === 0) passes(30)
      return isSo()
    })
  }
  /** Resolves once this is why the shop does not let the app in; with null once it does. */
  const turns = (why: RegExp | null) =>
    untilLater(`the shop to be ${why}`, async () => {
      const found = (await health()).stacks.find(({ name }) => name === 'shop')!.why
      return why === null ? found === null : found !== null && why.test(found)
    })
  const connects = () =>
    connectStack(shop, world.config.database, { name: 'shop', now, auditKey: world.config.auditKey })
  const passes = (seconds: number) => {
    clock.ahead += seconds * 1000
    world.passes(seconds)
  }
  const errors = () =>
    world.logs.filter((line) => line.includes('"level":50') && line.includes('does not let the app in'))
  return { ...world, shop, health, turns, connects, passes, errors, untilLater }
}

type Health = {
  readonly status: string
  readonly stacks: readonly { readonly name: string; readonly why: string | null }[]
}

test.each(transports)(
  'a stack by OAuth waits until somebody connects it, and again once its access is revoked, while others go on, over %s',
  async (transport) => {
    const world = await startWithShop(transport)
    const { alice, bob, slack, stack, shop, health, turns, connects, passes, errors, until, untilLater, store } = world
    await turns(/^nobody has connected it by OAuth yet: npm run connect -- shop does$/)
    expect((await health()).status).toBe('not accepted by Contentstack')
    expect(errors()).toEqual([expect.stringContaining('npm run connect -- shop')])

    await connects()
    await turns(null)
    await until('its tokens', () => store.knownFacts('shop'))
    const first = await alice.asksFor('shop-ci-deploy', { name: 'shop-ci' })
    await bob.approves(first)
    await slack.waitFor(() => /was applied/.test(bob.card(first).text), 'the outcome')
    expect(shop.takenUpdates()).toBe(1)

    const waits = await alice.asksFor('shop-ci', { name: 'shop-ci-2' })
    const goesOn = await alice.asksFor('ci-deploy', { name: 'ci' })
    shop.oauth.revoke()
    passes(3600)
    await bob.approves(waits)
    await bob.approves(goesOn)
    await slack.waitFor(() => /was applied/.test(bob.card(goesOn).text), 'the other outcome')
    await turns(/^its OAuth access has ended; npm run connect -- shop lets it in again$/)
    expect(bob.card(waits).text).not.toMatch(/was applied|failed/)
    expect(stack.takenUpdates()).toBe(1)
    expect(errors()).toHaveLength(2)

    await connects()
    await turns(null)
    await untilLater('the outcome', () => /was applied/.test(bob.card(waits).text))
    expect(shop.takenUpdates()).toBe(2)
    expect(errors()).toHaveLength(2)

    const { access, refresh } = shop.oauth.current()!
    const places = {
      ...(await writtenBy(world)),
      log: world.logs.join(''),
      Slack: JSON.stringify(slack.calls.map(({ args }) => args)),
      health: JSON.stringify(await health()),
    }
    for (const [where, text] of Object.entries(places))
      for (const secret of [access, refresh, clientSecret, credentialsKey])
        expect(text.includes(secret), `${secret} is in ${where}`).toBe(false)
  },
)

test('a stack by OAuth that repeats its access token in a refusal does not spread it', async () => {
  const { shop, connects, turns, logs, health, untilLater } = await startWithShop('socket')
  await connects()
  await turns(null)
  const { access } = shop.oauth.current()!
  shop.trouble.refuseReads = { status: 403, body: { error_message: `Not with ${access}.`, error_code: 316 } }
  await untilLater('health to say so', async () => (await health()).status === 'not accepted by Contentstack')
  expect(logs.join('') + JSON.stringify(await health())).not.toContain(access)
})

test('a renewal that is refused for reasons of its own is tried again, is reported once, and costs no access', async () => {
  const { shop, connects, turns, passes, errors, health, untilLater } = await startWithShop('socket')
  await connects()
  await turns(null)
  const { oauth } = shop
  const [tries, told] = [oauth.asked, errors().length]
  oauth.trouble.answers = '400'
  passes(3600)
  await turns(/^its OAuth access is not renewed; npm run connect -- shop lets it in again$/)
  await untilLater('more tries', () => oauth.asked > tries + 2)
  expect((await health()).status).toBe('not accepted by Contentstack')
  expect(errors().slice(told)).toEqual([expect.stringContaining('its OAuth access is not renewed')])
  oauth.trouble.answers = 'ok'
  await turns(null)
  expect((await health()).status).toBe('ok')
  expect(errors()).toHaveLength(told + 1)
})

import { Writable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { exportAudit } from '../../src/cli/audit/export.ts'
import { cancelChange } from '../../src/cli/change/cancel.ts'
import { listChanges } from '../../src/cli/change/list.ts'
import { proposeChange } from '../../src/cli/change/propose.ts'
import { showChange } from '../../src/cli/change/show.ts'
import { tellHistory } from '../../src/cli/token/history.ts'
import { showToken } from '../../src/cli/token/show.ts'
import { exampleTokens } from '../../src/sandbox/stack/example-tokens.ts'
import { startStack } from '../../src/sandbox/stack/stack.ts'
import { startWorld, type World } from '../support/journey.ts'
import { atTerminalOf } from '../support/terminal.ts'

const asked = { token: 'site/ci-deploy', as: 'U0ALICE', reason: 'The pipeline moved', name: 'ci' }

/** Alice has asked for a change on the website, which has since been renamed `site`. */
async function renamed(): Promise<World> {
  const world = await startWorld({ transport: 'socket' })
  await world.alice.asksFor('ci-deploy', { name: 'ci-1' })
  await world.restarts({ name: 'site' })
  return world
}

const at = ({ env }: World, command: Parameters<typeof atTerminalOf>[1]) => atTerminalOf(env, command)

describe('at a terminal, a stack that was renamed', () => {
  test('goes by its new name, with its earlier changes', async () => {
    const world = await renamed()
    const list = await at(world, (around) => listChanges({}, around))
    expect(list.out).toMatch(/^#1 +ci-deploy +site /m)
    const ofToken = await at(world, (around) => listChanges({ token: 'site/ci-deploy', json: true }, around))
    expect(JSON.parse(ofToken.out).changes).toMatchObject([{ id: 1, stack: 'site' }])
    const shown = await at(world, (around) => showChange('1', { json: true }, around))
    expect(JSON.parse(shown.out).change).toMatchObject({ id: 1, stack: 'site' })
    const token = await at(world, (around) => showToken('site/ci-deploy', {}, around))
    expect(token.out).toMatch(/#1 Renames "ci-deploy" to \S+ · "site"/)
    for (const typed of ['ci-deploy', 'site/ci-deploy', 'site/blt5c1de0000000a001']) {
      const history = await at(world, (around) => tellHistory(typed, { json: true }, around))
      expect(JSON.parse(history.out)).toMatchObject({ token: { stack: 'site' }, changes: [{ id: 1, stack: 'site' }] })
    }
    const cancelled = await at(world, (around) => cancelChange('1', { json: true }, around))
    expect(JSON.parse(cancelled.out).change).toMatchObject({ status: 'cancelled', stack: 'site' })
  })

  test('is exported by its new name, under the id that the log uses', async () => {
    const { env } = await renamed()
    const lines: string[] = []
    const out = new Writable({ write: (chunk, _, done) => done(void lines.push(String(chunk))) })
    const around = { env, tell: () => {}, complain: (line: string) => void lines.push(line), out }
    expect(await exportAudit({ format: 'ndjson', token: 'site/ci-deploy' }, around)).toBe(0)
    const [head, first] = lines
      .join('')
      .split('\n')
      .map((line) => line && JSON.parse(line))
    expect(head.token).toEqual({ stack: 'website', uid: 'blt5c1de0000000a001' })
    expect(first).toMatchObject({ changeId: 1, type: 'proposed' })
  })

  test('takes proposals by its new name, once for each --origin', async () => {
    const world = await renamed()
    const proposal = { ...asked, origin: 'nightly', json: true }
    const first = await at(world, (around) => proposeChange(proposal, around))
    expect(JSON.parse(first.out)).toMatchObject({ edit: { stack: 'site' }, change: { id: 2, stack: 'site' } })
    const again = await at(world, (around) => proposeChange(proposal, around))
    expect(JSON.parse(again.out)).toMatchObject({ earlier: true, change: { id: 2, stack: 'site' } })
    const [one, two] = await Promise.all([1, 2].map(async (id) => (await world.store.get(id)).change))
    expect([one?.stack, two?.stack, one?.stackKey]).toEqual(['website', 'website', two?.stackKey])
    await world.restarts({ name: 'www' })
    const later = await at(world, (around) => proposeChange({ ...proposal, token: 'www/ci-deploy' }, around))
    expect(JSON.parse(later.out)).toMatchObject({ earlier: true, change: { id: 2, stack: 'www' } })
  })
})

test('what is seen of a stack at a terminal does not count for another that had its name before', async () => {
  const shop = await startStack({ title: 'Shop', apiKey: 'blt5c1de0000000050f', tokens: exampleTokens() })
  onTestFinished(() => shop.stop())
  const world = await startWorld({ transport: 'socket' })
  const card = await world.alice.asksFor('ci-deploy', { name: 'ci-1' })
  await world.restarts({ name: 'site' }, [{ name: 'website', api_key: shop.apiKey, base_url: shop.url }])
  await world.until('both to be seen', async () => (await world.store.knownFacts('website~2')) !== null)
  shop.point('live', 'development')
  const { ok } = await at(world, (around) => proposeChange({ ...asked, token: 'website/ci-deploy', name: 'x' }, around))
  expect(ok).toBe(true)
  expect(await world.store.knownFacts('website')).toMatchObject({ title: 'Website', aliasTargets: { live: 'main' } })
  expect(await world.store.knownFacts('website~2')).toMatchObject({
    title: 'Shop',
    aliasTargets: { live: 'development' },
  })
  expect(world.alice.card(card).text).not.toContain('was stopped')
})

test('nothing is proposed on a stack that the running app was started without', async () => {
  const world = await startWorld({ transport: 'socket' })
  const before = (await world.store.events()).length
  world.configure({ name: 'site' })
  const { ok, err } = await at(world, (around) => proposeChange(asked, around))
  expect([ok, err]).toEqual([
    false,
    'When the app was last started, it had no stack "site" with this api_key. Nothing was done: start it with these settings first.',
  ])
  expect(await world.store.events()).toHaveLength(before)
})

import type { HomeView } from '@slack/types'
import { expect, test, vi } from 'vitest'
import { createRests } from '../../../src/slack/calls/rests.ts'
import { SlackNo } from '../../../src/slack/calls/said.ts'
import { createSender } from '../../../src/slack/calls/sender.ts'
import { createPublishHome } from '../../../src/slack/home/publish-home.ts'
import { closedHome, homeView } from '../../../src/slack/home/view.ts'
import { alice, bob } from '../../support/world.ts'
import { asked } from '../kit/asked.ts'
import { parts } from '../kit/drawn.ts'
import { startWorkspace } from '../workspace.ts'
import { homeOf, listed, pageOf } from './drawn-homes.ts'

const expired = asked({}, { type: 'expired', at: '2026-06-08T09:00:00.000Z' })
const home = homeOf({ recent: pageOf('recent', [listed(expired)]) })
const view = (options: { tables: boolean }): HomeView => homeView(home, options)
const drawn = { view, digest: '' }

const hasTable = (blocks: unknown) => parts(blocks).some(({ type }) => type === 'table')

async function publishing(options: Parameters<typeof startWorkspace>[0]) {
  const workspace = await startWorkspace(options)
  const warnings: string[] = []
  const log = { warn: (_: object, text: string) => void warnings.push(text) }
  return {
    ...workspace,
    warnings,
    publish: createPublishHome({ client: workspace.client, sender: createSender({ rests: createRests() }), log }),
  }
}

test('if Slack takes a table on Home, it gets one', async () => {
  const { slack, publish, warnings } = await publishing({})
  await publish(alice, drawn)
  expect(hasTable(slack.as(alice).home()?.blocks)).toBe(true)
  expect(warnings).toEqual([])
})

test('if it takes none, the same is said without one, and nobody asks again', async () => {
  const { slack, publish, warnings, asked } = await publishing({ tablesOnHome: false })
  await publish(alice, drawn)
  expect(slack.as(alice).home()?.blocks).toMatchObject(view({ tables: false }).blocks)
  expect(asked('views.publish')).toBe(2)
  expect(warnings).toEqual([expect.stringContaining('does not accept a table')])
  await publish(bob, drawn)
  expect(hasTable(slack.as(bob).home()?.blocks)).toBe(false)
  expect(asked('views.publish')).toBe(3)
})

test('a publish that conflicts with another is repeated once, and stays', async () => {
  const { publish, client, warnings } = await publishing({})
  const given = vi.spyOn(client, 'apiCall')
  given.mockRejectedValueOnce(new SlackNo('views.publish', { ok: false, error: 'hash_conflict' }))
  await publish(alice, drawn)
  expect(given.mock.calls.map(([method, args]) => [method, args?.hash])).toEqual(
    Array(2).fill(['views.publish', undefined]),
  )
  expect(warnings).toEqual([])
})

test('a publish that conflicts again and again is no more than two calls, and a failure', async () => {
  const { slack, publish, asked } = await publishing({})
  slack.trouble.fail['views.publish'] = 'hash_conflict'
  await expect(publish(alice, drawn)).rejects.toThrow('hash_conflict')
  expect(asked('views.publish')).toBe(2)
})

test('a refusal for another reason does not mean doing without tables', async () => {
  const { slack, publish, warnings, asked } = await publishing({})
  slack.trouble.fail['views.publish'] = 'internal_error'
  await expect(publish(alice, drawn)).rejects.toThrow('internal_error')
  expect(asked('views.publish')).toBe(1)
  slack.trouble.fail['views.publish'] = 'invalid_arguments'
  await expect(publish(alice, { ...drawn, view: () => closedHome('no') })).rejects.toThrow('invalid_arguments')
  delete slack.trouble.fail['views.publish']
  await publish(alice, drawn)
  expect(hasTable(slack.as(alice).home()?.blocks)).toBe(true)
  expect(warnings).toEqual([])
})

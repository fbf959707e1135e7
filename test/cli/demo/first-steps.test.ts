import { WebClient } from '@slack/web-api'
import { expect, onTestFinished, test } from 'vitest'
import { firstSteps } from '../../../src/cli/demo/first-steps.ts'
import { stepsNow } from '../../../src/sandbox/page/first-steps.ts'
import { startStack } from '../../../src/sandbox/stack/stack.ts'
import { approvals, button, buttons, section, workspace } from '../../sandbox/slack/support.ts'

test('once the only change was rejected, the first steps begin again with asking', async () => {
  const slack = await workspace()
  const stack = await startStack()
  onTestFinished(() => stack.stop())
  const { chat } = new WebClient(slack.botToken, { slackApiUrl: `${slack.url}/api/` })
  const next = () => stepsNow(firstSteps, { slack, stack }).steps.find(({ done }) => !done)
  expect(next()).toMatchObject({ who: 'U0ALICE', offer: { text: '/token edit ci-deploy' } })

  const waiting = [section('#1'), buttons('decide', button('approve'))] as never[]
  const { ts = '' } = await chat.postMessage({ channel: approvals, text: '#1', blocks: waiting })
  expect(next()).toMatchObject({ who: 'U0BOB', before: 'approve it in' })
  await chat.update({ channel: approvals, ts, text: '#1', blocks: [section('#1, being applied')] as never[] })
  expect(next()).toMatchObject({ who: 'U0BOB' })

  await chat.postMessage({ channel: approvals, thread_ts: ts, text: 'Change #1 ended' })
  expect(next()).toMatchObject({ who: 'U0ALICE', before: 'send' })
})

import { isDeepStrictEqual } from 'node:util'
import { startDemo } from '../src/cli/demo/demo.ts'
import { auditKey } from '../src/domain/audit/chain.ts'
import type { WireToken } from '../src/sandbox/stack/wire-token.ts'
import { openStore } from '../src/storage/sqlite/store.ts'

/** The entries of the change in the audit log at the end. */
const steps = 'proposed approved apply_started write_answered applied'

for (const update of ['replace', 'merge'] as const) await wholeWay(update)

/**
 * Takes one change all the way through the demo, without a browser: Alice asks, Bob approves, the stack takes it. Every
 * step is checked where it shows: in what the emulated Slack and the emulated stack got. Ends with 1 on the first step
 * that did not happen.
 */
async function wholeWay(update: 'replace' | 'merge'): Promise<void> {
  const demo = await startDemo({ port: 0, quiet: true })
  const { slack, stack } = demo
  stack.behaviour.update = update
  const alice = slack.as('U0ALICE')
  const bob = slack.as('U0BOB')

  const token = stack.tokens().find((token) => token.name === 'ci-deploy')!
  say(`The token before, on a stack that does ${update}`, token)

  await alice.command('/token edit ci-deploy')
  await slack.waitFor(() => alice.modal()?.view.callback_id === 'edit_form', 'the form')
  step('Alice types /token edit ci-deploy, and the form opens', true)
  await alice.press({ id: alice.modal()!.id }, 'form_open_naming')
  await slack.waitFor(() => JSON.stringify(alice.modal()?.view.blocks).includes('"name:1"'), 'the name')
  await alice.fill('name:1', 'form_name', 'CI deploy')
  await alice.fill('description:1', 'form_description', 'Deploys the website from CI')
  await alice.fill('reason:1', 'form_reason', 'The new pipeline needs a clearer name')
  await alice.submit()
  step('the preview opens over it', alice.modal()?.view.callback_id === 'preview')
  await alice.submit()
  step('she sends it, and every form closes', alice.modal() === undefined)

  const posted = await slack.waitFor(() => bob.messages('C0APPROVALS')[0], 'the card')
  step('the card is in the channel, waiting for approval', /is waiting for .*approval/.test(posted.text))
  step('it begins with what the change means', posted.text.includes('Neutral: what the token may do stays the same.'))
  step('nothing has been written yet', stack.takenUpdates() === 0)
  await bob.press(posted, 'approve')
  step('Bob presses Approve', true)
  const done = await slack.waitFor(
    () => bob.messages('C0APPROVALS').find((card) => /was applied/.test(card.text)),
    'the outcome',
  )
  step('the same card says that it is applied, and has no buttons', done.ts === posted.ts && !hasButtons(done.blocks))
  step('the stack took one update', stack.takenUpdates() === 1)
  const after = stack.token(token.uid)!
  step('with what was approved', after.name === 'CI deploy' && after.description === 'Deploys the website from CI')
  step('and all else as it was', isDeepStrictEqual({ ...token, ...changed(after) }, after))
  await slack.waitFor(
    () => alice.messages('dm').some((message) => /was applied/.test(message.text)),
    'the message to Alice',
  )
  step('Alice is told', true)

  const store = openStore(demo.database, undefined, auditKey(demo.auditKey))
  const trail = await store.events(1)
  say('The audit trail', ...trail.map(({ seq, at, actor, event }) => `${seq} ${at} ${actor} ${event.type}`))
  store.close()
  step('every step is in the audit trail', trail.map(({ event }) => event.type).join(' ') === steps)
  say('The token after', after)
  await demo.stop()
}

function step(what: string, seen: boolean): void {
  process.stdout.write(`${seen ? 'ok  ' : 'FAIL'} ${what}\n`)
  if (!seen) process.exit(1)
}

function say(title: string, ...lines: unknown[]): void {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line, null, 2)))
  process.stdout.write(`\n${title}\n${text.join('\n')}\n\n`)
}

function hasButtons(blocks: readonly { type: string }[]): boolean {
  return blocks.some((block) => block.type === 'actions')
}

function changed({ name, description, updated_at, updated_by }: WireToken) {
  return { name, description, updated_at, updated_by }
}

import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startDemo } from '../../src/cli/demo/demo.ts'
import { type Checkpoint, checkpointOf } from '../../src/domain/audit/chain.ts'
import { checkpointInText } from '../../src/domain/audit/checkpoint-text.ts'
import type { EmulatedSlack } from '../../src/sandbox/slack/protocol.ts'
import type { SeenRequest } from '../../src/sandbox/stack/stack.ts'
import { eventually } from '../support/eventually.ts'
import { gone, inBrowser, noBrowser, useBrowser } from './browser.ts'
import { actAs, openChannel } from './page-world.ts'

async function openDemo(open: (url: string) => Promise<Page>) {
  const demo = await startDemo({ port: 0, quiet: true })
  onTestFinished(() => demo.stop())
  const page = await open(demo.url)
  return { ...demo, page }
}

async function send(page: Page, text: string) {
  const composer = page.getByLabel(/^Message to #/)
  await composer.fill(text)
  await composer.press('Enter')
}

/** An answered look behind an open form. */
function isLookAt({ path, status }: SeenRequest, uid: string): boolean {
  return path.endsWith(`/${uid}`) && status === 200
}

/** With SCREENSHOTS set, takes the documents' pictures again: `SCREENSHOTS=1 npx vitest run test/browser/demo`. */
async function picture(what: Page | Locator, name: string) {
  if (process.env.SCREENSHOTS) await what.screenshot({ path: `docs/${name}.png` })
}

/** Alice opens a group of the form in front of her. */
async function opens(slack: EmulatedSlack, group: string) {
  const alice = slack.as('U0ALICE')
  await alice.press({ id: alice.modal()!.id }, `form_open_${group}`)
  await slack.waitFor(() => JSON.stringify(alice.modal()?.view.blocks).includes(`form_close_${group}`), group)
}

/** Not the button for an approval with a comment. */
const approve = 'Approve: change #1'

describe.skipIf(noBrowser)(`the demo, ${inBrowser}`, () => {
  const open = useBrowser()

  test('Alice asks for less, Bob approves it, and everybody sees what it means and that the token changed', async () => {
    const { anchors, page, stack } = await openDemo(open)

    await send(page, '/token edit ci-deploy')
    const form = page.getByRole('dialog', { name: 'Edit token' })
    await form.getByRole('button', { name: 'Edit: Name and description' }).click()
    await form.getByLabel('Name', { exact: true }).fill('website-deploy')
    await form.getByRole('textbox', { name: 'Description' }).fill('Deploys the website from CI, once tests have passed')
    await form.getByRole('button', { name: 'Edit: Access' }).click()
    await form.getByRole('combobox', { name: 'Add or change a module…' }).click()
    await page.getByRole('option', { name: 'Entries (read and write)' }).click()
    await form.getByRole('combobox', { name: 'Entries' }).click()
    await page.getByRole('option', { name: 'Read', exact: true }).click()
    await picture(page, 'form')
    await form.getByLabel('Reason').fill('The deploy job only reads entries now')
    await form.getByRole('button', { name: 'Check the change' }).click()

    const preview = page.getByRole('dialog', { name: 'Check the change' })
    await preview.getByText('Narrows: loses write on entries.').waitFor()
    await preview.getByText('website-deploy').waitFor()
    await picture(page, 'preview')
    await preview.getByRole('button', { name: 'Send for approval' }).click()
    await preview.waitFor({ state: 'hidden' })

    await actAs(page, 'Bob')
    await openChannel(page, 'token-approvals')
    const card = page.getByRole('article').filter({ hasText: /#1\b/ })
    await card.getByText('loses write on entries').waitFor()
    await card.getByText('is waiting for 1 approval').waitFor()
    await card.getByText('@owners, @security: needs').waitFor()
    await picture(page, 'card-before')
    await card.getByRole('button', { name: approve }).click()
    await card.getByText('was applied').waitFor()
    await gone(card.locator('.block-actions'))
    await page.getByLabel('Token website-deploy').waitFor()
    await picture(page, 'card-after')

    const thread = card.getByRole('region', { name: 'Thread' })
    await thread.getByRole('button', { name: '1 reply' }).click()
    await thread.getByText('Audit checkpoint, for auditors, after change #1 ended').waitFor()
    // The file and the thread get it at the same time, in no order; the file already has an earlier one, since the log
    // had grown.
    const line = await eventually(() => readFileSync(anchors!, 'utf8').match(/^.*"change":1\b.*(?=\n)/m)![0])
    const { size, head, digest } = JSON.parse(line) as Checkpoint
    await thread.getByText(checkpointInText({ size, head, digest })).waitFor()
    // It takes the demo's own key to make that digest.
    expect(digest).not.toBe(checkpointOf(size, head, null).digest)

    expect(stack.takenUpdates()).toBe(1)
    expect(stack.tokens().map((token) => token.name)).toContain('website-deploy')
    await actAs(page, 'Alice')
    await openChannel(page, 'Countersign(?! Home)')
    await page.getByRole('article').getByText('was applied').waitFor()
  })

  test('the first step puts the command where Enter sends it, whoever was acting', async () => {
    const { page } = await openDemo(open)
    await actAs(page, 'Bob')
    await page.getByLabel('Message to #general').waitFor()
    await page.getByLabel('First steps').getByRole('button', { name: '/token edit ci-deploy' }).press('Enter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Message to #general')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Edit token' }).waitFor()
  })

  test('the first steps are ticked off as they are done, and point at the next person', async () => {
    const { page, slack } = await openDemo(open)
    const steps = page.getByLabel('First steps')
    const now = (text: string) => steps.locator('[aria-current=step]').filter({ hasText: text }).waitFor()
    const done = () => steps.getByText('Done: As').count()
    await now('As Alice, send /token edit ci-deploy')
    const alice = slack.as('U0ALICE')
    await alice.command('/token edit ci-deploy')
    await now('As Alice, change something, check it, and send it for approval')
    await slack.waitFor(() => alice.modal()?.view.callback_id === 'edit_form')
    await alice.closeModal()
    await now('As Alice, send /token edit ci-deploy')
    await alice.command('/token rename ci-deploy to website-deploy because it deploys more')
    await slack.waitFor(() => alice.modal()?.view.callback_id === 'preview')
    await alice.submit()

    await now('As Bob, approve it in #token-approvals')
    await page.getByRole('button', { name: /^Act as Bob .* next$/ }).waitFor()
    expect(await done()).toBe(2)
    const toCards = steps.getByRole('button', { name: '#token-approvals' })
    await toCards.click()
    await page.getByRole('button', { name: approve }).click()

    await now('As Alice, ask for more: /token grant website-deploy write on assets')
    await page.getByRole('button', { name: /Alice.*next$/ }).waitFor()
    await alice.command('/token grant website-deploy write on assets because pictures come from CI')
    await slack.waitFor(() => alice.modal()?.view.callback_id === 'preview')
    await alice.submit()
    for (const name of ['Bob', 'Dave']) {
      await now(`As ${name}, approve that in #token-approvals`)
      await toCards.click()
      await page.getByRole('button', { name: 'Approve: change #2' }).click()
      const form = page.getByRole('dialog', { name: 'Approve the change' })
      await form.getByRole('textbox').first().fill('website-deploy')
      await form.getByRole('button', { name: 'Approve' }).click()
    }
    await steps.getByText('All done.').waitFor()
    expect(await done()).toBe(5)
    await gone(page.getByRole('button', { name: /next$/ }))
  })

  test('Bob approves from App Home, which then shows the outcome by itself', async () => {
    const { page, slack } = await openDemo(open)
    const alice = slack.as('U0ALICE')
    await alice.command('/token edit ci-deploy')
    await slack.waitFor(() => alice.modal()?.view.callback_id === 'edit_form')
    await opens(slack, 'naming')
    await alice.fill('name:1', 'form_name', 'website-deploy')
    await alice.fill('reason:1', 'form_reason', 'It deploys more than CI builds')
    await alice.submit()
    await alice.submit()

    await actAs(page, 'Bob')
    await openChannel(page, 'Countersign Home')
    const home = page.getByTestId('home')
    await home.getByText('Neutral: what the token may do stays the same.').waitFor()
    await picture(page, 'home')
    await home.getByRole('button', { name: approve }).click()
    const form = page.getByRole('dialog', { name: 'Approve the change' })
    await form.getByText('website-deploy').waitFor()
    await form.getByRole('button', { name: 'Approve' }).click()
    await home.getByRole('row').filter({ hasText: '#1' }).getByText('Applied').waitFor()
    await home.getByText('Nothing is waiting for you.').waitFor()
    expect(await home.getByRole('columnheader').allInnerTexts()).toContain('Outcome')
  })

  test('an edit by hand between asking and approving is noticed, and not overwritten', async () => {
    const { page, stack, slack } = await openDemo(open)
    const alice = slack.as('U0ALICE')
    await alice.command('/token edit ci-deploy')
    await slack.waitFor(() => alice.modal()?.view.callback_id === 'edit_form')
    await opens(slack, 'naming')
    await alice.fill('description:1', 'form_description', 'What Alice wants')
    await alice.fill('reason:1', 'form_reason', 'Because')
    await alice.submit()
    await alice.submit()
    const { uid } = stack.tokens().find((token) => token.name === 'ci-deploy')!
    await eventually(() => expect(stack.requests.some((look) => isLookAt(look, uid))).toBe(true))
    stack.edit(uid, { description: 'Edited by hand' })

    await actAs(page, 'Bob')
    await openChannel(page, 'token-approvals')
    const card = page.getByRole('article').filter({ hasText: /#1\b/ })
    await card.getByRole('button', { name: approve }).click()
    await card.getByText('nothing was overwritten').waitFor()
    await card.getByText('Edited by hand').first().waitFor()
    expect(stack.takenUpdates()).toBe(0)
  })

  test('what somebody edited by hand is in the history, and the way back is a change like any other', async () => {
    const { page, stack } = await openDemo(open)
    const { uid } = stack.tokens().find((token) => token.name === 'ci-deploy')!
    const answered = () => stack.requests.filter(({ path, status }) => path.endsWith('_tokens') && status === 200)
    await eventually(() => expect(answered().length, 'the check of the credential, and the first look').toBe(2))
    stack.edit(uid, { description: 'Edited by hand' })
    await send(page, '/token show ci-deploy')
    const token = page.getByRole('dialog', { name: 'Token' })
    await token.getByText('Edited elsewhere').waitFor()
    const revert = token.getByRole('button', { name: 'Revert to before this' })
    await revert.scrollIntoViewIfNeeded()
    await picture(page, 'history')
    await revert.click()

    const form = page.getByRole('dialog', { name: 'Edit token' })
    expect(await form.getByRole('textbox', { name: 'Description' }).inputValue()).toBe('Deploys from CI')
    await form.getByLabel('Reason').fill('Nobody had agreed to it')
    await form.getByRole('button', { name: 'Check the change' }).click()
    const preview = page.getByRole('dialog', { name: 'Check the change' })
    await preview.getByText('Asked for as a revert to before the edit made elsewhere').waitFor()
    await preview.getByRole('button', { name: 'Send for approval' }).click()

    await actAs(page, 'Bob')
    await openChannel(page, 'token-approvals')
    const card = page.getByRole('article').filter({ hasText: /#1\b/ })
    await card.getByRole('button', { name: approve }).click()
    await card.getByText('was applied').waitFor()
    expect(stack.token(uid)?.description).toBe('Deploys from CI')
  })

  test('everybody is shown by their initials, whatever comes after their name', async () => {
    const { page } = await openDemo(open)
    const faces = page.getByRole('navigation', { name: 'Act as' }).locator('.avatar')
    await faces.first().waitFor()
    expect((await faces.allTextContents()).map((text) => text.trim())).toEqual([
      'AA',
      'BB',
      'CC',
      'DD',
      'MM',
      'GG',
      'SS',
    ])
  })

  test('the page’s note for Sam, who may type no commands, is shown to nobody else', async () => {
    const { page } = await openDemo(open)
    await actAs(page, 'Sam')
    await send(page, '/token help')
    const told = page.getByText('is of another workspace')
    await told.waitFor()
    await actAs(page, 'Alice')
    await page.getByLabel('Message to #general').waitFor()
    await gone(told)
  })

  test('Mallory, who may not approve, is told so and nobody else is', async () => {
    const { page, slack } = await openDemo(open)
    const alice = slack.as('U0ALICE')
    await alice.command('/token edit ci-deploy')
    await slack.waitFor(() => alice.modal()?.view.callback_id === 'edit_form')
    await opens(slack, 'naming')
    await alice.fill('name:1', 'form_name', 'other')
    await alice.fill('reason:1', 'form_reason', 'Because')
    await alice.submit()
    await alice.submit()

    await actAs(page, 'Mallory')
    await openChannel(page, 'token-approvals')
    await page.getByRole('article').getByRole('button', { name: approve }).click()
    await page
      .getByRole('article')
      .filter({ hasText: 'Only visible to you' })
      .getByText('only the people its rule names')
      .waitFor()
    await actAs(page, 'Bob')
    await openChannel(page, 'token-approvals')
    await page.getByRole('article').getByRole('button', { name: approve }).waitFor()
    await gone(page.getByText('Only visible to you'))
  })
})

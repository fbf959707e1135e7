import type { Locator, Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startDemo } from '../../src/cli/demo/demo.ts'
import { inBrowser, noBrowser, useBrowser } from './browser.ts'
import { actAs, openChannel } from './page-world.ts'

/** Slack's modal on a small laptop. */
const window = { width: 1440, height: 700 }

/** Presses and keys of somebody, and the most that they had before them in one form. */
type Done = { presses: number; keys: number; inputs: number; height: number }

/** Everything is pressed and typed through this, so that it is counted. With MEASURED set, `report` prints it. */
function hands(page: Page) {
  const done: Done = { presses: 0, keys: 0, inputs: 0, height: 0 }
  const form = page.getByRole('dialog')
  return { form, press, type, say, done }

  async function press(what: Locator): Promise<void> {
    await what.click()
    done.presses++
    await look()
  }

  async function type(where: Locator, text: string): Promise<void> {
    await where.fill(text)
    done.keys += text.length
    await look()
  }

  async function say(text: string): Promise<void> {
    const composer = page.getByLabel(/^Message to #/)
    await type(composer, text)
    await composer.press('Enter')
    done.presses++
    await form.waitFor()
    await look()
  }

  async function look(): Promise<void> {
    const seen = await page.evaluate(() => {
      const body = document.querySelector('.modal-body')
      const beside = (body?.closest('.modal')?.clientHeight ?? 0) - (body?.clientHeight ?? 0)
      return body && { inputs: body.querySelectorAll('.input').length, height: body.scrollHeight + beside }
    })
    done.inputs = Math.max(done.inputs, seen?.inputs ?? 0)
    done.height = Math.max(done.height, seen?.height ?? 0)
  }
}

type Hands = ReturnType<typeof hands>

function report(what: string, { presses, keys, inputs, height }: Done): void {
  if (process.env.MEASURED)
    console.log(`| ${what} | ${presses} | ${keys} | ${inputs || '–'} | ${height ? `${height} px` : '–'} |`)
}

const reason = 'The release moved by a quarter'

/** Each edit as somebody makes it in the form. `opened`: the group of the form, and then what is done in it. */
const edits: readonly (readonly [what: string, group: string, (hands: Hands, page: Page) => Promise<void>])[] = [
  ['extend by 90 days', 'Expiry', ({ form, press }) => press(form.getByRole('button', { name: '+90 days' }))],
  ['rename', 'Name and description', ({ form, type }) => type(form.getByLabel('Name', { exact: true }), 'ci-website')],
  [
    'grant write on assets',
    'Access',
    async ({ form, press }, page) => {
      await press(form.getByRole('combobox', { name: /a module…/ }))
      await press(page.getByRole('option', { name: /^Assets/ }))
      await press(form.getByRole('combobox', { name: 'Assets' }))
      await press(page.getByRole('option', { name: 'Read and write', exact: true }))
    },
  ],
  [
    'add a branch',
    'Scope',
    async ({ form, press }, page) => {
      await press(form.getByRole('combobox', { name: 'Branches' }))
      await press(page.getByRole('option', { name: /^feature/ }).first())
    },
  ],
]

describe.skipIf(noBrowser)(`a usual edit, ${inBrowser}`, () => {
  const open = useBrowser()

  async function demo() {
    const demo = await startDemo({ port: 0, quiet: true })
    onTestFinished(() => demo.stop())
    const page = await open(demo.url)
    await page.setViewportSize(window)
    return page
  }

  /** From the command until the form is sent. */
  async function ask(page: Page, group: string, does: (typeof edits)[number][2]): Promise<Done> {
    const own = hands(page)
    await own.say('/token edit ci-deploy')
    await own.press(own.form.getByRole('button', { name: `Edit: ${group}` }))
    await own.form.getByRole('button', { name: `Edit: ${group}` }).waitFor({ state: 'hidden' })
    await does(own, page)
    await own.type(own.form.getByLabel('Reason'), reason)
    await own.press(own.form.getByRole('button', { name: 'Check the change' }))
    await own.press(
      page.getByRole('dialog', { name: 'Check the change' }).getByRole('button', { name: 'Send for approval' }),
    )
    await own.form.waitFor({ state: 'hidden' })
    return own.done
  }

  test.each(edits)(
    '%s is asked for with few presses and six inputs at most, in a window of 700 px',
    async (what, group, does) => {
      const done = await ask(await demo(), group, does)
      report(`${what}, in the form`, done)
      // A module that the token has no access to is chosen first, and then its access.
      expect(done.presses).toBeLessThanOrEqual(group === 'Access' ? 8 : 6)
      expect(done.inputs).toBeLessThanOrEqual(6)
      expect(done.height).toBeLessThanOrEqual(window.height)
    },
  )

  test('a card has three buttons, is read in a hundred words, and is approved with one press, or rejected with two', async () => {
    const page = await demo()
    await ask(page, ...(edits[0]!.slice(1) as [string, (typeof edits)[number][2]]))
    await ask(page, ...(edits[1]!.slice(1) as [string, (typeof edits)[number][2]]))
    await actAs(page, 'Bob')
    await openChannel(page, 'token-approvals')
    const card = (number: number) =>
      page.getByRole('article').filter({ hasText: new RegExp(`#${number}\\b.*waiting`, 's') })
    await card(2).waitFor()
    const buttons = await card(1).locator('.block-actions button').count()
    const words = (await card(1).innerText()).split(/\s+/).length
    if (process.env.MEASURED) console.log(`buttons on a card: ${buttons}; words: ${words}`)
    expect(buttons).toBeLessThanOrEqual(3)
    expect(words).toBeLessThan(100)

    // Once the token has another name, the other change would be stopped.
    const rejects = hands(page)
    await rejects.press(card(1).getByRole('button', { name: /^Reject/ }))
    await rejects.type(rejects.form.getByRole('textbox'), 'Not before the audit')
    await rejects.press(rejects.form.getByRole('button', { name: 'Reject' }))
    await rejects.form.waitFor({ state: 'hidden' })
    report('reject', rejects.done)
    expect(rejects.done.presses).toBe(2)

    const approves = hands(page)
    await approves.press(card(2).getByRole('button', { name: 'Approve: change #2', exact: true }))
    await page.getByText('was applied').first().waitFor()
    report('approve', approves.done)
    expect(approves.done.presses).toBe(1)
  })
})

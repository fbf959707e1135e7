import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startDemo } from '../../src/cli/demo/demo.ts'
import { expectNoViolation } from './axe.ts'
import { gone, inBrowser, noBrowser, useBrowser } from './browser.ts'
import { expectFits } from './fits.ts'
import { actAs, openChannel } from './page-world.ts'

const desk = { width: 1280, height: 800 }
const phone = { width: 390, height: 700 }

describe.skipIf(noBrowser)(`the demo for everybody, ${inBrowser}`, () => {
  const open = useBrowser()

  test('every state of the page keeps WCAG 2.2 AA, as far as axe can see, and fits a desk and a phone', async () => {
    const page = await openDemo()
    const composer = page.getByLabel('Message to #general')
    await composer.fill('/')
    await page.getByRole('listbox', { name: 'Commands' }).waitFor()
    await look(page, 'commands offered')
    await composer.fill('/token extend ci-deploy 30d because the pipeline runs on')
    await composer.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Send for approval' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })

    await composer.fill('/token edit ci-deploy')
    await composer.press('Enter')
    const form = page.getByRole('dialog', { name: 'Edit token' })
    await form.getByRole('button', { name: 'Check the change' }).click()
    await form.getByRole('alert').first().waitFor()
    await look(page, 'a form with errors')
    expect(await form.getByLabel('Reason').getAttribute('aria-required')).toBe('true')
    await page.getByRole('button', { name: 'Close the form' }).click()

    await openChannel(page, 'token-approvals')
    const card = page.getByRole('article')
    await card.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem').first().waitFor()
    await look(page, 'a card with its menu')
    await page.keyboard.press('Escape')
    await actAs(page, 'Bob')
    await openChannel(page, 'token-approvals')
    await card.getByRole('button', { name: /^Reject/ }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Not before the audit')
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await openChannel(page, 'Countersign Home')
    await page.getByRole('row').filter({ hasText: '#1' }).waitFor()
    await look(page, 'Home')

    await actAs(page, 'Sam')
    await composer.fill('/token list')
    await composer.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'is of another workspace' }).waitFor()
    await page.getByRole('button', { name: 'Edit by hand' }).first().click()
    await page.getByText('Make trouble').click()
    await page.getByLabel('Reads are').selectOption('huge')
    await page.getByText('1 on').waitFor()
    await look(page, 'a note, an edit by hand, and trouble')
    await page.setViewportSize(phone)
    for (const tab of ['People', 'Contentstack']) {
      await page.getByRole('tab', { name: tab }).click()
      await look(page, tab, [phone])
    }
  })

  test('on a phone, people, Slack and the stack are tabs, and choosing a person leads to their Slack', async () => {
    const page = await openDemo()
    await page.setViewportSize(phone)
    const composer = page.getByLabel('Message to #general')
    await composer.waitFor()
    await gone(page.getByRole('button', { name: 'Act as Bob' }))

    await page.getByRole('tab', { name: 'People: Alice' }).click()
    await actAs(page, 'Bob')
    await page.getByRole('tab', { name: 'People: Bob' }).waitFor()
    await composer.waitFor()
    await page.getByRole('tab', { name: 'Slack' }).press('ArrowRight')
    await page.getByRole('tabpanel', { name: 'Contentstack' }).getByLabel('Token ci-deploy').waitFor()
    await gone(composer)
  })

  async function openDemo() {
    const demo = await startDemo({ port: 0, quiet: true })
    onTestFinished(() => demo.stop())
    return open(demo.url)
  }
})

async function look(page: Page, state: string, sizes = [phone, desk]) {
  for (const size of sizes) {
    await page.setViewportSize(size)
    // The page notices its new size a moment later.
    await page.locator('.part-tabs').waitFor({ state: size === phone ? 'visible' : 'hidden' })
    await expectFits(page, `${state}, ${size.width} px`)
    await expectNoViolation(page, `${state}, ${size.width} px`)
  }
}

import { describe, expect, onTestFinished, test } from 'vitest'
import { startDemo } from '../../src/cli/demo/demo.ts'
import { expectNoViolation } from './axe.ts'
import { inBrowser, noBrowser, useBrowser } from './browser.ts'
import { actAs, openChannel } from './page-world.ts'

describe.skipIf(noBrowser)(`the demo for everybody, ${inBrowser}`, () => {
  const open = useBrowser()

  test('every state of the page keeps WCAG 2.2 AA, as far as axe can see', async () => {
    const demo = await startDemo({ port: 0, quiet: true })
    onTestFinished(() => demo.stop())
    const page = await open(demo.url)
    const composer = page.getByLabel('Message to #general')

    await composer.fill('/')
    await page.getByRole('listbox', { name: 'Commands' }).waitFor()
    await expectNoViolation(page, 'commands offered')
    await composer.fill('/token extend ci-deploy 30d because the pipeline runs on')
    await composer.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Send for approval' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })

    await composer.fill('/token edit ci-deploy')
    await composer.press('Enter')
    const form = page.getByRole('dialog', { name: 'Edit token' })
    await form.getByRole('button', { name: 'Check the change' }).click()
    await form.getByRole('alert').first().waitFor()
    await expectNoViolation(page, 'a form with errors')
    expect(await form.getByLabel('Reason').getAttribute('aria-required')).toBe('true')
    await form.getByRole('combobox').first().click()
    await page.getByRole('option').first().waitFor()
    await expectNoViolation(page, 'a menu of a form')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Close the form' }).click()

    await openChannel(page, 'token-approvals')
    await page.getByRole('article').getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem').first().waitFor()
    await expectNoViolation(page, 'a card with its menu')
    await openChannel(page, 'Countersign Home')
    await page.getByTestId('home').waitFor()
    await expectNoViolation(page, 'Home')
    await actAs(page, 'Sam')
    await composer.fill('/token list')
    await composer.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'is of another workspace' }).waitFor()
    await page.getByRole('button', { name: 'Edit by hand' }).first().click()
    await page.getByText('Make trouble').click()
    await page.getByLabel('Reads are').selectOption('huge')
    await page.getByText('1 on').waitFor()
    await expectNoViolation(page, 'a note, an edit by hand, and trouble')
  })
})

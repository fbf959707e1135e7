import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** These tests may be left out on your own machine, but not if CI=true. */
export const noBrowser = !existsSync(executablePath) && process.env.CI !== 'true'
export const inBrowser = noBrowser ? `SKIPPED, no browser at ${executablePath} (set CHROMIUM)` : 'in a browser'

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * One window for a suite: opening one takes longer than most tests. The returned function opens an address in it.
 * Nothing carries over from the test before except what a server kept in the browser, and each test has its own server.
 */
export function useBrowser(): (url: string) => Promise<Page> {
  let browser: Browser | undefined
  let page: Page | undefined
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args })
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })
    context.setDefaultTimeout(8000)
    page = await context.newPage()
  })
  afterAll(() => browser?.close())

  return async (url) => {
    onTestFinished(() => leave(page!))
    await page!.goto(url)
    return page!
  }
}

/** Call before the servers that the page talks to stop. */
async function leave(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.goto('about:blank')
}

import { existsSync } from 'node:fs'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** These tests may be left out on your own machine, but not if CI=true. */
export const noBrowser = !existsSync(executablePath) && process.env.CI !== 'true'
export const inBrowser = noBrowser ? `SKIPPED, no browser at ${executablePath} (set CHROMIUM)` : 'in a browser'

const viewport = { width: 1440, height: 900 }
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
 * A test fails if the page throws, or if its console shows an error.
 */
export function useBrowser(): (url: string) => Promise<Page> {
  let browser: Browser | undefined
  let page: Page | undefined
  const faults: string[] = []
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args })
    const context = await browser.newContext({ viewport, locale: 'en-US' })
    // No promise about speed: it ends a test that hangs.
    context.setDefaultTimeout(30_000)
    page = await context.newPage()
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('console', (line) => line.type() === 'error' && faults.push(`${line.text()} ${line.location().url}`))
  })
  afterAll(() => browser?.close())

  return async (url) => {
    onTestFinished(async () => {
      await leave(page!)
      expect(faults.splice(0), 'errors in the console').toEqual([])
    })
    await page!.setViewportSize(viewport)
    await page!.goto(url)
    return page!
  }
}

/** Waits until nothing of it can be seen: the page draws a moment after what caused it, so that to look once may be too early. */
export async function gone(shown: Locator): Promise<void> {
  await shown.first().waitFor({ state: 'hidden' })
}

/** Call before the servers that the page talks to stop. */
async function leave(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.goto('about:blank')
}

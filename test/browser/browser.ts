import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** On a machine of one's own these tests may be left out; where CI=true they may not. */
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

/** One browser for a suite. What it returns opens an address in a fresh window, which closes with the test. */
export function useBrowser(): (url: string) => Promise<Page> {
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args })
  })
  afterAll(() => browser?.close())

  return async (url) => {
    const context = await browser!.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })
    onTestFinished(() => context.close())
    context.setDefaultTimeout(8000)
    const page = await context.newPage()
    await page.goto(url)
    return page
  }
}

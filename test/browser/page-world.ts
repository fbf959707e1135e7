import type { App } from '@slack/bolt'
import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { startPage } from '../../src/sandbox/page/server.ts'
import { startStack } from '../../src/sandbox/stack/stack.ts'
import { boltApp, workspace } from '../sandbox/slack/support.ts'

/** The page over both emulators, with a small app of the test's own in the workspace. */
export async function pageWith(register: (app: App) => void = () => {}) {
  const slack = await workspace({
    app: {
      id: 'A0TEST',
      name: 'Countersign',
      commands: [{ command: '/token', description: 'Ask for an edit', usageHint: '[edit] [token]' }],
      shortcuts: [{ callbackId: 'edit', name: 'Edit a token', description: 'Opens the form' }],
    },
  })
  const stack = await startStack()
  onTestFinished(() => stack.stop())
  const app = await boltApp(slack, register)
  const page = await startPage({ slack, stack })
  onTestFinished(() => page.stop())
  return { slack, stack, client: app.client, url: page.url }
}

export async function actAs(page: Page, name: string) {
  await page.getByRole('button', { name: `Act as ${name}` }).click()
}

export async function openChannel(page: Page, name: string) {
  await page
    .getByRole('navigation', { name: 'Conversations' })
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click()
}

/** Opens the form by the app's one shortcut. */
export async function openForm(page: Page) {
  await page.getByRole('button', { name: 'Shortcuts' }).click()
  await page.getByRole('menuitem', { name: 'Edit a token' }).click()
  await page.getByRole('dialog').waitFor()
}

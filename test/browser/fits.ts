import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Fails if something scrolls sideways or sticks out of the window, or if a line breaks inside a word. */
export async function expectFits(page: Page, state: string): Promise<void> {
  expect(await page.evaluate(sticksOut), `${state}: what is wider than its place`).toEqual([])
  expect(await page.evaluate(brokenWords), `${state}: words on two lines`).toEqual([])
}

function sticksOut(): string[] {
  const scrolls = (one: Element) =>
    one.scrollWidth > one.clientWidth + 1 &&
    (one === document.documentElement || ['auto', 'scroll'].includes(getComputedStyle(one).overflowX))
  const isOutside = (one: Element) => {
    const { left, right, width } = one.getBoundingClientRect()
    return width > 1 && (left < -1 || right > window.innerWidth + 1)
  }
  const seen = [...document.querySelectorAll('*')].filter((one) => one.checkVisibility())
  return seen.filter((one) => scrolls(one) || isOutside(one)).map((one) => `${one.tagName} ${one.className}`)
}

/** A word of more than 24 letters may break: it might not fit on a line of its own. */
function brokenWords(): string[] {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const broken: string[] = []
  for (let text = texts.nextNode() as Text | null; text; text = texts.nextNode() as Text | null) {
    if (!text.parentElement?.checkVisibility()) continue
    for (const { 0: word, index } of text.data.matchAll(/[\p{L}\p{N}]{2,24}(?![\p{L}\p{N}])/gu)) {
      const isWhole = !/[\p{L}\p{N}]$/u.test(text.data.slice(0, index))
      const range = document.createRange()
      range.setStart(text, index)
      range.setEnd(text, index + word.length)
      const lines = new Set(
        [...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)),
      )
      if (isWhole && lines.size > 1) broken.push(word)
    }
  }
  return broken
}

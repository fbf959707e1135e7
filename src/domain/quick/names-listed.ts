import { quoted } from './quoted.ts'

/** `isCalled`: the text says that they are branches or aliases. */
type Listed = { readonly names: readonly string[]; readonly isCalled: boolean }

const called = /^(?:the\s+)?(?:branch|branches|alias|aliases)\s+/i
const link = /^(?:(?:,|and\b|&|(?:the\s+)?(?:branch|branches|alias|aliases)\b(?=\s))\s*)+/i

/**
 * Reads `main`, `main, live` or `branch main and alias live`: a list, with something between two names. Null for other
 * words. A name with a space or a comma in it goes in quotes.
 */
export function namesListed(text: string): Listed | null {
  const isCalled = called.test(text)
  const names: string[] = []
  for (let rest = text.replace(called, ''); rest !== ''; ) {
    const whole = quoted(rest)
    const name = whole ? whole.value : (/^[^\s,]+/.exec(rest)?.[0] ?? '')
    if (name === '' || (!whole && /^[-+–—−]/.test(name))) return null
    if (!names.includes(name)) names.push(name)
    const behind = (whole ? whole.rest : rest.slice(name.length)).trim()
    rest = behind.replace(link, '')
    if (behind !== '' && (rest === behind || rest === '')) return null
  }
  return names.length === 0 ? null : { names, isCalled }
}

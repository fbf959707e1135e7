import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Phrases that nobody says aloud, and what to say instead. */
const out: readonly [RegExp, string][] = [
  [/\bcounts? no more\b/i, 'no longer counts'],
  [/\bthe last first\b/i, 'newest first'],
  [/\bthe \w+ of now\b/i, 'the current …'],
  [/\bwas refused to\b/i, 'was not allowed to'],
  [/\b(?<!there )is no (?!longer|one|reason|proof|such|more|use)\w/i, 'is not a …'],
  [/\bis nothing that (?!comes|Slack)/i, 'is not a …'],
  [/\bnone comes near\b/i, 'no similar names'],
  [/\btold off\b/i, 'reported'],
  [/\bnotified lately\b|\btold lately\b/i, 'recently'],
  [/\bpassed over\b/i, 'skipped'],
  [/\bmay not \w+ (?:on )?(?:it )?any more\b/i, 'can no longer …'],
  [/\bhad too many calls\b/i, 'got too many calls'],
  [/\bdecide by it\b|\bthe log keeps it\b/i, 'it goes into the log'],
  [/\bread this (?:again|once more)\b/i, 'if this happens again'],
  [/\bbelongs? into\b/i, 'belongs in'],
  [/\banew\b(?!\.ts)/i, 'again'],
  [/\bcan not\b/i, 'can’t'],
  [/\b(?:held|holds?|holding) (?:it |them |the log |the backup )?against\b/i, 'checked against'],
  [/\botherwise than asked\b|\bfound as (?:it )?asked\b/i, 'not as asked for'],
  [/\bconnections? (?:to Slack )?stands?\b/i, 'is open'],
  [/\bhas it that\b|\bcan only be read\b/i, 'says that, is read-only'],
  [/\bsee(?:n)? to (?:that|it|them|what)\b/i, 'fix'],
  [/\bonce more\b/i, 'again'],
  [/\bcounts? for (?:nothing|nobody)\b/i, 'has no effect'],
  [/\b(?:some|any)thing else than\b|\botherwise than\b/i, 'other than, not as'],
  [/(?:^|[.;:] )(?:it|this) is (?:tried|asked) again\b/i, 'Countersign tries again'],
  [/\bwas never seen\b/i, 'has never been seen'],
  [/\bis let in at\b/i, 'has access to'],
  [/\bgone? on with\b|\bgoes on with (?:this|those)\b/i, 'continues, keeps'],
  [/\b(?:right|everything) behind\b|\bbehind which\b/i, 'after'],
  [/\bhad what was asked for\b/i, 'was already set this way'],
  [/\bwhat it says it is\b/i, 'is marked as … but'],
  [
    /(?:^|[.;:] |\bso )it (?:could not|can no longer) be (?:looked up|checked|seen)\b/i,
    'Countersign could not find out',
  ],
]

const pages = ['README.md', ...readdirSync('docs').map((page) => `docs/${page}`)].filter((page) => page.endsWith('.md'))
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => `src/${file}`)
  .filter((file) => file.endsWith('.ts') && !file.startsWith('src/sandbox/'))

/** The texts in quotes. */
function quoted(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  return [...code.matchAll(/'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|`((?:\\.|[^`\\])*)`/g)].map(
    ([, single, double, template]) => single ?? double ?? template ?? '',
  )
}

/** The comments, each on one line and without its signs. */
function commented(source: string): string[] {
  const found = source.matchAll(/\/\*([\s\S]*?)\*\/|(?<=^|\s)\/\/((?:.*\n\s*\/\/)*.*)/gm)
  return [...found].map(([, block, lines]) =>
    (block ?? lines ?? '')
      .replace(/\s*\n\s*(?:\*|\/\/)?/g, '')
      .replace(/^\W+/, '')
      .trim(),
  )
}

const texts = [
  ...sources.flatMap((file) => quoted(readFileSync(file, 'utf8')).map((text) => ({ file, text }))),
  ...pages.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((text) => ({ file, text })),
  ),
]

test.each(out)('nobody reads %s: one says "%s"', (phrase) => {
  expect(texts.filter(({ text }) => phrase.test(text)).map(({ file, text }) => `${file}: ${text}`)).toEqual([])
})

test('the texts that people read are found in the code', () => {
  expect(texts.map(({ text }) => text)).toContain('This is not a date: choose a day.')
})

const comments = ['src', 'test']
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((file) => `${root}/${file}`))
  .filter((file) => /\.(?:ts|js)$/.test(file))
  .flatMap((file) => commented(readFileSync(file, 'utf8')).map((text) => ({ file, text })))

test('a comment opens with Whether or What only if its first sentence is a question', () => {
  const unasked = /^(?:Whether|What)\b(?!(?:[^.!?]|[.!](?!\s|$))*\?)/
  expect(comments.filter(({ text }) => unasked.test(text)).map(({ file, text }) => `${file}: ${text}`)).toEqual([])
})

test('comments are found in the code, on one line or several, in a block or behind it', () => {
  const source = ['/** One. */', '/*', ' * Two', ' * lines.', ' */', 'run() // Three,', '// and more.', "'https://x'"]
  expect(commented(source.join('\n'))).toEqual(['One.', 'Two lines.', 'Three, and more.'])
  expect(comments.map(({ text }) => text)).toContain('The texts in quotes.')
})

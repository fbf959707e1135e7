import { remembered } from './remembered.ts'
import { spelledOut } from './text.ts'

const scriptsCalled = (...names: string[]) => names.map((name) => new RegExp(`\\p{Script=${name}}`, 'u'))

/** Scripts that people write names in, each on its own. Source: Unicode's recommended scripts (UAX #31, table 5). */
const scripts = scriptsCalled(
  ...['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Georgian', 'Hebrew', 'Arabic', 'Thaana', 'Ethiopic', 'Devanagari'],
  ...['Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Thai', 'Lao'],
  ...['Tibetan', 'Myanmar', 'Khmer'],
)
const latin = 0

/**
 * The other recommended scripts, which are written beside Latin letters without a space, and characters that belong to
 * no single script.
 */
const beside = scriptsCalled('Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo', 'Common', 'Inherited')

/** Letters beyond Latin that many fonts draw like a Latin one or a digit. Source: Unicode's confusables (UTS #39), 17.0. */
const likeLatin = new Set([
  ...'АВЕЅІЈКМНОРСТУХҮԌԚԜӀаеѕіјорсухһԁԛԝӏѵүԍѴѡҽꙇЗӠꙄЬ',
  ...'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳοϲανικρυͿϜϒϺϱϸσγͺ',
  ...'ՍՕԼօսոցզհյՏաւքռգ',
  ...'\u05D5\u05D8\u05D9\u05DF\u05E1\u05F0\u05F1\u05F2\u0627\u0647\u06BE\u06C1\u06D5\u0D20\u0B20\u0E50\u101D\u1004\u105A\u1200\u12D0\u10FF\u10E7',
])

/**
 * Latin by script, but drawn like a plain letter, digit or mark: phonetic letters, small capitals, and some from old
 * alphabets.
 */
const likePlain =
  /(?![ɓɔɖɗəɛɣɨɲʉʊ])[\u0250-\u02FF\u1D00-\u1DBF\u2C60-\u2C7F\uA720-\uA7FF\uAB30-\uAB6F\u{10780}-\u{107BF}\u{1DF00}-\u{1DFFF}ƄƅƍƖƦƧƨƷƼƽƿǀǁǃȜȝȢȣȷɁẝỿ]/u

/**
 * Letter forms that nobody types, since fonts make them from letters: mathematical ones, ligatures, word-final forms.
 */
const forms = /[\u{1D400}-\u{1D7FF}\u{1EE00}-\u{1EEFF}\uFB00-\uFDFF\uFE70-\uFEFF]/u

/**
 * Blocks of symbols of which many are drawn like a letter, digit or mark: mathematics, accents, units, APL, music,
 * alchemy.
 */
const symbols =
  /(?![\u{1F3FB}-\u{1F3FF}])(?!\p{ASCII})[\p{Sm}\p{Sk}\u20B6\u2100-\u214F\u2336-\u237A\u23FD\u244A\u2500-\u257F\u2E80-\u2FDF\u31C0-\u31EF\u{102E0}-\u{102FF}\u{1D100}-\u{1D24F}\u{1F12A}\u1CD3\u{1F700}-\u{1F77F}]/u

/** The dotless ı counts as its own letter beside letters that only Turkish and related languages have. */
const turkish = /[ğşəĞŞİƏ]/u

/**
 * Hyphens and dashes other than the keyboard's, minus signs, arrows like the app's own, and marks drawn like one of its
 * own.
 */
const likeMarks =
  /(?!-)[\p{Pd}\u2016-\u201F\u2024\u2032-\u205E\u2190-\u21FF\u2768-\u2775\u2795\u2796\u2E00-\u2E7F\uFF0D\uFF0F\u037E\u055A-\u055D\u0589\u05C0\u05C3\u05F3\u05F4\u060D\u066A-\u066D\u06D4\u16EB-\u16ED\u1735\u1800-\u180A]/u

/**
 * Wide marks, and strokes of Chinese and Japanese drawn like a mark or letter, if neither side has another of their
 * kind.
 */
const wide = '[！-／：-＠［-｀｛-～]'
const stroke = '[ー一丨〇丶ノ口工丿〃〳〔〕]'
const kin = `(?!${stroke})[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}]`
const lonely = new RegExp(`(?<!${kin})(?:${wide}|${stroke})+(?!${kin})`, 'gu')
const wideMark = new RegExp(wide, 'u')

/**
 * Spaces other than the keyboard's, and keyboard spaces that nobody sees or counts: at either end, or several in a row.
 */
const spaces = /(?! )\p{Zs}|^ +| +$| {2,}/gu

const plainly = /^[\x21-\x7E]+(?: [\x21-\x7E]+)*$/

/**
 * A name with every character spelled out, as `⟨U+0430⟩`, that may make it look like another name: a letter that looks
 * like one from another script, an unusual hyphen or space, a mark apart from its letter. Invisible spaces are counted.
 * A name that is plainly in one script stays as it is, and so does one of nothing but spaces, which is shown as blank.
 */
export function distinct(name: string): string {
  if (plainly.test(name) || name.trim() === '') return name
  return marked(name)
}

/** One card says a name many times, and is drawn many times. */
const marked = remembered(mark)

function mark(name: string): string {
  const inLatin = scripts[latin]!.test(name)
  const others = name.match(/(?!\p{ASCII})\p{L}/gu) ?? []
  const plain = new Set(others.filter((letter) => !likeLatin.has(letter)).map(scriptOf))
  const composed = name === name.normalize('NFC') ? name : name.replace(decomposed, spelledOut)
  const isLike = likeIn(name)
  return composed
    .replace(alone, spelledOut)
    .replace(/[\p{L}\p{M}\p{Nd}]+/gu, (word) =>
      /^[A-Za-z0-9]+$/.test(word)
        ? word
        : apart(word, (script) => !inLatin && (script === undefined ? plain.size > 0 : plain.has(script))),
    )
    .replace(lonely, (run) => [...run].map(spelledOut).join(''))
    .replace(/\P{ASCII}/gu, (character) => (isLike(character) ? spelledOut(character) : character))
    .replace(spaces, spacesInWords)
}

/** Keyboard spaces are counted: nobody knows them by their Unicode number. */
function spacesInWords(run: string): string {
  if (!run.startsWith(' ')) return spelledOut(run)
  return run === ' ' ? '⟨space⟩' : `⟨${run.length} spaces⟩`
}

/** Characters that one and the same letter can be put together from. */
const decomposed = /[\p{Mn}\u1100-\u11FF]/gu

/** A mark without a letter. */
const alone = /(?<![\p{L}\p{M}])\p{M}(?<!\uFE0F)/gu

/** The same for a name in a list, which right-to-left letters would turn around. */
export function distinctInList(name: string): string {
  return plainly.test(name) ? name : distinct(name).replace(rightToLeft, spelledOut)
}

const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/gu

/** `isPlain`: true if nobody would read letters of a script (none: only digits) in this name as those of another. */
function apart(word: string, isPlain: (script: number | undefined) => boolean): string {
  const counts = new Map<number, number>()
  for (const letter of word) {
    const script = scriptOf(letter)
    if (script !== null) counts.set(script, (counts.get(script) ?? 0) + 1)
  }
  const [main] = [...counts].sort(([a, n], [b, m]) => m - n || a - b).map(([script]) => script)
  const inAscii = /[A-Za-z0-9]/.test(word)
  const odd = (letter: string) => ![null, main].includes(scriptOf(letter)) || (inAscii && foreignDigit.test(letter))
  const alike = main !== latin && !isPlain(main) && [...word].every(isLikeLatin)
  return [...word].map((letter) => (alike || odd(letter) ? spelledOut(letter) : letter)).join('')
}

const scriptOf = remembered((character) => {
  if (character < '\u0080') return /[A-Za-z]/.test(character) ? latin : null
  const found = scripts.findIndex((script) => script.test(character))
  return found < 0 ? null : found
})

const foreignDigit = /(?!\d)\p{Nd}/u

function isLikeLatin(character: string): boolean {
  return likeLatin.has(character) || foreignDigit.test(character)
}

/**
 * Tells which characters are drawn like one on every keyboard without being it, as `ｃ`, `𝐜`, `ﬁ` and `²` are, and which
 * belong to a script that hardly anybody writes names in.
 */
function likeIn(name: string): (character: string) => boolean {
  const dotless = !turkish.test(name)
  return (character) => (character === 'ı' ? dotless : isLikeAnywhere(character))
}

const isLikeAnywhere = remembered((character) => {
  if ([likePlain, likeMarks, symbols, forms].some((like) => like.test(character))) return true
  if (wideMark.test(character)) return false
  return isRare(character) || character !== character.normalize('NFC') || isPlainByMeaning(character)
})

function isRare(character: string): boolean {
  return ![...scripts, ...beside].some((script) => script.test(character))
}

/** By Unicode's word that it is only another form: `²` of `2`, a raised minus of a minus. */
function isPlainByMeaning(character: string): boolean {
  const meant = character.normalize('NFKC')
  return (
    /^[\x21-\x7E]+$/.test(meant) ||
    (meant !== character && [...meant].length === 1 && [likeMarks, symbols].some((like) => like.test(meant)))
  )
}

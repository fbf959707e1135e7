import { spelledOut } from './text.ts'

/** Scripts with letters that look like those of another of them. */
const scripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Lisu}/u,
]
const latin = 0

/** Letters beyond Latin that most fonts draw exactly as a Latin one. Source: Unicode's confusables (UTS #39). */
const likeLatin = new Set([
  ...'АВЕЅІЈКМНОРСТУХҮԌԚԜӀаеѕіјорсухһԁԛԝӏѵүԍ',
  ...'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳοϲανικρυ',
  ...'ՍՕԼօսոցզհյ',
  ...'ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃ',
  ...'ⲀⲂⲈⲒⲔⲘⲚⲞⲢⲤⲦⲨⲬⲟⲣⲥⲭ',
  ...'ꓐꓑꓒꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ',
])

/** Latin by script, but drawn like a plain letter or mark. */
const likePlain = /[ɑɡɩǀǃʼʹꞌ]/u

/** Hyphens and dashes that are none of the keyboard's, minus signs, arrows such as the app's own, and marks drawn like `. , : / ;`. */
const likeMarks =
  /(?!-)[\p{Pd}\u02D7\u2024\u2043\u2044\u2190-\u21FF\u2212\u2215\u2236\u2796\u27F0-\u27FF\u2900-\u297F\u201A\u037E\uA789\uFF0D\uFF0F]/u

/** Spaces that are not the keyboard's, and those of it that nobody sees or counts: at either end, or behind another. */
const spaces = /(?! )\p{Zs}|^ +| +$|(?<= ) +/gu

const plainly = /^[\x21-\x7E]+(?: [\x21-\x7E]+)*$/

/**
 * A name with every character spelled out, as `⟨U+0430⟩`, by which it may be taken for another: a letter that looks like one of
 * another script, an unusual hyphen or space, a doubled one, a mark apart from its letter. A name that is plainly in one
 * script stays as it is, and one of nothing but spaces, which is said to be blank.
 */
export function distinct(name: string): string {
  if (plainly.test(name) || name.trim() === '') return name
  const known = marks.get(name)
  if (known !== undefined) return known
  if (marks.size >= mostMarks) marks.clear()
  const marked = mark(name)
  marks.set(name, marked)
  return marked
}

/** One card says a name many times, and is drawn many times. */
const marks = new Map<string, string>()
const mostMarks = 1000

function mark(name: string): string {
  const inLatin = scripts[latin]!.test(name)
  const others = name.match(/(?!\p{ASCII})\p{L}/gu) ?? []
  const plain = new Set(others.filter((letter) => !likeLatin.has(letter)).map(scriptOf))
  const composed = name === name.normalize('NFC') ? name : name.replace(decomposed, spelledOut)
  return composed
    .replace(/[\p{L}\p{M}]+/gu, (word) =>
      /^[A-Za-z]+$/.test(word) ? word : apart(word, (script) => !inLatin && plain.has(script)),
    )
    .replace(/\P{ASCII}/gu, (character) => (isLike(character) ? spelledOut(character) : character))
    .replace(spaces, spelledOut)
}

/** What one and the same letter can be put together from. */
const decomposed = /[\p{Mn}\u1100-\u11FF]/gu

/** The same for what stands in a list, which letters that run from right to left would turn round. */
export function distinctInList(name: string): string {
  return plainly.test(name) ? name : distinct(name).replace(rightToLeft, spelledOut)
}

const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/gu

/** `isPlain`: whether nobody would read the letters of a script, in this name, for those of another. */
function apart(word: string, isPlain: (script: number) => boolean): string {
  const counts = new Map<number, number>()
  for (const letter of word) {
    const script = scriptOf(letter)
    if (script !== null) counts.set(script, (counts.get(script) ?? 0) + 1)
  }
  const [main] = [...counts].sort(([a, n], [b, m]) => m - n || a - b).map(([script]) => script)
  if (main === undefined) return word
  const odd = (letter: string) => ![null, main].includes(scriptOf(letter))
  const alike = main !== latin && !isPlain(main) && [...word].every((letter) => likeLatin.has(letter))
  return [...word].map((letter) => (alike || odd(letter) ? spelledOut(letter) : letter)).join('')
}

function scriptOf(character: string): number | null {
  if (character < '\u0080') return /[A-Za-z]/.test(character) ? latin : null
  const found = scripts.findIndex((script) => script.test(character))
  return found < 0 ? null : found
}

/** Drawn like what is on every keyboard, without being it: `ｃ`, `𝐜`, `ﬁ`, `²`. */
function isLike(character: string): boolean {
  if (likePlain.test(character) || likeMarks.test(character)) return true
  if (!/[\p{L}\p{N}]/u.test(character)) return false
  return character !== character.normalize('NFC') || /^[\x21-\x7E]+$/.test(character.normalize('NFKC'))
}

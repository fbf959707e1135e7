import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { distinct, distinctInList } from '../../src/domain/look-alikes.ts'
import { reachedInWords } from '../../src/domain/policy/scope-reasons.ts'
import { visible } from '../../src/domain/text.ts'
import { diff, describe as inWords } from '../../src/domain/token/diff.ts'
import { settings } from '../support/world.ts'

test.each([
  ['a Cyrillic letter in a Latin word', 'ci-depl\u043Ey', 'ci-depl⟨U+043E⟩y'],
  ['a Greek letter in a Latin word', 'r\u03BFbot', 'r⟨U+03BF⟩bot'],
  ['a Latin letter in a Cyrillic word', '\u0442oкен-сборки', '\u0442⟨U+006F⟩кен-сборки'],
  [
    'a whole word of Cyrillic letters that look Latin, beside a Latin one',
    '\u0441\u043E\u0440-bot',
    '⟨U+0441⟩⟨U+043E⟩⟨U+0440⟩-bot',
  ],
  ['a whole name of them', '\u0440\u0430\u0443', '⟨U+0440⟩⟨U+0430⟩⟨U+0443⟩'],
  ['a letter of a script that a Latin one is drawn as', 'ᏟI', '⟨U+13DF⟩I'],
  ['a hyphen that does not break', 'ci\u2011deploy', 'ci⟨U+2011⟩deploy'],
  ['a minus sign', 'ci\u2212deploy', 'ci⟨U+2212⟩deploy'],
  ['an en dash', 'ci\u2013deploy', 'ci⟨U+2013⟩deploy'],
  ['a space that does not break', 'ci\u00A0deploy', 'ci⟨U+00A0⟩deploy'],
  ['a thin space', 'ci\u2009deploy', 'ci⟨U+2009⟩deploy'],
  ['a doubled space', 'ci  deploy', 'ci⟨2 spaces⟩deploy'],
  ['a space at the end', 'ci-deploy ', 'ci-deploy⟨space⟩'],
  ['a space at the start', ' ci-deploy', '⟨space⟩ci-deploy'],
  ['many spaces', 'Old   Migration & CO', 'Old⟨3 spaces⟩Migration & CO'],
  ['a full-width letter', '\uFF43i-deploy', '⟨U+FF43⟩i-deploy'],
  ['a mathematical letter', '\u{1D41C}i', '⟨U+1D41C⟩i'],
  ['a ligature', '\uFB01x', '⟨U+FB01⟩x'],
  ['the sign of Kelvin', '\u212A8s', '⟨U+212A⟩8s'],
  ['a letter put together from two', 'nai\u0308ve', 'nai⟨U+0308⟩ve'],
  ['the arrow that the app puts between values', 'a \u2192 b', 'a ⟨U+2192⟩ b'],
  ['the comma that quotes begin with', 'main\u201Adev', 'main⟨U+201A⟩dev'],
  ['a small capital', 'ci-ᴅeploy', 'ci-⟨U+1D05⟩eploy'],
  ['a small capital of the phonetic letters', 'cɪ', 'c⟨U+026A⟩'],
  ['an i without its dot', 'admın', 'adm⟨U+0131⟩n'],
  ['a j without its dot', 'ȷob', '⟨U+0237⟩ob'],
  ['a Greek grave accent', 'ci\u1FEF', 'ci⟨U+1FEF⟩'],
  ['a raised minus', 'ci\u207Bdeploy', 'ci⟨U+207B⟩deploy'],
  ['a full-width full stop', 'v1．2', 'v1⟨U+FF0E⟩2'],
  ['a full-width low line', 'ci＿deploy', 'ci⟨U+FF3F⟩deploy'],
  ['a small full stop', 'v1\uFE522', 'v1⟨U+FE52⟩2'],
  ['a small letter of Cherokee', 'ꭰeploy', '⟨U+AB70⟩eploy'],
  ['a whole word of Cherokee', 'ꮃꭺ', '⟨U+AB83⟩⟨U+AB7A⟩'],
  ['a letter of Old Italic', '\u{10320}ci', '⟨U+10320⟩ci'],
  ['a letter of Carian', 'm\u{102A0}in', 'm⟨U+102A0⟩in'],
  ['a letter of Lisu', 'ꓐot', '⟨U+A4D0⟩ot'],
  ['a letter of a script of India in a Latin word', 'r\u0D20bot', 'r⟨U+0D20⟩bot'],
  ['a digit of another script in a Latin word', 'pr\u0ED0d', 'pr⟨U+0ED0⟩d'],
  ['an Arabic digit beside an ASCII one', '1\u0660', '1⟨U+0660⟩'],
  ['a stroke of Chinese between Latin letters', 'ci一deploy', 'ci⟨U+4E00⟩deploy'],
  ['the long sign of Japanese between Latin letters', 'ciーdeploy', 'ci⟨U+30FC⟩deploy'],
  ['a Chinese character that Unicode has twice', '\uF900', '⟨U+F900⟩'],
  ['a curved apostrophe', 'bob\u2019s', 'bob⟨U+2019⟩s'],
  ['a turned comma that is a letter', 'o\u02BBo', 'o⟨U+02BB⟩o'],
  ['the sign for an estimate', 'd\u212Eploy', 'd⟨U+212E⟩ploy'],
  ['a mathematical letter that is Greek', 'c\u{1D6CA}', 'c⟨U+1D6CA⟩'],
  ['a sign of mathematics', 'v1 \u00D7 2', 'v1 ⟨U+00D7⟩ 2'],
  ['a sign of APL', 'ap\u2373', 'ap⟨U+2373⟩'],
  ['a line of a box', 'a\u2571b', 'a⟨U+2571⟩b'],
  ['a line of a box at half its width', 'a\uFFE8b', 'a⟨U+FFE8⟩b'],
  ['an accent by itself', 'bob\u00B4s', 'bob⟨U+00B4⟩s'],
  ['a mark of Armenian', 'bob\u055Ds', 'bob⟨U+055D⟩s'],
  ['a mark of Hebrew', 'bob\u05F3s', 'bob⟨U+05F3⟩s'],
  ['a bracket of Japanese between Latin letters', 'a\u3014b\u3015', 'a⟨U+3014⟩b⟨U+3015⟩'],
  ['an old letter of Latin', '\u01A6elease', '⟨U+01A6⟩elease'],
  ['a form of an Arabic letter that fonts make', 'a \uFEEB', 'a ⟨U+FEEB⟩'],
  ['a Greek letter by itself that looks Latin', 'team \u037F', 'team ⟨U+037F⟩'],
  ['a Hebrew one', 'team \u05E1', 'team ⟨U+05E1⟩'],
  ['a Cyrillic one that looks like a digit', 'stage \u0417', 'stage ⟨U+0417⟩'],
  ['a number in digits of another script beside Latin words', 'prod \u0966', 'prod ⟨U+0966⟩'],
  ['a number in digits that no one script has', 'prod \u0665', 'prod ⟨U+0665⟩'],
  ['a vowel sign that stands on no letter', 'team \u0903', 'team ⟨U+0903⟩'],
])('%s is spelled out', (_, name, marked) => {
  expect(distinct(name)).toBe(marked)
})

test.each([
  'ci-deploy',
  'CI Deploy (2027), v1.2_x/y: "z"',
  'naïve café',
  'токен сборки',
  'с ключом',
  'Развёртывание 2',
  'λόγος',
  'עברית',
  'العربية',
  '日本語トークン',
  'API連携・本番',
  '한국어 토큰',
  'деплой-ci',
  'yayın-dağıtım',
  'APIキー',
  'サーバーA',
  '本番（旧）',
  'İstanbul',
  'ɓarna',
  '2027年',
  'ประเทศไทย ๒๕๗๐',
  'زر ٢٠٢٧',
  'თბილისი',
  '½ der 3. Stufe',
  ...['ខ្មែរ', 'ລາວ', 'မြန်မာ', 'བོད', 'ሀገር', 'বাংলা', 'தமிழ்', 'తెలుగు', 'ಕನ್ನಡ', 'മലയാളം', 'සිංහල', 'ગુજરાતી', 'ਪੰਜਾਬੀ'],
  ...['ଓଡିଆ', 'ދިވެހި', 'Հայերեն'],
  'हिन्दी',
  '🚀 deploy',
  '👍🏽 ok',
  'Preise in € bis 30 °C',
  'Smørrebrød, œuvre, Þór, Ƙano, Hội An, Ơi',
  '表〔旧〕',
  'Зал 2, Юг',
])('%s stays as it is', (name) => {
  expect(distinct(name)).toBe(name)
})

describe('two names that look the same', () => {
  const alike = [
    ['o', '\u043E', '\u03BF', '\u0585'],
    ['a', '\u0430', '\u0251', '\uFF41', '\u{1D41A}'],
    ['-', '\u2010', '\u2011', '\u2212', '\uFE63', '\u2013'],
    [' ', '\u00A0', '\u2007', '\u202F', '  ', ' \u200B'],
    ['é', 'e\u0301'],
    ['K', '\u212A', '\u041A', '\u039A'],
  ] as const
  const part = fc.constantFrom(...alike.map((ways) => ways))
  const word = fc.array(fc.oneof(part, fc.constantFrom(['x'], ['deploy'], ['7'], ['ж'])), {
    minLength: 1,
    maxLength: 6,
  })

  test('are never shown alike', () => {
    const shown = (name: string) => visible(distinct(name))
    const pick = (ways: readonly (readonly string[])[], seed: number) =>
      ways.map((way, i) => way[(seed >> (3 * i)) % way.length]).join('')
    fc.assert(
      fc.property(word, fc.nat(), fc.nat(), (ways, a, b) => {
        const [one, other] = [pick(ways, a), pick(ways, b)]
        // A name with nothing but spaces is shown as blank.
        if (one === other || one.trim() === '' || other.trim() === '') return
        const plain = [one, other].filter((name) => shown(name) === name)
        // If both stay plain, each is plainly in a script of its own: no letter is drawn alike.
        expect(plain.length < 2 || new Set(plain.map(scriptsOf)).size === 2).toBe(true)
        expect(shown(one)).not.toBe(shown(other))
      }),
    )
  })

  function scriptsOf(name: string): string {
    return /\p{Script=Cyrillic}/u.test(name) ? 'Cyrillic' : 'other'
  }

  test('are told apart in every list of differences', () => {
    const renamed = diff(settings(), settings({ name: 'ci\u2011deploy' }))
    expect(renamed).toMatchObject([{ before: 'ci-deploy', after: 'ci⟨U+2011⟩deploy' }])
    const [live, next] = ['l\u0456ve', 'n\u0435xt']
    const scoped = settings({ branches: ['m\u0430in'], aliases: [live, next], aliasTargets: { [live]: 'm\u0430in' } })
    const values = Object.fromEntries(inWords(scoped).map(({ key, value }) => [key, value]))
    expect(values).toMatchObject({
      branches: 'm⟨U+0430⟩in',
      aliases: 'l⟨U+0456⟩ve (→ m⟨U+0430⟩in), n⟨U+0435⟩xt',
    })
    for (const through of [{ perhaps: live }, { otherwise: live }])
      expect(reachedInWords({ kind: 'branch', name: 'main', added: false, ...through })).toMatchObject({
        through: 'l⟨U+0456⟩ve',
      })
  })
})

test('right-to-left letters are spelled out in a list, which they would turn around', () => {
  expect(distinctInList('\u05D0b')).toBe('⟨U+05D0⟩b')
  expect(distinctInList('\u05D0\u05D1')).toBe('⟨U+05D0⟩⟨U+05D1⟩')
  expect(distinct('\u05D0\u05D1')).toBe('\u05D0\u05D1')
})

/**
 * Characters that a reader can't see or that reorder what they see: controls, zero-width, bidi marks and overrides,
 * variation selectors, tags, soft hyphen, line and paragraph separators. A plain newline is not among them.
 */
const invisible =
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB]|[\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}]/gu

/** The same text with every invisible character spelled out, as `⟨U+202E⟩`, so that nothing hides from an approver. */
export function visible(text: string): string {
  return text.replace(
    invisible,
    (character) => `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )
}

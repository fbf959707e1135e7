import { remembered } from './remembered.ts'

/**
 * Characters that a reader can't see or that reorder the text: controls, formats (zero-width, bidi marks and overrides,
 * tags), variation selectors and other ignorables, the blank Braille pattern, line and paragraph separators, lone
 * surrogates. A plain newline is not among them.
 */
const invisible = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]--\n]+/gv

/**
 * The text with every invisible character spelled out, as `⟨U+202E⟩`, so that nothing is hidden from an approver. A
 * card and its messages say the same texts many times.
 */
export const visible = remembered((text) => text.replace(invisible, spelledOut))

/** Each character of a text by its number in Unicode: `⟨U+202E⟩`. */
export function spelledOut(text: string): string {
  let out = ''
  let last = ''
  let said = ''
  // Somebody who hides something uses many of the same.
  for (const character of text) {
    if (character !== last) [last, said] = [character, spelled(character)]
    out += said
  }
  return out
}

function spelled(character: string): string {
  return `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`
}

/** True if a reader could see nothing in a text. */
export function isBlank(text: string): boolean {
  return text.replace(invisible, '').trim() === ''
}

/**
 * True if a credential can be sent: a header takes others too, but none contains a space, a line break or a non-ASCII
 * letter.
 */
export function isSendable(credential: string): boolean {
  return /^[\x21-\x7e]+$/.test(credential)
}

const only = /\b(?:only|just)\b/i
const around =
  /^(?:(?:be|able|allow(?:ed)?|let|give|grant|permit(?:ted)?|keep|have|has|access|use|work|reach|see|the|to|on|for|with)\s+)+/i

/** True for words that say that nothing else is meant, as in `only read entries`. */
export function saysOnly(body: string): boolean {
  return only.test(body.replace(/\bread[-\s]only\b/gi, ''))
}

/** The rest of `everything but main`; null for other words. */
export function allBut(body: string): string | null {
  const [, kept] =
    /^(?:everything|all(?:\s+(?:the\s+)?(?:other\s+)?(?:access|modules))?)(?:\s+else)?\s+(?:but|except(?:\s+for)?|other\s+than|apart\s+from)\s+(.+)$/i.exec(
      body,
    ) ?? []
  return kept === undefined ? null : headKept(kept)
}

/** The part of a `restrict` line that `only allow read on entries` or `on main only` says. */
export function headKept(body: string): string {
  const plain = body
    .replace(/\bread[-\s]only\b/gi, 'read')
    .replace(only, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return `to ${plain.replace(around, '').replace(/\s+access(?=\s|$)/i, '')}`
}

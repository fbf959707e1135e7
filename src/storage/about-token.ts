type Token = { readonly stack: string; readonly uid: string }

/**
 * True if the body of an entry, which belongs to no change, names this token. So does one that can't be read, as after
 * somebody altered it: nobody can tell what it was about, and leaving it out would hide it.
 */
export function isAboutToken(body: string, { stack, uid }: Token): boolean {
  const read = asObject(body)
  return read === null || (read.stack === stack && read.tokenUid === uid)
}

function asObject(body: string): Partial<Record<string, unknown>> | null {
  try {
    const read = JSON.parse(body)
    return typeof read === 'object' && !Array.isArray(read) ? read : null
  } catch {
    return null
  }
}

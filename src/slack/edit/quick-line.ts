import { type Complaint, readQuick } from '../../domain/quick/command.ts'
import type { QuickCommand } from '../../domain/quick/verbs.ts'
import { findToken, namesOf } from '../../domain/token/find.ts'
import type { Token } from '../../domain/token/token.ts'

/** The meaning of a line, with the known tokens. */
export type Line =
  | { readonly kind: 'wrong'; readonly complaint: Complaint }
  | { readonly kind: 'clear'; readonly command: QuickCommand; readonly token: Token }
  | { readonly kind: 'several' | 'near'; readonly command: QuickCommand; readonly tokens: readonly Token[] }

/** `text` is everything after `/token`. */
export function readOver(text: string, tokens: readonly Token[]): Line {
  const read = readQuick(text, namesOf(tokens))
  if ('complaint' in read) return { kind: 'wrong', complaint: read.complaint }
  const { command } = read
  const found = findToken(tokens, command.token)
  return found.kind === 'one' ? { kind: 'clear', command, token: found.token } : { ...found, command }
}

export function lineOf(text: string): string {
  return `/token ${text}`
}

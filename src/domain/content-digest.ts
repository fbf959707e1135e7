import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical.ts'

/** SHA-256 of the content's canonical JSON, in hexadecimal: the same content has the same, in whatever order its keys are. */
export function contentDigest(content: unknown): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}

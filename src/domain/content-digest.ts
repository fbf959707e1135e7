import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical.ts'

/**
 * SHA-256 of the content's canonical JSON, in hexadecimal: equal for the same content, whatever the order of its keys.
 */
export function contentDigest(content: unknown): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}

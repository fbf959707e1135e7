import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { neverSay } from '../../domain/live-secrets.ts'

/** The tokens that Contentstack granted. `until`: when the access token ends (an ISO instant). */
const grant = z.object({ access: z.string(), refresh: z.string(), until: z.iso.datetime() })
export type Grant = z.infer<typeof grant>

/** Whose grant it is: a text that was encrypted for one stack or app is of no use for another. */
export type Owner = { readonly stack: string; readonly clientId: string }

const form = 'v1.'
const cipher = 'aes-256-gcm'
const [ivBytes, tagBytes] = [12, 16]

/** Encrypts with AES-256-GCM, with a fresh nonce each time. */
export function sealed(given: Grant, key: string, owner: Owner): string {
  const iv = randomBytes(ivBytes)
  const encrypting = createCipheriv(cipher, keyFrom(key), iv).setAAD(boundTo(owner))
  const text = Buffer.concat([encrypting.update(JSON.stringify(given), 'utf8'), encrypting.final()])
  return `${form}${Buffer.concat([iv, encrypting.getAuthTag(), text]).toString('base64url')}`
}

/** Null if it was encrypted with another key or for another owner, or is not whole. Its secrets are never said. */
export function opened(text: string, key: string, owner: Owner): Grant | null {
  if (!text.startsWith(form)) return null
  const bytes = Buffer.from(text.slice(form.length), 'base64url')
  const [iv, tag] = [bytes.subarray(0, ivBytes), bytes.subarray(ivBytes, ivBytes + tagBytes)]
  if (tag.length < tagBytes) return null
  try {
    const decrypting = createDecipheriv(cipher, keyFrom(key), iv).setAAD(boundTo(owner)).setAuthTag(tag)
    const rest = bytes.subarray(ivBytes + tagBytes)
    const found = grant.parse(JSON.parse(Buffer.concat([decrypting.update(rest), decrypting.final()]).toString('utf8')))
    for (const secret of [found.access, found.refresh]) neverSay(secret)
    return found
  } catch {
    return null
  }
}

/** An operator's key is a text of any length. */
function keyFrom(key: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', 'countersign credentials', 32))
}

function boundTo({ stack, clientId }: Owner): Buffer {
  return Buffer.from(JSON.stringify([stack, clientId]))
}

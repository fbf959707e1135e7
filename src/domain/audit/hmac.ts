import { createHmac, hash } from 'node:crypto'

const block = 64
const room = 16_384

/**
 * HMAC-SHA-256 in hex with this secret, by RFC 2104: a hash of the outer block and of the hash of the inner one and the
 * text. Node's own prepares both blocks again for each text, which takes longer than hashing an entry of the log; this
 * one does so once, for texts that are short enough, since verifying a log hashes millions.
 */
export function hmac(secret: string): (text: string) => string {
  const key = Buffer.alloc(block)
  const bytes = Buffer.from(secret)
  if (bytes.length > block) key.write(hash('sha256', bytes), 'hex')
  else bytes.copy(key)
  const inner = Buffer.alloc(block + room)
  const outer = Buffer.alloc(block + 32)
  for (const [i, byte] of key.entries()) {
    inner[i] = byte ^ 0x36
    outer[i] = byte ^ 0x5c
  }
  return (text) => {
    // A character takes at most three bytes.
    if (text.length * 3 > room) return createHmac('sha256', secret).update(text).digest('hex')
    const end = block + inner.write(text, block)
    outer.write(hash('sha256', inner.subarray(0, end)), block, 'hex')
    return hash('sha256', outer)
  }
}

import { randomBytes } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** An id that looks like Slack's: `V` and ten capitals or digits, for example. */
export function madeUp(prefix: string): string {
  return prefix + Array.from(randomBytes(10), (byte) => alphabet[byte % alphabet.length]).join('')
}

export function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}

import ky, { HTTPError } from 'ky'
import type { AnchorPlace } from '../ports/anchors.ts'
import { lineOf } from './line.ts'

const answerWithinMs = 5000

/** Posts each checkpoint to an address as JSON. No error names the address, since anybody who has it may post there. */
export function webhookAt(url: string): AnchorPlace {
  // A redirect would lose the body, and an answer from elsewhere proves nothing.
  const options = { retry: 0, timeout: answerWithinMs, redirect: 'manual' } as const
  const headers = { 'content-type': 'application/json' }
  return {
    name: 'webhook',
    keep: async (anchor) => {
      await ky.post(url, { ...options, headers, body: lineOf(anchor) }).catch((error: unknown) => {
        throw new Error(inWords(error))
      })
    },
  }
}

function inWords(error: unknown): string {
  if (error instanceof HTTPError) return `it answered with status ${error.response.status}`
  if (error instanceof Error && error.name === 'TimeoutError') return 'it did not answer in time'
  return 'it could not be reached'
}

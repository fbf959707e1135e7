import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { BadRequest } from './bad-request.ts'

const mostBytes = 200_000

/** Reads the request's JSON body by `schema`. */
export async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  if (!request.headers['content-type']?.startsWith('application/json'))
    throw new BadRequest(415, 'The body must be JSON. Send it with the header Content-Type: application/json.')
  const parsed = schema.safeParse(json(await textOf(request)))
  if (!parsed.success) throw new BadRequest(400, `The body is not as expected:\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new BadRequest(413, `The body is longer than ${mostBytes} bytes. Send less.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BadRequest(400, 'The body could not be read as JSON. Nothing was done; correct it and send it again.')
  }
}

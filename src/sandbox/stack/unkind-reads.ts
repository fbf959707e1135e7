import { gzipSync } from 'node:zlib'
import type { Answer } from './answers.ts'
import type { ReadTrouble } from './behaviour.ts'
import type { Asked } from './endpoints.ts'

/** `answer` after this trouble. Only lists of tokens can be endless, name one twice or miscount. */
export function unkindly(asked: Asked, answer: Answer, trouble: ReadTrouble): Answer {
  if (answer.status !== 200) return answer
  if (isPastItsEnd(asked, answer)) return { ...answer, body: { tokens: neverSeen(skipOf(asked)) } }
  if (trouble === 'ok') return answer
  if (trouble === 'huge') return { ...answer, gzip: hugeAnswer() }
  if (!asked.path.endsWith('/management_tokens')) return answer
  const body = answer.body as { tokens: Token[]; count?: number }
  if (trouble === 'endless') return { ...answer, body: { tokens: neverSeen(skipOf(asked)) } }
  if (trouble === 'a token twice') return { ...answer, body: { ...body, tokens: withOneTwice(body.tokens) } }
  return { ...answer, body: { ...body, count: trouble === 'count too low' ? 1 : (body.count ?? 0) + 1000 } }
}

/**
 * A list that began while it was endless stays endless, though that trouble is over. One that names a token twice is a
 * few entries longer.
 */
function isPastItsEnd(asked: Asked, { body }: Answer): boolean {
  const { count = Number.POSITIVE_INFINITY } = body as { count?: number }
  return asked.path.endsWith('/management_tokens') && skipOf(asked) > count + page / 2
}

function skipOf({ query }: Asked): number {
  return Number(query.get('skip') ?? 0)
}

type Token = { uid: string; name: string }

const page = 100

function neverSeen(skip: number): Token[] {
  return Array.from({ length: page }, (_, i) => ({ uid: `blt${skip + i}`, name: `token ${skip + i}` }))
}

/** The same token with another name: nobody can say which of them it is. */
function withOneTwice(tokens: Token[]): Token[] {
  const [first] = tokens
  return first ? [...tokens, { ...first, name: `${first.name} (another)` }] : tokens
}

/** Half a megabyte on the wire, 512 once it is unpacked. */
function hugeAnswer(): Buffer {
  const much = gzipSync('a'.repeat(2 ** 20))
  const parts = [gzipSync('{"tokens":[],"padding":"'), ...Array<Buffer>(512).fill(much), gzipSync('"}')]
  return Buffer.concat(parts)
}

import { isRecord } from '../rules.ts'

/** A call's arguments, however they were encoded. */
export type Args = Readonly<Record<string, unknown>>

/** Arguments that are JSON: a string in forms, a value in JSON bodies. */
const structured = ['blocks', 'view', 'metadata', 'attachments']

/** Reads a body: `application/json`, or a form as @slack/web-api sends it. The token is taken out. */
export function readArgs(contentType: string, body: string): { args: Args; token: string | undefined } {
  const { token, ...rest } = contentType.includes('json') ? readJson(body) : readForm(body)
  return { args: rest, token: typeof token === 'string' ? token : undefined }
}

function readJson(body: string): Record<string, unknown> {
  const value = parse(body)
  return isRecord(value) ? value : {}
}

function readForm(body: string): Record<string, unknown> {
  const fields = [...new URLSearchParams(body)]
  return Object.fromEntries(fields.map(([name, value]) => [name, structured.includes(name) ? parse(value) : value]))
}

/** Reads JSON as a value; a text that isn't JSON stays as it is, for the method to refuse. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export function text(args: Args, name: string): string | undefined {
  const value = args[name]
  return value === undefined || value === null ? undefined : String(value)
}

export function isSet(args: Args, name: string): boolean {
  return ['true', '1'].includes(String(args[name]))
}

export function count(args: Args, name: string, otherwise: number): number {
  const value = Number(args[name])
  return Number.isInteger(value) && value > 0 ? value : otherwise
}

import type { EmulatedStack } from '../../../src/sandbox/stack/stack.ts'

type Asking = { method?: string; body?: unknown; headers?: Record<string, string | undefined> }

/** The fields that the tests look at, in answers of every shape. */
type Answer = {
  count: number
  tokens: { name: string }[]
  token: unknown
  stack: { settings: unknown }
  branches: unknown[]
  branch_aliases: unknown[]
  organization: { plan: { features: unknown[] } }
  errors: Record<string, string[]>
}

/** A bare request to the emulated stack, from somebody who may do everything unless `headers` say otherwise. */
export async function ask(stack: EmulatedStack, path: string, { method = 'GET', body, headers }: Asking = {}) {
  const sent = { api_key: stack.apiKey, authtoken: stack.authtoken, ...headers }
  const response = await fetch(`${stack.url}/v3/${path}`, {
    method,
    headers: Object.entries(sent).filter((header): header is [string, string] => header[1] !== undefined),
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer }
}

export function put(stack: EmulatedStack, uid: string, token: unknown) {
  return ask(stack, `stacks/management_tokens/${uid}`, { method: 'PUT', body: { token } })
}

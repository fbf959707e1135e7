import { onTestFinished } from 'vitest'
import { authtokenCredential } from '../../src/contentstack/credential.ts'
import { type ContentstackStack, createStack, type StackOptions } from '../../src/contentstack/stack.ts'
import { type EmulatedStack, startStack } from '../../src/sandbox/stack/stack.ts'
import type { StackOptions as Emulated } from '../../src/sandbox/stack/world.ts'

/** An emulated stack, which stops when the test is over, and a client for it. */
export async function start(emulated: Emulated = {}, options: Options = {}) {
  const stack = await startStack(emulated)
  onTestFinished(() => stack.stop())
  return { stack, client: connect(stack, options) }
}

/** Options of the client; the authtoken alone unless there is a whole `credential`. */
export type Options = Partial<StackOptions> & { authtoken?: string; authtokenIn?: string }

/** A client of the emulated stack that doesn't make tests wait: many requests a second, and retries at once. */
export function connect(stack: EmulatedStack, options: Options = {}): ContentstackStack {
  const { authtoken = stack.authtoken, authtokenIn = 'CONTENTSTACK_AUTHTOKEN', ...others } = options
  return createStack({
    name: 'site',
    baseUrl: stack.url,
    apiKey: stack.apiKey,
    credential: authtokenCredential(authtoken, authtokenIn),
    rateLimitFields: stack.behaviour.rateLimitFields,
    writeTimeoutMs: 5_000,
    requestsPerSecond: 1_000,
    retryDelayMs: 1,
    ...others,
  })
}

/** Each has its own host: the process remembers for good through which proxy a host was asked. */
let made = 0
const another = () => `https://stack-${++made}.invalid`

/** A client whose every request gets the answer that `reply` gives. */
export function connectTo(
  reply: (request: Request) => Response | Promise<Response>,
  options: Options = {},
): ContentstackStack {
  const { authtoken = 'bltSECRET', authtokenIn = 'CONTENTSTACK_AUTHTOKEN', ...others } = options
  return createStack({
    name: 'site',
    baseUrl: another(),
    apiKey: 'blt0a91ca7',
    credential: authtokenCredential(authtoken, authtokenIn),
    rateLimitFields: null,
    writeTimeoutMs: 5_000,
    requestsPerSecond: 1_000,
    retryDelayMs: 1,
    fetch: async (input, init) => reply(new Request(input, init)),
    ...others,
  })
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Back, Consent } from '../../contentstack/oauth/consent.ts'
import { asTyped } from '../../domain/as-typed.ts'
import { fromOutside } from '../../domain/from-outside.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Ask } from '../asker.ts'

type Reading = Pick<Consent, 'read'>
type Waiting = {
  readonly stack: string
  readonly redirectUri: string
  /** Milliseconds until it is given up. */
  readonly withinMs: number
  /** Called once browsers can come back. */
  readonly onListening: () => void
}

/**
 * Listens on this machine alone for the one browser that comes back with this attempt's state, and resolves to its code.
 * Throws a Refusal if Contentstack says no, nobody comes in time, or the port is taken.
 */
export async function codeFromBrowser(consent: Reading, waiting: Waiting): Promise<string> {
  const { stack, redirectUri, withinMs, onListening } = waiting
  const { hostname, pathname, port } = new URL(redirectUri)
  // Imported from the start, it would make the app load Node's own HTTP client too.
  const { createServer } = await import('node:http')
  const came = Promise.withResolvers<string>()
  const server = createServer((request, response) => answer(request, response))
  const timer = setTimeout(() => came.reject(nobodyCame(stack, withinMs)), withinMs)
  server.once('error', (error) => came.reject(notListening(error, stack, port)))
  server.listen(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname.replace(/^\[|\]$/g, ''), onListening)
  try {
    return await came.promise
  } finally {
    clearTimeout(timer)
    server.close()
    // Browsers open connections ahead, and would keep this process as long as those last.
    server.closeAllConnections()
  }

  function answer({ method, url }: IncomingMessage, response: ServerResponse): void {
    const to = URL.parse(url ?? '/', redirectUri)
    const back = method === 'GET' && to?.pathname === pathname ? consent.read(to.searchParams) : null
    if (back === null) say(response, 404, 'There is nothing here.')
    else if (back.kind === 'not ours')
      say(response, 400, 'This belongs to another attempt: open the address that the terminal printed last.')
    else {
      response.once('close', () => (back.kind === 'code' ? came.resolve(back.code) : came.reject(saidNo(back))))
      say(response, 200, 'Countersign got its answer: the terminal says the rest. You can close this page.')
    }
  }
}

type Asking = Pick<Waiting, 'stack'> & { readonly ask: Ask; readonly complain: (line: string) => void }

/**
 * Asks for the address that the browser was sent to, until it is one of this attempt. Throws a Refusal if Contentstack
 * says no, or nobody answers any more.
 */
export async function codeAsPasted(consent: Reading, { stack, ask, complain }: Asking): Promise<string> {
  for (;;) {
    const pasted = await ask('The address that the browser was sent to: ').catch((error) => {
      throw error instanceof Refusal ? nothingPasted(stack) : error
    })
    const back = consent.read(URL.parse(pasted)?.searchParams ?? new URLSearchParams())
    if (back.kind === 'code') return back.code
    if (back.kind === 'no') throw saidNo(back)
    complain('This is not the address that this attempt leads to: copy all of it, including everything after the "?".')
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    Connection: 'close',
  })
  response.end(`${text}\n`)
}

function saidNo({ why }: Extract<Back, { kind: 'no' }>): Refusal {
  return new Refusal(
    'not_allowed',
    `Countersign was not given access, and nothing was stored. Contentstack said: ${fromOutside(why)}.`,
  )
}

function nothingPasted(stack: string): Refusal {
  return new Refusal(
    'invalid',
    `Stopped: the address that the browser was sent to was not pasted, and no access was stored. Run ${asTyped(`connect ${stack} --paste`)} again in a terminal where you can type, open the new address that it prints, and paste the one that the browser ends at.`,
  )
}

function nobodyCame(stack: string, withinMs: number): Refusal {
  const minutes = Math.round(withinMs / 60_000)
  return new Refusal(
    'unavailable',
    `Nobody came back from Contentstack within ${minutes} minutes, and nothing was stored: run ${asTyped(`connect ${stack}`)} again, with --paste if the browser is on another machine.`,
  )
}

function notListening(error: Error, stack: string, port: string): Refusal {
  const why =
    'code' in error && error.code === 'EADDRINUSE'
      ? 'is taken by another program'
      : `can't be listened on (${error.message})`
  return new Refusal(
    'unavailable',
    `Port ${port} of this machine, to which the browser is sent back, ${why}, and nothing was done: free it, or run ${asTyped(`connect ${stack} --paste`)}.`,
  )
}

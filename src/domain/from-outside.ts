import { liveSecrets } from './live-secrets.ts'

/**
 * Slack's tokens, addresses that let anyone who has them answer in a person's name, and a management token's secret
 * value.
 */
const recognised = /\bx(?:ox[a-z]|app)-[\w.-]+|https:\/\/hooks\.slack\.com\/[^\s"\\<>]+|\bcs[0-9a-f]{20,}\b/g

const longest = 300

/** For the app's own words around such a text. */
export const longestAround = 1000

/** True if a text is long enough to be told from the app's own words; nothing shorter is a secret that anybody takes. */
export function canBeSecret(text: string): boolean {
  return text.length >= 8
}

/** The text without these secrets, without those of OAuth, and without anything that looks like one of Slack's or Contentstack's. */
export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
  const known = [...secrets, ...liveSecrets()].filter((secret) => secret !== '')
  return known.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text).replace(recognised, '[secret]')
}

/**
 * As much of an outside text as the app ever quotes: one line, at most 300 characters unless told otherwise, without
 * any secret.
 */
export function fromOutside(text: string, secrets: readonly string[] = [], most = longest): string {
  const line = withoutSecrets(text, secrets).replace(/\s+/g, ' ').trim()
  const characters = [...line]
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line
}

/**
 * Why a request failed: the system's code, for example ECONNREFUSED, and where, which may be a proxy; or otherwise the
 * innermost cause's words. The HTTP client's own codes say less than its words.
 */
export function causeOf(error: unknown, secrets: readonly string[] = []): string {
  if (!(error instanceof Error)) return fromOutside(String(error), secrets)
  if (error instanceof ProxyTrouble) return fromOutside(error.message, secrets)
  const { code } = error as { code?: unknown }
  if (isOfTrust(code)) return `its certificate is not trusted: ${code}; ${ownAuthority}`
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return `what answered, perhaps a proxy, does not speak TLS: ${code}`
  if (typeof code === 'string' && !code.startsWith('UND_ERR_')) return `${code}${placeOf(error)}`
  if (error.cause !== undefined) return causeOf(error.cause, secrets)
  return fromOutside(error.message, secrets) || unsaid
}

/** A proxy on the way failed, or said no. The message says what happened and what to do, as a clause. */
export class ProxyTrouble extends Error {}

/** It gave no answer at all. */
export class ProxySilence extends ProxyTrouble {}

/** True if a proxy failed before there was a connection to the request's destination. */
export function isOfProxy(error: unknown, kind: typeof ProxyTrouble = ProxyTrouble): boolean {
  return error instanceof Error && (error instanceof kind || isOfProxy(error.cause, kind))
}

/** True if any failure came before there was a connection: until then nothing of a request leaves this machine. */
export function neverConnected(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(neverConnected)
  if (!(error instanceof Error)) return false
  if (isOfProxy(error)) return true
  const { syscall, code, cause } = error as { syscall?: unknown; code?: unknown; cause?: unknown }
  return syscall === 'connect' || syscall === 'getaddrinfo' || code === connectTimeout || neverConnected(cause)
}

/** Undici's own error, which has no system call. */
const connectTimeout = 'UND_ERR_CONNECT_TIMEOUT'

/** True if the cause of a failure, in words, says what to do about it. */
export function isExplained(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error instanceof ProxyTrouble || isOfTrust((error as { code?: unknown }).code) || isExplained(error.cause)
}

function isOfTrust(code: unknown): boolean {
  return /^(DEPTH_ZERO_)?SELF_SIGNED_CERT|^UNABLE_TO_(VERIFY|GET_ISSUER)|^CERT_UNTRUSTED$/.test(String(code))
}

const ownAuthority = 'if you use your own certificate, name the file with its authority in NODE_EXTRA_CA_CERTS'

function placeOf(error: object): string {
  const { address, port, hostname } = error as { address?: unknown; port?: unknown; hostname?: unknown }
  if (address !== undefined && port !== undefined) return ` at ${address}:${port}`
  return hostname === undefined ? '' : ` for ${hostname}`
}

/** The platform's `fetch` says nothing about a 407. */
const unsaid = 'no cause was given, as can happen if a proxy wants a user and password: HTTP status 407'

/** Slack's tokens, addresses that let anyone who has them answer in a person's name, and a management token's secret value. */
const recognised = /\bx(?:ox[a-z]|app)-[\w.-]+|https:\/\/hooks\.slack\.com\/[^\s"\\<>]+|\bcs[0-9a-f]{20,}\b/g

const longest = 300

/** The text without these secrets, and without anything that looks like one of Slack's or Contentstack's. */
export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
  const known = secrets.filter((secret) => secret !== '')
  return known.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text).replace(recognised, '[secret]')
}

/** As much of a text from outside as the app ever quotes: one line, of at most 300 characters, with no secret in it. */
export function fromOutside(text: string, secrets: readonly string[] = []): string {
  const line = withoutSecrets(text, secrets).replace(/\s+/g, ' ').trim()
  const characters = [...line]
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : line
}

/**
 * What a request failed of: the system's code, such as ECONNREFUSED, and where, which may be a proxy's; or else what the innermost
 * cause says. The HTTP client's own codes say less than its words.
 */
export function causeOf(error: unknown, secrets: readonly string[] = []): string {
  if (!(error instanceof Error)) return fromOutside(String(error), secrets)
  const { code } = error as { code?: unknown }
  if (typeof code === 'string' && !code.startsWith('UND_ERR_')) return `${code}${placeOf(error)}`
  if (error.cause !== undefined) return causeOf(error.cause, secrets)
  return fromOutside(error.message, secrets) || unsaid
}

function placeOf(error: object): string {
  const { address, port, hostname } = error as { address?: unknown; port?: unknown; hostname?: unknown }
  if (address !== undefined && port !== undefined) return ` at ${address}:${port}`
  return hostname === undefined ? '' : ` for ${hostname}`
}

/** The platform's `fetch` says nothing of a 407. */
const unsaid = 'no cause was given, as when a proxy wants to know who asks: HTTP status 407'

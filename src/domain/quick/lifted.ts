/** Words that take a setting away, or put none in its place. */
const taking = /^(?:remove|drop|clear|unset|lift|take|cancel|delete|disable|no|without)$/i
const setting = /^(?:set|make|change|update|put|edit)$/i

const expiry = '(?:expiry|expiration|expires|end)(?:\\s+date)?'
const noExpiry = new RegExp(`^(?:${expiry}\\s+)?(?:to\\s+)?(?:none|(?:no|without(?:\\s+an?)?)\\s+${expiry})$`, 'i')
const anExpiry = new RegExp(`^(?:(?:the|its|any)\\s+)?${expiry}$`, 'i')
const limits = /^(?:(?:the|its|any)\s+)?(?:custom\s+)?(?:rate\s+limits?|rates|limits?)$/i

/** The quick command of a line that takes away a setting as a whole, as in `remove the expiry`; null for others. */
export function lifted(
  word: string,
  body: string,
): { readonly verb: 'extend' | 'limit'; readonly head: string } | null {
  const isTaken = taking.test(word)
  if (isTaken ? anExpiry.test(body) : setting.test(word) && noExpiry.test(body))
    return { verb: 'extend', head: 'never' }
  return isTaken && limits.test(body) ? { verb: 'limit', head: 'organisation' } : null
}

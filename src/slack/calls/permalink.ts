import type { CardRef } from '../../ports/cards.ts'

/** A link to a message that opens in Slack: Slack's own permalink format, built here to save a round trip. */
export function permalink(teamUrl: string, { channel, ts }: CardRef): string {
  return `${teamUrl}archives/${channel}/p${ts.replace('.', '')}`
}

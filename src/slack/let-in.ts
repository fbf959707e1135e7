import type { Door } from '../workflow/door.ts'
import { endsToken } from './no-kinds.ts'
import type { SlackNo } from './said.ts'

/** Takes an answer to a call with the bot token. Any other "no" shows that the token is accepted. */
export function hearSlack(door: Pick<Door, 'refuses' | 'accepts'>, no: SlackNo | null): void {
  if (no && endsToken(no.data.error ?? '')) door.refuses(`the bot token is not accepted (${no.data.error})`)
  else door.accepts()
}

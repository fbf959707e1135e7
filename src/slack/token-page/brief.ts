import { line, quote } from '../../words/pieces.ts'
import { clip } from '../../words/text.ts'
import type { Words } from '../../words/words.ts'
import { type OpenShown, openChangeWords } from '../card/open-change.ts'
import type { Message } from '../kit/blocks.ts'
import type { TitledToken } from '../kit/options.ts'
import { type ShownLook, unseenLine } from '../tokens/shown-looks.ts'
import { message, tokenWords } from '../tokens/token-text.ts'
import { openWays } from '../tokens/ways-to.ts'

type Brief = {
  readonly titled: TitledToken
  /** Its open changes, newest first. */
  readonly open: readonly OpenShown[]
  readonly now: Date
  /** Its stack, if that can't be looked at. */
  readonly unseen: readonly ShownLook[]
  /** Why the person who asks could not open its form; null if they could. */
  readonly whyNotOpen: string | null
}

/** Open changes beyond these are counted, and a description is cut there. */
const most = { open: 5, description: 300 }

/** `/token ci-deploy`: what it is, until when, and what is asked for, with the ways to its page and to its form. */
export function tokenBrief({ titled, open, now, unseen, whyNotOpen }: Brief): Message {
  const { description } = titled.token.settings
  const what: Words = [...tokenWords(titled, now), '.']
  const changes = openWords(open)
  const { text, blocks } = message(
    what,
    [
      [line(...what), ...(description.trim() === '' ? [] : [quote(clip(description, most.description))])],
      changes.map((words) => line(...words)),
      unseen.map(unseenLine),
    ],
    changes,
  )
  return { text, blocks: [...blocks, ...openWays(titled.token, whyNotOpen)] }
}

function openWords(open: readonly OpenShown[]): Words[] {
  if (open.length === 0) return [['It has no open changes.']]
  const more = open.length - most.open
  return [
    ...open.slice(0, most.open).map((change): Words => ['Open change ', ...openChangeWords(change)]),
    ...(more > 0 ? [[`and ${more} more`]] : []),
  ]
}

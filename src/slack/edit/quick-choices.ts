import { written } from '../../domain/quick/text.ts'
import { quickLabel } from '../../domain/quick/verbs.ts'
import { findToken, namesOf } from '../../domain/token/find.ts'
import type { LookReads } from '../../ports/looks.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { Message } from '../kit/blocks.ts'
import { apartFrom } from '../kit/options.ts'
import { createGonePast } from '../tokens/gone-past.ts'
import { type Choice, quickNear } from './quick-answers.ts'
import { type Line, lineOf } from './quick-line.ts'

type Unclear = Extract<Line, { kind: 'several' | 'near' }>

export type QuickChoices = ReturnType<typeof createQuickChoices>

/** The answer to a line about no single token: which ones may be meant. */
export function createQuickChoices({ store, looks }: { store: LookReads; looks: Looks }) {
  const gone = createGonePast({ store, looks })
  return { among }

  async function among(text: string, line: Unclear, notes: readonly string[] = []): Promise<Message> {
    const { kind, command, tokens } = line
    const known = await looks.known()
    const titled = await looks.titled(tokens.slice(0, mostChoices))
    const apart = apartFrom(titled)
    const choices = titled.map(({ token, stackTitle }): Choice => {
      const { uid, settings } = token
      const alone = findToken(known, settings.name).kind === 'one'
      const line = written({ ...command, token: alone ? settings.name : uid }, namesOf(known))
      return { line, label: quickLabel(command.verb), name: settings.name, stackTitle, apart: apart(token) }
    })
    const isGone = kind === 'near' ? await gone.titled(command.token) : []
    return quickNear({ typed: lineOf(text), token: command.token, choices, gone: isGone, notes })
  }
}

/** Each holds the whole line, including a long reason. */
const mostChoices = 5

import { loadTerminal } from '../../config/config.ts'
import { accessInWords, moduleInWords } from '../../domain/token/access.ts'
import { expiryInWords } from '../../domain/token/expiry.ts'
import { modules, type Permissions, type Token } from '../../domain/token/token.ts'
import type { UnreadableThere } from '../../domain/token/unreadable.ts'
import { command, problemsOf } from '../command.ts'
import { asJson, tokenAsJson } from '../json.ts'
import { lookAtTokens, wanted } from '../stacks.ts'
import { distinctly, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

type Options = { readonly stack?: string; readonly json?: boolean }

/**
 * `token list`: every token, as the stacks have it now. A stack that can't be read is reported, and fails the command.
 */
export function listTokens({ stack, json }: Options, terminal: Terminal): Promise<number> {
  return command(terminal, async ({ env, tell, columns }) => {
    const { stacks } = loadTerminal({ stacks: stack ?? 'all' }, env)
    const { tokens, unreadable, failures } = await lookAtTokens(wanted(stacks, stack))
    if (json) tell(asJson({ tokens: tokens.map(tokenAsJson), unreadable }))
    else if (failures.length === 0 || tokens.length + unreadable.length > 0)
      for (const line of tokenTable(tokens, unreadable, columns)) tell(line)
    if (failures.length > 0)
      throw new AggregateError(failures, failures.flatMap((failure) => problemsOf(failure)).join('\n'))
  })
}

function tokenTable(
  tokens: readonly Token[],
  unreadable: readonly UnreadableThere[],
  columns: number | null,
): string[] {
  if (tokens.length + unreadable.length === 0) return ['There are no tokens.']
  const rows = tokens.map(({ stack, uid, settings }) => [
    distinctly(settings.name),
    stack,
    uid,
    mayDo(settings.permissions),
    expiryInWords(settings.expiresOn),
  ])
  const unread = unreadable.map(({ stack, uid, name, why }) => [
    distinctly(name ?? ''),
    stack,
    uid,
    `can't be read: ${why}`,
    '',
  ])
  return table(['TOKEN', 'STACK', 'UID', 'MAY', 'EXPIRES'], [...rows, ...unread], columns)
}

/** `read and write: Entries; read: Assets, Content types` */
function mayDo({ everything, modules: granted }: Permissions): string {
  const of = (access: 'read' | 'write') => {
    const names = modules.filter((module) => granted[module] === access).map(moduleInWords)
    return names.length > 0 ? [`${accessInWords(access)}: ${names.join(', ')}`] : []
  }
  const whole = everything === 'none' ? [] : [`${accessInWords(everything)}: the whole stack`]
  return [...whole, ...of('write'), ...of('read')].join('; ') || accessInWords('none')
}

import type { Problem } from '../rules.ts'
import type { Workspace } from '../workspace.ts'
import type { Args } from './args.ts'

export type Answer = { readonly ok: boolean } & Readonly<Record<string, unknown>>

/** One method of the Web API. */
export type Method = {
  readonly token: 'bot' | 'app'
  /** The scope without which the method answers `missing_scope`. */
  readonly scope?: string
  run(workspace: Workspace, args: Args): Answer
}

export function yes(fields: Readonly<Record<string, unknown>> = {}): Answer {
  return { ok: true, ...fields }
}

export function no(error: string, fields: Readonly<Record<string, unknown>> = {}): Answer {
  return { ok: false, error, ...fields }
}

/** Refuses a payload, and points at what is wrong with it as Slack does in `response_metadata.messages`. */
export function refuse(usual: string, problems: readonly Problem[]): Answer {
  const error = problems.find((problem) => problem.error)?.error ?? usual
  const lines = problems.map((problem) => `${problem.message} [json-pointer:${problem.pointer}]`)
  return no(error, { errors: lines, response_metadata: { messages: lines.map((line) => `[ERROR] ${line}`) } })
}

export function needs(workspace: Workspace, scope: string): Answer | null {
  if (workspace.scopes.has(scope)) return null
  return no('missing_scope', { needed: scope, provided: [...workspace.scopes].join(',') })
}

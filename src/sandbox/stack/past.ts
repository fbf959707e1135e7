import type { WireToken } from './wire-token.ts'

type Version = { readonly from: number; readonly token: WireToken | null }

/** What every token was at every moment, so that a read can be served as a replica that is behind would serve it. */
export function createPast(tokens: Iterable<WireToken>) {
  const versions = new Map<string, Version[]>()
  for (const token of tokens) versions.set(token.uid, [{ from: 0, token }])
  return { note, before, ago }

  /** The token as it is from now on; null once it is deleted. */
  function note(uid: string, token: WireToken | null): void {
    versions.set(uid, [...(versions.get(uid) ?? []), { from: Date.now(), token }])
  }

  /** All tokens as they were before the last thing that happened to each. */
  function before(): WireToken[] {
    return shown((all) => all.at(-2) ?? all[0])
  }

  /** All tokens as they were so many milliseconds ago. */
  function ago(ms: number): WireToken[] {
    const then = Date.now() - ms
    return shown((all) => all.findLast(({ from }) => from <= then))
  }

  function shown(pick: (all: readonly Version[]) => Version | undefined): WireToken[] {
    return [...versions.values()].flatMap((all) => pick(all)?.token ?? [])
  }
}

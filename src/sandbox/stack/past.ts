import type { WireToken } from './wire-token.ts'

type Version = { readonly from: number; readonly token: WireToken | null }

/** Remembers every token at every moment, to answer a read like a replica that lags behind. */
export function createPast(tokens: Iterable<WireToken>) {
  const versions = new Map<string, Version[]>()
  for (const token of tokens) versions.set(token.uid, [{ from: 0, token }])
  return { note, before, ago }

  /** The token as it is from now on; null once it is deleted. */
  function note(uid: string, token: WireToken | null): void {
    versions.set(uid, [...(versions.get(uid) ?? []), { from: Date.now(), token }])
  }

  /** All tokens, each as it was before its last change. */
  function before(): WireToken[] {
    return shown((all) => all.at(-2) ?? all[0])
  }

  /** All tokens as they were that many milliseconds ago. */
  function ago(ms: number): WireToken[] {
    const then = Date.now() - ms
    return shown((all) => all.findLast(({ from }) => from <= then))
  }

  function shown(pick: (all: readonly Version[]) => Version | undefined): WireToken[] {
    return [...versions.values()].flatMap((all) => pick(all)?.token ?? [])
  }
}

import type { Finding } from './finding.ts'

/** For people: a line each, with what to do below it, and a summary at the end. */
export function inLines(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(({ area }) => area.length))
  const margin = ' '.repeat('warning'.length + width + 4)
  const lines = findings.flatMap(({ level, area, says, todo }) => [
    `${level.padEnd('warning'.length)}  ${area.padEnd(width)}  ${says}`,
    ...(todo === undefined ? [] : [`${margin}→ ${todo}`]),
  ])
  const { errors, warnings } = tally(findings)
  return [...lines, '', `${counted(errors, 'error')}, ${counted(warnings, 'warning')}.`]
}

/** For programs. */
export function asJson(findings: readonly Finding[], version: string): string {
  return JSON.stringify({ version, ...tally(findings), findings }, null, 2)
}

export function tally(findings: readonly Finding[]): { errors: number; warnings: number } {
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length
  return { errors: count('error'), warnings: count('warning') }
}

function counted(count: number, one: string): string {
  return `${count === 0 ? 'no' : count} ${one}${count === 1 ? '' : 's'}`
}

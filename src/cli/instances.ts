import type { Named } from '../ports/presence.ts'

/** The running processes of the app, as people find them: `process 12 on app-1 and process 34 on app-2`. */
export function instancesInWords(instances: readonly Named[]): string {
  return instances.map(({ host, pid }) => (pid === null ? `one on ${host}` : `process ${pid} on ${host}`)).join(' and ')
}

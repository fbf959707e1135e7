import { userInfo } from 'node:os'

/** Who runs this process, as this machine knows them: in a container there may be a number only. */
export function userOfThisProcess(nameOf = () => userInfo().username): string {
  try {
    return nameOf()
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

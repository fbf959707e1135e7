import { userInfo } from 'node:os'

/** The user who runs this process, as this machine knows them: in a container that may be only a number. */
export function userOfThisProcess(nameOf = () => userInfo().username): string {
  try {
    return nameOf()
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

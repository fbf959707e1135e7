import type { People } from '../../src/ports/people.ts'

export type Directory = {
  readonly api: People
  /** The reason a person may do nothing, by id: "guests may not use Countersign". Everybody else is a full member. */
  readonly obstacles: Map<string, string>
  /** The members of each user group. A group that is not there has none. */
  readonly groups: Map<string, readonly string[]>
  /** Other ids of people, under which they are not known here. */
  readonly others: Map<string, string>
  /** Nobody can be looked up. */
  down: boolean
  /** Runs before every answer. */
  onLook: () => Promise<void>
}

/** A workspace's people, for a test to arrange. */
export function createDirectory(): Directory {
  const directory: Directory = {
    obstacles: new Map(),
    groups: new Map(),
    others: new Map(),
    down: false,
    onLook: async () => {},
    api: {
      obstacle: async (person) => {
        await answer()
        return directory.obstacles.get(person) ?? null
      },
      members: async (group) => {
        await answer()
        return directory.groups.get(group) ?? []
      },
      canonical: async (person) => {
        await answer()
        return directory.others.get(person) ?? person
      },
    },
  }
  return directory

  async function answer(): Promise<void> {
    await directory.onLook()
    if (directory.down) throw new Error('Slack can not be asked')
  }
}

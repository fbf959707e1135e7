import { asTyped } from '../../domain/as-typed.ts'
import type { Inspection, ServerInspection } from '../../ports/inspection.ts'
import { grantTo } from '../../storage/grant-to.ts'
import { type Check, error, ok, type Said, sentence, warning } from './finding.ts'

type Server = {
  readonly database: string
  readonly inspection: () => Promise<Inspection | null>
  readonly server: () => Promise<ServerInspection>
}

/** Checks a database on a PostgreSQL server: that it can be used, has its structure, and keeps what people were told. */
export function serverChecks({ database, inspection, server }: Server): Check[] {
  return [
    {
      area: 'database',
      look: async () => {
        const facts = await server()
        const state = async () => stateOf(database, await inspection(), facts)
        const inTheWay = useOf(database, facts)
        if (inTheWay.length === 0) return state()
        // Without rights, it may not be possible to look; and nothing of it is well.
        const also = await state().catch(() => [])
        return [...inTheWay, ...also.filter(({ level }) => level !== 'ok')]
      },
    },
    { area: 'database server', look: async () => serverSays(await server(), database) },
  ]
}

/** The oldest that is tried and documented. */
const oldestVersion = 14

function useOf(database: string, { version, isStandby, lacking, role }: ServerInspection): Said[] {
  if (version < oldestVersion)
    return [error(`${database} is on PostgreSQL ${version}.`, `Use ${oldestVersion} or newer.`)]
  if (isStandby)
    return [error(`${database} is on a standby, where nothing can be recorded.`, 'Set COUNTERSIGN_DB to the primary.')]
  if (lacking.length === 0) return []
  const rights = [...Map.groupBy(lacking, ({ on }) => on)]
    .map(([on, all]) => `${all.map(({ right }) => right).join(', ')} on ${on}`)
    .join('; ')
  return [
    error(`The role ${role} lacks rights that Countersign uses in ${database}: ${rights}.`, sentence(grantTo(role))),
  ]
}

function stateOf(database: string, found: Inspection | null, server: ServerInspection): Said[] {
  if (found === null)
    return [
      ok(
        `${database} can be reached and has no tables yet: the first start makes them, or "${asTyped('migrate')}" in the role that is to own them.`,
      ),
    ]
  const { isNewer, hasLater, pending, schema, unreadable } = found
  if (isNewer)
    return [error(`${database} was written by a newer Countersign than this one.`, 'Start the newer version.')]
  if (schema.length > 0)
    return schema.map(({ what }) =>
      error(
        `${database} does not have the structure that Countersign gave it: ${what}.`,
        'Find out who did it, and undo it with psql as the owner of the tables.',
      ),
    )
  if (unreadable.length > 0)
    return unreadable.map((id) =>
      error(
        `${database} has a change #${id} that can't be read: somebody may have written to it.`,
        'Verify the log, and go back to the last backup in which the change agrees with the log: docs/scale-out.md says how.',
      ),
    )
  if (pending > 0) return [olderSays(database, pending, server)]
  const later = hasLater ? ' A newer version has added to them, which this one can live with.' : ''
  return [ok(`${database} can be reached, and its tables are up to date.${later}`)]
}

function olderSays(database: string, pending: number, { role, ownsTables, isSuperuser }: ServerInspection): Said {
  if (ownsTables || isSuperuser)
    return ok(`${database} can be reached, and its tables are brought up to date at the next start (${pending} to go).`)
  return error(
    `${database} has the tables of an older version (${pending} to go), which the role ${role} may not change: Countersign does not start.`,
    sentence(grantTo(role)),
  )
}

/** The meaning of the server's settings for Countersign. Speaks only of the facts that it is given. */
export function serverSays(facts: ServerInspection, database: string): Said[] {
  return [
    onTheWay(facts, database),
    poolerSays(facts),
    onDisk(facts),
    onReplicas(facts),
    clockSays(facts),
    roleSays(facts),
    roomSays(facts),
  ].flat()
}

function onTheWay({ isEncrypted }: ServerInspection, database: string): Said {
  if (isEncrypted) return ok('The connection to the database is encrypted.')
  if (isLocal(database)) return ok('The connection to the database is not encrypted, and does not leave this machine.')
  return warning(
    'The connection to the database is not encrypted: whoever can listen on the way can read all of it, and change it.',
    'End COUNTERSIGN_DB with ?sslmode=verify-full, and turn on TLS at the server.',
  )
}

function poolerSays({ isPooled, usedAtMost }: ServerInspection): Said[] {
  if (!isPooled) return []
  return [
    ok(
      `A pooler such as PgBouncer stands before the server, and gives each connection of Countersign one of its own, as it has to. It needs room for ${usedAtMost} for each process; if it is on another machine, look there if its connections to the server are encrypted.`,
    ),
  ]
}

/** True if the address can only lead to this machine. */
function isLocal(database: string): boolean {
  const { hostname, searchParams } = new URL(database)
  const host = searchParams.get('host') ?? hostname
  return host.startsWith('/') || host === 'localhost' || host === '[::1]' || /^127\./.test(host)
}

function onDisk({ fsync, synchronousCommit }: ServerInspection): Said {
  const lost = 'if the server fails, an approval can be lost that people were told is saved'
  if (fsync === 'off') return error(`fsync is off at the server of the database: ${lost}.`, 'Turn it on.')
  if (synchronousCommit === 'off')
    return error(
      `synchronous_commit is off for this role: ${lost}.`,
      'Set it to on, for the server or with ALTER ROLE.',
    )
  return ok('What is committed is on disk at the server before anybody is told.')
}

function onReplicas({ replicas, namesSynchronous, synchronousCommit }: ServerInspection): Said {
  const waits = namesSynchronous && !['off', 'local'].includes(synchronousCommit)
  if (waits) return ok('A commit waits for a replica, so a failover to one of those loses nothing.')
  if (replicas === 0)
    return ok('No replica is connected: if the disk of the server is lost, the last backup is what is left.')
  return ok(
    `Commits do not wait for a replica (${replicas} connected): a failover can lose the last approvals and records, although people were told that they are saved. docs/scale-out.md says what to do after one.`,
  )
}

/** Milliseconds. Answers take some time on the way. */
const mostApart = 5000

function clockSays({ clockAhead }: ServerInspection): Said {
  const seconds = Math.round(Math.abs(clockAhead) / 1000)
  if (Math.abs(clockAhead) <= mostApart) return ok('The clocks of this machine and of the database agree.')
  return warning(
    `The clock of the database is ${seconds} seconds ${clockAhead > 0 ? 'ahead of' : 'behind'} this machine's.`,
    'Let both machines set their clocks by the same time servers.',
  )
}

function roleSays({ role, isSuperuser, ownsTables }: ServerInspection): Said {
  if (!isSuperuser && !ownsTables) return ok(`The role ${role} can neither change the log nor drop it.`)
  const why = isSuperuser ? 'is a superuser' : 'owns the tables'
  return warning(
    `The role ${role} ${why}, which is more than Countersign needs to run: with its password, somebody could drop what keeps the log append-only.`,
    `Make a role for the app as in docs/scale-out.md, run "${asTyped('migrate --grant-to ROLE')}" with the address that COUNTERSIGN_DB has now, and then set it to an address with that role.`,
  )
}

function roomSays({ maxConnections, usedAtMost }: ServerInspection): Said {
  const says = `Each process of Countersign makes at most ${usedAtMost} connections, and some for a moment; the server allows ${maxConnections} in all.`
  return maxConnections < 2 * usedAtMost ? warning(says, 'Raise max_connections at the server.') : ok(says)
}

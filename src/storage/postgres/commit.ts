import pg from 'pg'

/**
 * No answer came to a commit, or none that says how it ended: the connection was lost, or the server was stopped. Nobody
 * was told that anything was saved.
 */
export class Unanswered extends Error {
  override name = 'Unanswered'
}

/** The server's codes for a transaction that it has undone. Source: PostgreSQL 18, appendix A. */
const undone = /^(23|25|40)/

/** Throws Unanswered if it can't be told whether it was done. */
export async function commit(on: pg.ClientBase): Promise<void> {
  const command = await on.query('commit').then(
    (answer) => answer.command,
    (error: unknown) => {
      if (error instanceof pg.DatabaseError && undone.test(error.code ?? '')) throw error
      throw new Unanswered('no answer came to a commit', { cause: error })
    },
  )
  // A transaction with a failed statement in it is rolled back, and that is no error.
  if (command !== 'COMMIT') throw new Error(`the database did not commit a transaction, but answered ${command}`)
}

import type pg from 'pg'

/** The pool, for one statement by itself, or the connection of a transaction. */
export type On = Pick<pg.ClientBase, 'query'>

/** A statement that each connection prepares once, under this name. Resolves to its rows. */
export function statement<Row extends object>(name: string, text: string) {
  return async (on: On, ...values: readonly unknown[]): Promise<Row[]> => {
    const { rows } = await on.query({ name, text, values: [...values] })
    return rows
  }
}

/** The same for one that writes: resolves to how many rows it wrote. */
export function writing(name: string, text: string) {
  return async (on: On, ...values: readonly unknown[]): Promise<{ readonly changes: number }> => {
    const { rowCount } = await on.query({ name, text, values: [...values] })
    return { changes: rowCount ?? 0 }
  }
}

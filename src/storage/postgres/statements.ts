import pg from 'pg'
import { isLost } from './lost.ts'

/** The pool, for one statement by itself, or the connection of a transaction. */
export type On = Pick<pg.ClientBase, 'query'>

/** A statement that each connection prepares once, under this name. Resolves to its rows. */
export function statement<Row extends object>(name: string, text: string) {
  const isRead = /^\s*(select|with)\b/i.test(text) && !/\b(insert|update|delete)\b/i.test(text)
  return async (on: On, ...values: readonly unknown[]): Promise<Row[]> => {
    const asked = { name, text, values: [...values] }
    const { rows } = await on.query(asked).catch((error) => {
      // A connection that was cut while nobody used it shows it only now, and another is made for the next.
      if (isRead && on instanceof pg.Pool && isLost(error)) return on.query(asked)
      throw error
    })
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

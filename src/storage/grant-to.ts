import { asTyped } from '../domain/as-typed.ts'

/** The way to give a role the rights that it lacks in PostgreSQL, as a clause. */
export function grantTo(role: string): string {
  return `run "${asTyped(`migrate --grant-to ${role}`)}" with the address of the owner of the tables in COUNTERSIGN_DB`
}

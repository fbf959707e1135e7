import { Refusal } from '../domain/refusal.ts'

/** For a change that is found by where it came from, though its log names another place. */
export function madeElsewhere(id: number): Refusal {
  return new Refusal(
    'unavailable',
    `The database says that change #${id} was made here, but its log says that it was not: somebody has altered it. Nothing was sent. Tell whoever runs Countersign.`,
  )
}

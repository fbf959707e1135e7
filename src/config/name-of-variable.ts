import { z } from 'zod'
import { looksLikeSecret } from './mistaken-values.ts'

/** Not the secret itself, which would be told as the name of what is missing. */
export const nameOfVariable = (of: string) =>
  z
    .string()
    .refine(
      (name) => /^[A-Za-z_]\w*$/.test(name) && !looksLikeSecret(name),
      `give the name of a variable, such as ${of}: the secret itself belongs in that variable, not in this file`,
    )

import { millisecondsInDay, millisecondsInHour, millisecondsInMinute } from 'date-fns/constants'
import { z } from 'zod'

/** Values that operators write in a policy. */

/** Takes a single value as a list of one. */
export const list = <T extends z.ZodType>(of: T) => z.union([z.array(of).min(1), of.transform((one) => [one])])

/** A Slack member (U… or W…) or a user group (S…). */
export const who = z.string().regex(/^[UWS][A-Z0-9]+$/, 'use a Slack member id (U…) or a user group id (S…)')

export const pattern = z.string().min(1, 'write a name, or a pattern such as ci-*')

const units = { m: millisecondsInMinute, h: millisecondsInHour, d: millisecondsInDay } as const

/** `30m`, `4h`, `90d` → milliseconds. */
export const duration = z
  .string()
  .regex(/^[1-9]\d{0,3}[mhd]$/, 'write a duration such as 30m, 4h or 90d')
  .transform((text) => Number(text.slice(0, -1)) * units[text.at(-1) as keyof typeof units])

import { z } from 'zod'
import { knownStacks } from '../change/known-stacks.ts'
import { settings } from '../token/token.ts'

/** A fact that changes no change's state, kept in the same log as events that do. */
export const fact = z.discriminatedUnion('type', [
  /**
   * Somebody attempted something that the app declined. `again`: not once, but this many times after the entry that
   * first said so, the first of them after `since` and the last at `until`. `goesOn`: so far; an entry with the sum
   * will follow.
   */
  z.object({
    type: z.literal('refused'),
    attempted: z.string(),
    code: z.string(),
    why: z.string(),
    again: z
      .object({
        times: z.number().int().positive(),
        since: z.string(),
        until: z.string(),
        goesOn: z.literal(true).optional(),
      })
      .optional(),
  }),
  /** `oneWayKeys`: this Countersign starts with no key that was replaced before; versions without it did. */
  z.object({ type: z.literal('started'), version: z.string(), oneWayKeys: z.literal(true).optional() }),
  z.object({ type: z.literal('stopped') }),
  /** The policy of a stack, as the app found it at its start, or when it read its settings again. */
  z.object({ type: z.literal('policy_loaded'), stack: z.string(), digest: z.string(), rules: z.array(z.string()) }),
  /** The app's settings differ from those before. Secrets are not among them. */
  z.object({ type: z.literal('settings_changed'), digest: z.string(), settings: z.record(z.string(), z.unknown()) }),
  /** The stacks, or their names, differ from those before. */
  z.object({ type: z.literal('stacks_known'), ...knownStacks.shape }),
  /**
   * An operator lets the app in at the stack with this name in the settings, by OAuth, as this app of the Developer Hub.
   * Written before the access is stored.
   */
  z.object({ type: z.literal('stack_connected'), stack: z.string(), clientId: z.string() }),
  /** A token is not as the app last saw it, and no change made it so. `by`: the editor, as the stack names them. */
  z.object({
    type: z.literal('outside_edit'),
    stack: z.string(),
    tokenUid: z.string(),
    before: settings,
    after: settings,
    by: z.string().nullable(),
    editedAt: z.string().nullable(),
  }),
  /** Somebody has looked at the outside edit with the number `edit`. */
  z.object({ type: z.literal('outside_edit_seen'), edit: z.number().int() }),
  z.object({
    type: z.literal('log_verified'),
    intact: z.boolean(),
    /** Null if there was nothing to compare it with. */
    complete: z.boolean().nullable(),
    size: z.number().int(),
    head: z.string(),
  }),
  /**
   * Indexes and the like that somebody had dropped from the file, and that the app made again at its start; in words.
   */
  z.object({ type: z.literal('schema_put_back'), what: z.array(z.string()) }),
  /** The file's schema differed from the migrations', in words; the app wrote nothing until it no longer did. */
  z.object({ type: z.literal('schema_differed'), what: z.string() }),
  /** The last entry with a key: an operator, who had it, decided that the log continues without one. */
  z.object({ type: z.literal('key_left') }),
  /**
   * An operator decided that the log continues although nobody has the key with this id any more, with which everything
   * up to the entry `upTo` was written. Written without a key, since there is none.
   */
  z.object({ type: z.literal('key_lost'), key: z.string(), upTo: z.number().int() }),
  /**
   * An operator says that a backup of the database was put back: the log, as found, had `size` entries, of which the
   * last has the hash `head`. `upTo`: anchors hold only up to here; missing if they hold as far as the log goes, or
   * nothing is known. `anchors`: the known ones that it does not bear out.
   */
  z.object({
    type: z.literal('log_put_back'),
    size: z.number().int(),
    head: z.string(),
    upTo: z.number().int().optional(),
    anchors: z
      .array(z.object({ size: z.number().int(), head: z.string() }))
      .readonly()
      .optional(),
  }),
  /** When each outside place last got a checkpoint, and of how many entries, as far as the app knew then. */
  z.object({
    type: z.literal('log_anchored'),
    places: z.record(z.string(), z.object({ at: z.string(), size: z.number().int() })),
  }),
  z.object({ type: z.literal('log_exported'), format: z.enum(['ndjson', 'csv']), entries: z.number().int() }),
])
export type Fact = Readonly<z.infer<typeof fact>>
export type Refused = Extract<Fact, { type: 'refused' }>

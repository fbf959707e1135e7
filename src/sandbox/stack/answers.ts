import type { FieldErrors } from './validate.ts'

/** If there is a `gzip`, it is sent as it is instead of `body`. */
export type Answer = { status: number; body: unknown; gzip?: Buffer; headers?: Record<string, string> }

/** Shapes and codes from contentstack.md §7; if no wording is on record, a plain one stands in. */
export const answers = {
  notLoggedIn: failure(401, 105, "You're not allowed in here unless you're logged in."),
  invalidApiKey: failure(412, 109, 'The API key is not valid. Please try again with a valid API key.'),
  stackNotFound: failure(422, 21, 'Stack not found'),
  forbidden: failure(403, 316, "You don't have the permission to do this operation."),
  noSuchAddress: failure(404, 404, "The requested URL doesn't exist."),
  notJson: failure(400, 400, 'The request body could not be read as JSON.'),
  tooManyRequests: failure(429, 429, 'Too many requests'),
  down: failure(503, 503, 'Service unavailable'),
  brokenInside: failure(500, 500, 'Internal server error'),
}

export function unknownToken(status: 404 | 422): Answer {
  return failure(status, 141, 'The management token was not found. Please try again.', { uid: ['is not valid.'] })
}

export function updateFailed(errors: FieldErrors): Answer {
  return failure(422, 141, 'Management Token updation failed. Please try again.', errors)
}

function failure(status: number, code: number, message: string, errors?: FieldErrors): Answer {
  return { status, body: { error_message: message, error_code: code, ...(errors && { errors }) } }
}

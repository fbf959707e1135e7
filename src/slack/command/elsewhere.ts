const inContentstack = 'in Contentstack, under Settings → Tokens'

/** Things that are not done by a command of this app, by the words that ask for them, and where they are done. */
const places: readonly (readonly [RegExp, string])[] = [
  [/^(?:delete|remove|destroy|drop|kill)\b/i, `Countersign never deletes a token: that is done ${inContentstack}.`],
  [
    /^(?:disable|deactivate|stop|block|suspend|pause|expire)\b/i,
    `Countersign never stops a token at once: for one that has leaked, for example, delete it ${inContentstack}.`,
  ],
  [
    /^(?:create|new|generate|copy|duplicate|clone|(?:add|make)\s+(?:an?\s+)?(?:new\s+)?token)\b/i,
    `Countersign never creates a token: that is done ${inContentstack}.`,
  ],
  [
    /^(?:rotate|regenerate|roll|reset|refresh|get|value|secret|key)\b/i,
    `Countersign never sees or changes the secret value of a token. For a new value, generate a new token ${inContentstack}, and delete the old one there.`,
  ],
  [
    /^(?:revert|restore|undo|rollback|roll\s+back)\b/i,
    'The page of a token has its history, and beside each change the way back: Revert to before this.',
  ],
  [
    /^(?:reports?|stats|statistics|numbers)\b/i,
    'The report on changes is on the Home tab of Countersign, where approvers find it.',
  ],
  [
    /^(?:audit|export|logs?)\b/i,
    'Whoever runs Countersign can export the log and verify it. What happened to one token is in its history.',
  ],
  [
    /^(?:polic(?:y|ies)|rules?|settings?|config(?:uration)?)\b/i,
    'The policy is in a file that whoever runs Countersign can change. The check before an edit is sent says which rule it meets, and who has to approve it.',
  ],
]

/** A sentence; null for what is done here, or nowhere. */
export function doneElsewhere(typed: string): string | null {
  return places.find(([words]) => words.test(typed))?.[1] ?? null
}

import { LIMITS } from './limits.ts'
import { also, atLeastOne, flag, list, object, type Rule, string, typed, word } from './rules.ts'

/** Text must not be empty: Slack refuses the empty string (slack.md §2). */
function textFields(max: number) {
  const text = string({ min: 1, max })
  return {
    plain: object({ text }, { emoji: flag }),
    mrkdwn: object({ text }, { verbatim: flag }),
  }
}

export function plainText(max: number): Rule {
  const rules = { plain_text: textFields(max).plain }
  return typed(() => rules)
}

export function mrkdwn(max: number): Rule {
  const rules = { mrkdwn: textFields(max).mrkdwn }
  return typed(() => rules)
}

export function anyText(max: number): Rule {
  const { plain, mrkdwn } = textFields(max)
  const rules = { plain_text: plain, mrkdwn }
  return typed(() => rules)
}

function optionWith(text: Rule, description: Rule, extra: Record<string, Rule> = {}): Rule {
  return object({ text, value: string({ min: 1, max: LIMITS.optionValue }) }, { description, ...extra })
}

/** For menus. */
export const option = optionWith(plainText(LIMITS.optionText), plainText(LIMITS.optionText))
/** For checkboxes and radio buttons, where text may be mrkdwn. */
export const boxOption = optionWith(anyText(LIMITS.optionText), anyText(LIMITS.optionText))
export const overflowOption = optionWith(plainText(LIMITS.optionText), plainText(LIMITS.optionText), {
  url: string({ max: LIMITS.url }),
})

export const optionGroup = object({
  label: plainText(LIMITS.optionText),
  options: list(option, { max: LIMITS.options }),
})

export const confirm = object(
  { text: anyText(LIMITS.confirmText) },
  {
    title: plainText(LIMITS.confirmTitle),
    confirm: plainText(LIMITS.confirmButton),
    deny: plainText(LIMITS.confirmButton),
    style: word('primary', 'danger'),
  },
)

export const placeholder = plainText(LIMITS.placeholder)

export const dispatchActionConfig = object(
  {},
  { trigger_actions_on: list(word('on_enter_pressed', 'on_character_entered'), { min: 1, max: 2 }) },
)

export const conversationFilter = also(
  object(
    {},
    {
      include: list(word('im', 'mpim', 'private', 'public'), { min: 1 }),
      exclude_external_shared_channels: flag,
      exclude_bot_users: flag,
    },
  ),
  atLeastOne('include', 'exclude_external_shared_channels', 'exclude_bot_users'),
)

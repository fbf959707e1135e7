/** The few that an approval app is likely to use; any other is shown by its name. */
const known = {
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  x: '❌',
  no_entry: '⛔',
  warning: '⚠️',
  rotating_light: '🚨',
  lock: '🔒',
  unlock: '🔓',
  key: '🔑',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  bell: '🔔',
  eyes: '👀',
  memo: '📝',
  pencil2: '✏️',
  information_source: 'ℹ️',
  question: '❓',
  tada: '🎉',
  wave: '👋',
  link: '🔗',
  arrow_right: '➡️',
  arrows_counterclockwise: '🔄',
  mag: '🔍',
  shield: '🛡️',
  thumbsup: '👍',
  '+1': '👍',
  thumbsdown: '👎',
  '-1': '👎',
}

export const emoji = (name) => known[name] ?? `:${name}:`

export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (_, name) => emoji(name))
}

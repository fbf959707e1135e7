const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })
const shown = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit' },
  time_secs: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
}

export const timeOf = (ts) => time.format(Number(ts) * 1000)
export const fullTime = (ts) => full.format(Number(ts) * 1000)

export function dayOf(ts) {
  const day = pretty(new Date(Number(ts) * 1000), 'date_long')
  return day[0].toUpperCase() + day.slice(1)
}

/** A date as Slack writes it for each reader, from a format like `{date_short_pretty} at {time}`. */
export function dateText(seconds, format) {
  const date = new Date(seconds * 1000)
  return format.replace(/\{(\w+)\}/g, (whole, name) => {
    if (name === 'ago') return ago(date)
    if (name.endsWith('_pretty')) return pretty(date, name.slice(0, -'_pretty'.length))
    return shown[name] ? new Intl.DateTimeFormat(undefined, shown[name]).format(date) : whole
  })
}

function pretty(date, name) {
  const days = Math.round((midnight(date) - midnight(new Date())) / 86_400_000)
  const near = { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[days]
  return near ?? new Intl.DateTimeFormat(undefined, shown[name] ?? shown.date).format(date)
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

function ago(date) {
  const minutes = Math.round((date.getTime() - Date.now()) / 60_000)
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute')
  if (Math.abs(minutes) < 60 * 24) return relative.format(Math.round(minutes / 60), 'hour')
  return relative.format(Math.round(minutes / 60 / 24), 'day')
}

#!/usr/bin/env bash
# Seen with @slack/web-api 8.2.0 (the newest on 2026-12-01).
#
# A proxy between an app and Slack may answer with a page of its own and status 200: "sign in to the network". One would expect an error
# of the connection, or of JSON. It is an error of the platform, as if Slack had refused the call, and the name of the refusal is the
# whole page. Whoever compares `data.error` with the names that Slack documents sees an unknown one, and whoever shows it shows the page.
#
# Here, an error of the platform counts as Slack's own word only if it looks like one of its names.
#
# Output seen:
#   slack_webapi_platform_error: <html><body>Sign in to the network</body></html>
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit @slack/web-api@8.2.0
cat >look.mjs <<'EOF'
import { LogLevel, WebClient } from '@slack/web-api'

const page = '<html><body>Sign in to the network</body></html>'
const fetch = async () => new Response(page, { headers: { 'content-type': 'text/html' } })
const client = new WebClient('xoxb-1', { fetch, logLevel: LogLevel.ERROR })
const error = await client.auth.test().catch((caught) => caught)
console.log(`${error.code}: ${error.data.error}`)
EOF
seen=$(node look.mjs)
printf '%s\n' "$seen"
expected='slack_webapi_platform_error: <html><body>Sign in to the network</body></html>'
[ "$seen" = "$expected" ] || { echo 'It does something else now.' >&2; exit 1; }

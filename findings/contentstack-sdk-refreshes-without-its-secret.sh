#!/usr/bin/env bash
# Seen with @contentstack/management 1.30.2 (the newest on 2026-12-01).
#
# OAuth (RFC 6749, 6) has a client with a secret show it at each refresh, as when it asks for the first token. The handler was given a
# secret, and sends it for the first token; its refresh has none.
#
# Here, both requests are made by a client of our own, which sends the secret each time if there is one.
#
# Output seen:
#   authorization_code: with client_secret
#   refresh_token: without client_secret
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit @contentstack/management@1.30.2
cat >look.mjs <<'EOF'
import contentstack from '@contentstack/management'

const granted = { access_token: 'a', refresh_token: 'r', expires_in: 3600, organization_uid: 'o', user_uid: 'u' }
const client = contentstack.client({ host: 'api.example.com' })
client.axiosInstance.defaults.adapter = async (config) => {
  const form = new URLSearchParams(String(config.data))
  console.log(`${form.get('grant_type')}: ${form.has('client_secret') ? 'with' : 'without'} client_secret`)
  return { status: 200, statusText: 'OK', headers: {}, config, data: granted }
}
const oauth = client.oauth({ appId: 'app', clientId: 'c', clientSecret: 's', redirectUri: 'http://localhost:8184' })
await oauth.exchangeCodeForToken('code')
await oauth.refreshAccessToken()
process.exit()
EOF
seen=$(node look.mjs)
printf '%s\n' "$seen"
expected='authorization_code: with client_secret
refresh_token: without client_secret'
[ "$seen" = "$expected" ] || { echo 'It does something else now.' >&2; exit 1; }

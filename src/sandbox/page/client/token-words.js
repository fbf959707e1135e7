const plurals = { entry: 'Entries', global_field: 'Global fields', content_type: 'Content types' }

/** A token's settings as `{ label, value }`, in the order in which people look for them. */
export function tokenInWords(token, behaviour) {
  const scope = token.scope ?? []
  return [
    { label: 'Description', value: token.description || 'none' },
    ...scope.filter(({ module }) => !module.startsWith('branch')).map(permission),
    { label: 'Branches', value: names(scope, 'branch', 'branches') },
    { label: 'Aliases', value: names(scope, 'branch_alias', 'branch_aliases') },
    { label: 'Expires', value: expiry(token.expires_on) },
    { label: 'E-mail before', value: token.is_email_notification_enabled ? 'yes' : 'no' },
    { label: 'Rate limits', value: rateLimits(token, behaviour.rateLimitFields) },
  ]
}

function permission({ module, acl }) {
  return { label: module === '$all' ? 'Everything' : moduleName(module), value: access(acl ?? {}) }
}

function moduleName(module) {
  const words = module.replaceAll('_', ' ')
  return plurals[module] ?? `${words[0].toUpperCase()}${words.slice(1)}s`
}

function access({ read, write }) {
  if (write) return 'read and write'
  return read ? 'read' : 'no access'
}

function names(scope, module, key) {
  const all = scope.filter((entry) => entry.module === module).flatMap((entry) => entry[key] ?? [])
  return all.length > 0 ? all.join(', ') : 'none'
}

function expiry(expiresOn) {
  return expiresOn ? expiresOn.replace(/T00:00:00(\.0+)?Z$/, '') : 'never'
}

function rateLimits(token, fields) {
  if (fields === null) return 'not part of the plan'
  const at = (path) => path.split('.').reduce((part, key) => part?.[key], token)
  if (at(fields.enabled) !== true) return "the organisation's"
  return `${at(fields.read)} reads, ${at(fields.write)} writes a second`
}

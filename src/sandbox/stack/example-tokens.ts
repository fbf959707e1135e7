import { copied } from '../copy.ts'
import type { WireToken } from './wire-token.ts'

const branches = { module: 'branch', acl: { read: true }, branches: ['main', 'development'] }
const alias = { module: 'branch_alias', acl: { read: true }, branch_aliases: ['live'] }

/** Three tokens that a small team might have: one per module, one read-only, one for everything that soon expires. */
export function exampleTokens(): WireToken[] {
  return copied([
    {
      uid: 'blt5c1de0000000a001',
      name: 'ci-deploy',
      description: 'Deploys from CI',
      scope: [
        { module: 'content_type', acl: { read: true } },
        { module: 'entry', acl: { read: true, write: true } },
        branches,
        alias,
      ],
      expires_on: daysFromNow(70).slice(0, 10),
      is_email_notification_enabled: true,
    },
    {
      uid: 'blt5c1de0000000a002',
      name: 'preview-reader',
      description: 'Reads entries for the preview site',
      scope: [
        { module: '$all', acl: { read: true } },
        { module: 'branch', acl: { read: true }, branches: ['development'] },
      ],
      expires_on: null,
      is_email_notification_enabled: false,
    },
    {
      uid: 'blt5c1de0000000a003',
      name: 'migration-2024',
      description: '',
      scope: [{ module: '$all', acl: { read: true, write: true } }, branches],
      expires_on: `${daysFromNow(6).slice(0, 10)}T00:00:00.000Z`,
      is_email_notification_enabled: true,
      rate_limit_enabled: true,
      rate_limit: { read: 20, write: 10 },
    },
  ])
}

function daysFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString()
}

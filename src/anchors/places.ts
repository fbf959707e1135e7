import type { AnchorPlace } from '../ports/anchors.ts'
import { fileAt } from './file.ts'
import { syslogAt } from './syslog.ts'
import { webhookAt } from './webhook.ts'

/** Places besides Slack that keep checkpoints; null for one that an operator did not ask for. */
export type AnchorSettings = {
  readonly file: string | null
  /** An https address; anybody who has it may post there, so it counts as a secret. */
  readonly webhook: string | null
  /** `udp://host:port` */
  readonly syslog: string | null
}

export function anchorPlaces({ file, webhook, syslog }: AnchorSettings): AnchorPlace[] {
  return [
    ...(file === null ? [] : [fileAt(file)]),
    ...(webhook === null ? [] : [webhookAt(webhook)]),
    ...(syslog === null ? [] : [syslogAt(syslog)]),
  ]
}

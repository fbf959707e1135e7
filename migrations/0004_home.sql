CREATE TABLE `homes` (
	`person` text PRIMARY KEY NOT NULL,
	`pages` text NOT NULL,
	`digest` text NOT NULL,
	`opened_at` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `audit_events_outside_edits` ON `audit_events` (`seq`) WHERE type = 'outside_edit';--> statement-breakpoint
CREATE INDEX `audit_events_seen` ON `audit_events` (body ->> 'edit') WHERE type = 'outside_edit_seen';--> statement-breakpoint
CREATE INDEX `audit_events_verified` ON `audit_events` (`seq`) WHERE type = 'log_verified';--> statement-breakpoint
CREATE INDEX `change_requests_ended` ON `change_requests` (`seq`) WHERE due_at is null;
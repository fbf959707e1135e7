ALTER TABLE `audit_events` ADD `version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `audit_events` ADD `key` text;--> statement-breakpoint
ALTER TABLE `audit_events` ADD `hash` text;
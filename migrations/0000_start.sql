CREATE TABLE `audit_events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`actor` text NOT NULL,
	`change_id` integer,
	`type` text NOT NULL,
	`body` text NOT NULL,
	FOREIGN KEY (`change_id`) REFERENCES `change_requests`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `audit_events_by_change` ON `audit_events` (`change_id`,`seq`);--> statement-breakpoint
CREATE TABLE `change_requests` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`stack` text NOT NULL,
	`token_uid` text NOT NULL,
	`requester` text NOT NULL,
	`status` text NOT NULL,
	`revision` integer NOT NULL,
	`state` text NOT NULL,
	`origin` text NOT NULL,
	`seq` integer NOT NULL,
	`due_at` text,
	`card_channel` text,
	`card_ts` text,
	`card_seq` integer,
	`card_posting` integer DEFAULT 0 NOT NULL,
	`told` text
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `change_requests_origin_unique` ON `change_requests` (`origin`);--> statement-breakpoint
CREATE INDEX `change_requests_by_status` ON `change_requests` (`status`);--> statement-breakpoint
CREATE INDEX `change_requests_by_token` ON `change_requests` (`stack`,`token_uid`);--> statement-breakpoint
CREATE TABLE `drafts` (
	`id` text PRIMARY KEY NOT NULL,
	`person` text NOT NULL,
	`stack` text NOT NULL,
	`token_uid` text NOT NULL,
	`body` text NOT NULL,
	`saved_at` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `stacks` (
	`name` text PRIMARY KEY NOT NULL,
	`facts` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `tokens` (
	`stack` text NOT NULL,
	`uid` text NOT NULL,
	`settings` text NOT NULL,
	`seen_at` text NOT NULL,
	PRIMARY KEY(`stack`, `uid`)
) STRICT;
--> statement-breakpoint
CREATE TRIGGER `audit_events_keep` BEFORE UPDATE ON `audit_events` BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `audit_events_stay` BEFORE DELETE ON `audit_events` BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

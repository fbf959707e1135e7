ALTER TABLE `change_requests` ADD `watch_until` text;--> statement-breakpoint
CREATE INDEX `change_requests_watched` ON `change_requests` (`watch_until`) WHERE watch_until is not null;--> statement-breakpoint
ALTER TABLE `tokens` ADD `edited_at` text;--> statement-breakpoint
ALTER TABLE `tokens` ADD `edited_by` text;--> statement-breakpoint
ALTER TABLE `tokens` ADD `missing_since` text;--> statement-breakpoint
ALTER TABLE `tokens` ADD `gone_at` text;
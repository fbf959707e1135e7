CREATE TABLE `void_approvals` (
	`change_id` integer NOT NULL,
	`person` text NOT NULL,
	`approved_at` text NOT NULL,
	`why` text,
	`telling` integer DEFAULT 0,
	PRIMARY KEY(`change_id`, `person`, `approved_at`),
	FOREIGN KEY (`change_id`) REFERENCES `change_requests`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
ALTER TABLE `change_requests` ADD `telling` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `change_requests` SET `state` = json_set(`state`, '$.revisedAt', coalesce(
	(SELECT json_extract(`body`, '$.at') FROM `audit_events` WHERE `change_id` = `change_requests`.`id` AND `type` IN ('amended', 'rebased') AND json_valid(`body`) ORDER BY `seq` DESC LIMIT 1),
	json_extract(`state`, '$.proposedAt')
)) WHERE json_valid(`state`);

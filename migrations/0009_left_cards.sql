CREATE TABLE `left_cards` (
	`change_id` integer NOT NULL,
	`channel` text NOT NULL,
	`ts` text NOT NULL,
	PRIMARY KEY(`change_id`, `channel`, `ts`),
	FOREIGN KEY (`change_id`) REFERENCES `change_requests`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;

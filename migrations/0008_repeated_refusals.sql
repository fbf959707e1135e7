CREATE TABLE `repeated_refusals` (
	`what` text PRIMARY KEY NOT NULL,
	`since` text NOT NULL,
	`times` integer DEFAULT 0 NOT NULL,
	`until` text NOT NULL
) STRICT;

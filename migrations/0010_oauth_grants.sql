CREATE TABLE `oauth_grants` (
	`stack` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`sealed` text NOT NULL,
	`number` integer NOT NULL,
	`stored_at` text NOT NULL,
	`renewal_began` text,
	`renewing` integer DEFAULT 0 NOT NULL,
	`ended` text
) STRICT;

DROP INDEX `change_requests_by_token`;--> statement-breakpoint
CREATE INDEX `change_requests_open` ON `change_requests` (`stack`,`token_uid`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `change_requests_past` ON `change_requests` (`stack`,`token_uid`,`seq`) WHERE due_at is null;--> statement-breakpoint
CREATE INDEX `audit_events_outside_edits_by_token` ON `audit_events` (body ->> 'stack',body ->> 'tokenUid',`seq`) WHERE type = 'outside_edit';
-- the version before can live with this
CREATE INDEX "audit_events_asked" ON "audit_events" USING btree ("actor","at") WHERE type in ('proposed', 'amended', 'rebased', 'taken_over');--> statement-breakpoint
CREATE INDEX "change_requests_newest_open" ON "change_requests" USING btree ("id") WHERE status in ('pending', 'approved', 'applying', 'drifted');
-- the version before can live with this
CREATE INDEX "audit_events_asked" ON "audit_events" USING btree ("actor","at") WHERE type in ('proposed', 'amended', 'rebased', 'taken_over');
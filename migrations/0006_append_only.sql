CREATE TRIGGER `audit_events_append` BEFORE INSERT ON `audit_events` WHEN NEW.`seq` <= (SELECT max(`seq`) FROM `audit_events`) BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

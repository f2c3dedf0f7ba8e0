-- Corrections of recalled tips are broadcasts as well; who confirms one is told apart from who wrote it.

-- Of which tip it is a correction: its audience are those who got that tip, as its segment says; null: it is none.
ALTER TABLE broadcasts ADD COLUMN corrects TEXT;
CREATE INDEX broadcasts_corrects ON broadcasts (corrects, id) WHERE corrects IS NOT NULL;
-- Up to which person it has been queued: whoever goes on begins there. Null: with the first.
ALTER TABLE broadcasts ADD COLUMN queued_to UUID;
-- Who confirmed its count, where a second person has to approve it.
ALTER TABLE broadcasts ADD COLUMN submitted_by TEXT;
-- By which account.
ALTER TABLE broadcasts ADD COLUMN submitted_account UUID;
-- How many of its texts had still to leave when it was reckoned up last; null: not yet reckoned.
ALTER TABLE broadcasts ADD COLUMN waiting BIGINT;

-- Who confirmed took the author's place until now.
UPDATE broadcasts SET submitted_by = made_by, submitted_account = account_id WHERE submitted_at IS NOT NULL;
-- Those that still go are reckoned up within minutes.
UPDATE broadcasts SET waiting = 0 WHERE outcome IS NOT NULL;
-- Of which program one is that was begun before this was written down: its operators may stop it.
UPDATE broadcasts SET program = segment::json ->> 'program'
 WHERE program IS NULL AND segment LIKE '{"program":"%';

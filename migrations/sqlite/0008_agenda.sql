-- What is to be planned next, ordered by time and with all that the planner must know: women who are due together
-- stand together, and planning one of them reads and writes nothing else that grows with how many are enrolled.

ALTER TABLE enrollments ADD COLUMN version INTEGER NOT NULL DEFAULT 0; -- counts changes of what is planned from

-- Moments and days are TEXT here: of any other type SQLite would try whether each is a number.
CREATE TABLE agenda (
    next_at       TEXT NOT NULL,             -- when the next occurrence is due
    enrollment_id UUID NOT NULL,
    version       INTEGER NOT NULL,          -- of the enrollment; revoked: the line counts no more
    next_on       TEXT NOT NULL,             -- her local day of that occurrence
    subscriber_id UUID NOT NULL,
    phone         TEXT NOT NULL,
    zone          TEXT,
    program       TEXT NOT NULL,
    sender        TEXT NOT NULL,
    language      TEXT NOT NULL,
    anchor_kind   TEXT NOT NULL,
    anchor_date   TEXT NOT NULL,
    enrolled_on   TEXT NOT NULL,
    PRIMARY KEY (next_at, enrollment_id, version)
) WITHOUT ROWID;

INSERT INTO agenda
SELECT e.next_at, e.id, e.version, e.next_on, e.subscriber_id, s.phone, s.zone, e.program, e.sender, e.language,
       e.anchor_kind, e.anchor_date, e.enrolled_on
  FROM enrollments e JOIN subscribers s ON s.id = e.subscriber_id
 WHERE e.next_at IS NOT NULL;

DROP INDEX enrollments_due;
ALTER TABLE enrollments DROP COLUMN next_at;
ALTER TABLE enrollments DROP COLUMN next_on;

-- Versions of enrollments that count no more. Few: a row goes when its line in the agenda comes up.
CREATE TABLE revoked (
    enrollment_id UUID NOT NULL,
    version       INTEGER NOT NULL,
    at            TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (enrollment_id, version)
) WITHOUT ROWID;

CREATE INDEX revoked_at ON revoked (at);

-- From which version of the enrollment a tip was planned; null: from none, it is no tip.
ALTER TABLE outbox ADD COLUMN version INTEGER;

-- Without its foreign key: to look every enrollment up again would cost more than to write the row.
CREATE TABLE planned_anew (
    enrollment_id UUID NOT NULL,
    occurs_on     DATE NOT NULL,             -- her local day
    track         TEXT NOT NULL,
    week          INTEGER NOT NULL,
    slot          INTEGER NOT NULL,          -- which of the week's tips
    tip           TEXT,                      -- null: none was chosen, see outcome
    outbox_id     UUID,
    outcome       TEXT NOT NULL,             -- queued, no_tip, expired, repeat, no_window
    planned_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (enrollment_id, occurs_on),
    UNIQUE (enrollment_id, tip)
);
INSERT INTO planned_anew SELECT * FROM planned;
DROP TABLE planned;
ALTER TABLE planned_anew RENAME TO planned;

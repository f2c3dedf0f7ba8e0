-- An inbox that several people work at, and broadcasts that a second person approves.

-- Which account is at it; null: nobody.
ALTER TABLE help_items ADD COLUMN taken_by UUID;
-- When that account did something with it last: after a while without anything it is free again.
ALTER TABLE help_items ADD COLUMN taken_at TIMESTAMPTZ;
-- To which account somebody handed it on; null: to nobody.
ALTER TABLE help_items ADD COLUMN handed_to UUID;
-- Why it was closed without an answer (flows::answering::Why); null: it was not, or nobody said.
ALTER TABLE help_items ADD COLUMN closed_why TEXT;

CREATE INDEX help_items_ended ON help_items (state, closed_at, id);

-- What those who answer tell each other about an item. She never sees it, and it is erased with her.
CREATE TABLE help_notes (
    id           UUID PRIMARY KEY,
    item_id      UUID NOT NULL,              -- about which item
    body         TEXT NOT NULL,              -- the words
    written_by   TEXT NOT NULL,              -- who wrote it
    at           TIMESTAMPTZ NOT NULL        -- when
);

CREATE INDEX help_notes_of ON help_notes (item_id, at);

-- Answers that are written once and used often.
CREATE TABLE saved_replies (
    id           UUID PRIMARY KEY,
    program      TEXT NOT NULL,              -- for which program
    language     TEXT NOT NULL,              -- in which language, ISO 639
    title        TEXT NOT NULL,              -- by which those who answer find it
    body         TEXT NOT NULL,              -- the words, as she is to read them
    changed_by   TEXT NOT NULL,              -- who wrote or changed it last
    changed_at   TIMESTAMPTZ NOT NULL,       -- when
    UNIQUE (program, language, title)
);

-- Of which program a broadcast is, as its segment says; null: of every one.
ALTER TABLE broadcasts ADD COLUMN program TEXT;
-- Which account wrote it; null: somebody at the command line, who also queues it.
ALTER TABLE broadcasts ADD COLUMN account_id UUID;
-- Who confirmed the count of a broadcast that a second person has to approve, and when.
ALTER TABLE broadcasts ADD COLUMN submitted_at TIMESTAMPTZ;
-- The second person, where there had to be one.
ALTER TABLE broadcasts ADD COLUMN approved_by TEXT;
-- When they approved.
ALTER TABLE broadcasts ADD COLUMN approved_at TIMESTAMPTZ;
-- What the last count came to, as JSON (flows::broadcasting::Counted); null: not counted yet.
ALTER TABLE broadcasts ADD COLUMN counted TEXT;
-- Since when somebody waits for a count; null: nobody does.
ALTER TABLE broadcasts ADD COLUMN count_asked_at TIMESTAMPTZ;
-- What became of its texts, as JSON (flows::broadcasting::Outcome), reckoned now and then while it changes.
ALTER TABLE broadcasts ADD COLUMN outcome TEXT;
-- When that was reckoned.
ALTER TABLE broadcasts ADD COLUMN outcome_at TIMESTAMPTZ;
-- Stopped: since when nothing of it waits any more; null: it has still to be taken back.
ALTER TABLE broadcasts ADD COLUMN cleared_at TIMESTAMPTZ;
UPDATE broadcasts SET cleared_at = ended_at WHERE state = 'stopped';

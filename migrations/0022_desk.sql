-- The desk: what authors write and reviewers sign at the console, until it is published.

-- A tip that differs from the newest edition, or waits for its signature. What lies here is laid over the edition's
-- files; files themselves are kept nowhere but in editions.
CREATE TABLE desk_tips (
    tip          TEXT PRIMARY KEY,           -- its id
    program      TEXT NOT NULL,              -- whose tip it is
    base         TEXT,                       -- JSON: the tip as the edition had it when this was begun; null: it is new
    base_mark    TEXT,                       -- digest of that: another one in the edition now is a conflict
    content      TEXT NOT NULL,              -- JSON: the tip as it is being written, its fields and words
    mark         TEXT NOT NULL,              -- digest of that: who changes or signs it says what they have seen
    state        TEXT NOT NULL,              -- writing, waiting, returned, approved
    writers      TEXT NOT NULL,              -- JSON: the accounts that changed it since it was last signed, who may not sign
    reviewer     UUID,                       -- the account that is asked to review it; null: whoever may
    changed_by   TEXT NOT NULL,              -- who changed it last, by name
    changed_at   TIMESTAMPTZ NOT NULL,       -- when
    submitted_at TIMESTAMPTZ                 -- since when it waits for a reviewer; null: it does not
);

-- What was said about a tip between who writes and who reviews it: rows are added, never changed.
CREATE TABLE desk_remarks (
    id           UUID PRIMARY KEY,           -- in the order of time
    tip          TEXT NOT NULL,              -- about which tip
    made_by      TEXT NOT NULL,              -- who, by name
    at           TIMESTAMPTZ NOT NULL,       -- when
    kind         TEXT NOT NULL,              -- remark, submitted, withdrawn, returned, approved, published
    body         TEXT NOT NULL               -- in their words; may be empty
);

CREATE INDEX desk_remarks_of ON desk_remarks (tip, id);

-- Who has a tip's form open: others are told.
CREATE TABLE desk_open (
    tip          TEXT NOT NULL,              -- which tip
    account_id   UUID NOT NULL,              -- who
    name         TEXT NOT NULL,              -- who, by name
    at           TIMESTAMPTZ NOT NULL,       -- when they opened it last
    PRIMARY KEY (tip, account_id)
);

-- What a file that was brought in would change, until whoever brought it says yes.
CREATE TABLE desk_imports (
    id           UUID PRIMARY KEY,
    account_id   UUID NOT NULL,              -- who brought it, and alone may take it over
    at           TIMESTAMPTZ NOT NULL,       -- when; a day later it is forgotten
    name         TEXT NOT NULL,              -- the file's own name
    tips         TEXT NOT NULL               -- JSON: each tip as it would be, with the mark of what it was weighed against
);

-- How tips did, added up by a duty that walks the history once: no page counts texts.
CREATE TABLE tip_figures (
    program      TEXT NOT NULL,              -- in which program
    tip          TEXT NOT NULL,              -- which tip
    edition      BIGINT NOT NULL,            -- in the words of which edition; 0: it is not known
    language     TEXT NOT NULL,              -- in which language
    sent         BIGINT NOT NULL,            -- texts that a gateway took
    delivered    BIGINT NOT NULL,            -- of these, proved to have arrived
    replied      BIGINT NOT NULL,            -- of these, after which she wrote within a day
    ended        BIGINT NOT NULL,            -- of these, after which she stopped within a day
    segments     BIGINT NOT NULL,            -- the SMS that they took
    PRIMARY KEY (program, tip, edition, language)
);

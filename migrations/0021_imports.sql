-- Lists of women whom a clinic brings in: checked row by row before anybody is enrolled, then enrolled once; and where
-- enrollments come from, counted.

-- A list.
CREATE TABLE imports (
    id         UUID PRIMARY KEY,
    program    TEXT NOT NULL,                -- in which they are to be enrolled
    language   TEXT NOT NULL,                -- of rows that name none
    file       TEXT NOT NULL,                -- what the file was called
    made_by    TEXT NOT NULL,                -- who brought it
    account_id UUID,                         -- their account
    reach      TEXT NOT NULL,                -- JSON: the programs whose women they may know of
    state      TEXT NOT NULL,                -- checked, enrolling, done
    said       TEXT NOT NULL,                -- JSON: what is to be said of the file as a whole
    people     BIGINT NOT NULL,              -- rows in it
    made_at    TIMESTAMPTZ NOT NULL,
    began_at   TIMESTAMPTZ,                  -- when somebody had the good ones enrolled
    ended_at   TIMESTAMPTZ
);

-- Those that go on: a process that starts finds them.
CREATE INDEX imports_going ON imports (id) WHERE state = 'enrolling';

-- A row of a list, and what came of it.
CREATE TABLE import_rows (
    import_id     UUID NOT NULL REFERENCES imports (id),
    place         INTEGER NOT NULL,          -- its row in the file, from 1
    typed         TEXT NOT NULL,             -- the number as it stands in the file
    phone         TEXT,                      -- in E.164; null: it is none
    language      TEXT NOT NULL,
    anchor_kind   TEXT,                      -- due, born
    anchor_date   DATE,
    lives_in      TEXT NOT NULL,             -- the place as it stands in the file
    reader        TEXT NOT NULL,             -- domain::plan::Reader
    partner       TEXT,                      -- the code by which she is counted
    agreed_on     DATE,                      -- the day on which she agreed
    agreed_how    TEXT NOT NULL,             -- how, as it stands in the file
    verdict       TEXT NOT NULL,             -- flows::importing::Verdict
    notes         TEXT NOT NULL,             -- JSON: all that is to be said of it
    waits         BOOLEAN NOT NULL,          -- it is still to be enrolled
    subscriber_id UUID,                      -- whom it was found to be, or made
    PRIMARY KEY (import_id, place)
);

CREATE INDEX import_rows_by_verdict ON import_rows (import_id, verdict, place);
CREATE INDEX import_rows_waiting ON import_rows (import_id, place) WHERE waits;
-- Who is erased is erased here.
CREATE INDEX import_rows_of ON import_rows (phone) WHERE phone IS NOT NULL;

-- Where enrollments come from, a month at a time: gathered by flows::placing, so that no page counts enrollments.
CREATE TABLE arrivals (
    program TEXT NOT NULL,
    kind    TEXT NOT NULL,                   -- code: by whose code; area: the state or region she lives in
    month   DATE NOT NULL,                   -- its first day, by her calendar
    place   TEXT NOT NULL,                   -- the code or the region; empty: none
    people  BIGINT NOT NULL,                 -- enrollments
    PRIMARY KEY (program, kind, month, place)
);

-- The answers to one question are counted along this alone.
CREATE INDEX answers_counted ON answers (program, question, edition, language, outcome, at);

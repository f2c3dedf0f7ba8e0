-- One row an occurrence, written in the transaction that queues its tip. The two keys are the guarantee
-- that no slot and no tip comes twice, whatever is restarted; so this table is never moved or thinned.

CREATE TABLE planned (
    enrollment_id UUID NOT NULL REFERENCES enrollments (id),
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

-- Texts are no longer leased: whoever handles them holds their rows until all of it is committed. What is left
-- of a handling that was cut short is its count in `tries`.

UPDATE inbox SET state = 0 WHERE state = 1;
ALTER TABLE inbox DROP COLUMN lease;

-- What is handled or given up has a time, what waits has none.
UPDATE inbox SET handled_at = next_try_at WHERE state = 3 AND handled_at IS NULL;

-- Whether an earlier text of hers waits is asked for every text in line, and must cost neither a walk through all
-- that waits nor one through all that she ever wrote. Its condition is not that of `inbox_waiting`, so that no
-- planner takes the one index for the other while both are small.
CREATE INDEX inbox_line ON inbox (phone, received_at, id) WHERE handled_at IS NULL;

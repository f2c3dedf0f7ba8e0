-- The last 16 bits of a text's id become 0: the name of a try has its number there.

UPDATE planned SET outbox_id = CAST(substr(outbox_id, 1, 14) || x'0000' AS BLOB) WHERE outbox_id IS NOT NULL;
UPDATE attempts SET text_id = CAST(substr(text_id, 1, 14) || x'0000' AS BLOB);
UPDATE history SET id = CAST(substr(id, 1, 14) || x'0000' AS BLOB);
UPDATE outbox SET id = CAST(substr(id, 1, 14) || x'0000' AS BLOB);

-- The last 16 bits of a text's id become 0: the name of a try has its number there.

UPDATE planned SET outbox_id = (left(outbox_id::text, 32) || '0000')::uuid WHERE outbox_id IS NOT NULL;
UPDATE attempts SET text_id = (left(text_id::text, 32) || '0000')::uuid;
UPDATE history SET id = (left(id::text, 32) || '0000')::uuid;
UPDATE outbox SET id = (left(id::text, 32) || '0000')::uuid;

-- The queue's rows are written twice and deleted within seconds. Half of each page is left free so that the
-- second write finds room beside the first; vacuum comes by what died, not by the table's size, and is not
-- slowed down: a queue that is not swept gets longer to search with every text that leaves it.
ALTER TABLE outbox SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
                        autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0,
                        autovacuum_analyze_threshold = 100000, autovacuum_vacuum_insert_threshold = -1);
-- Reports change a row's state soon after it came: beside it, without touching an index.
ALTER TABLE history SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_freeze_min_age = 0);
-- One row, rewritten with every claim.
ALTER TABLE sender_accounts SET (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
                                 autovacuum_vacuum_cost_delay = 0);

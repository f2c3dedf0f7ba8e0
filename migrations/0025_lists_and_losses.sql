-- A loss that was told before anybody was enrolled, or after all was over; who had a list enrolled; and rows of lists
-- whose number is none, found again when whoever it may be is erased.

ALTER TABLE subscribers ADD COLUMN lost_at TIMESTAMPTZ; -- she told of a loss, and has begun nothing new since
UPDATE subscribers
   SET lost_at = (SELECT MAX(audit.at) FROM audit WHERE audit.subscriber_id = subscribers.id AND audit.action = 'freeze')
 WHERE id IN (SELECT subscriber_id FROM audit WHERE action = 'freeze')
   -- neither took it back nor was enrolled, here or from another phone, since then
   AND (SELECT audit.action FROM audit
         WHERE audit.subscriber_id = subscribers.id AND audit.action IN ('freeze', 'unfreeze', 'enroll', 'move')
         ORDER BY audit.at DESC, audit.id DESC LIMIT 1) = 'freeze'
   AND NOT EXISTS (SELECT 1 FROM enrollments
                    WHERE enrollments.subscriber_id = subscribers.id
                      AND enrollments.enrolled_at >= (SELECT MAX(audit.at) FROM audit
                                                       WHERE audit.subscriber_id = subscribers.id
                                                         AND audit.action = 'freeze'));

ALTER TABLE imports ADD COLUMN began_by TEXT;           -- who had the good ones enrolled
ALTER TABLE imports ADD COLUMN began_account UUID;      -- their account
ALTER TABLE imports ADD COLUMN began_reach TEXT;        -- JSON: the programs whose women they may know of

CREATE INDEX import_rows_unread ON import_rows (import_id, place) WHERE phone IS NULL AND typed <> '';

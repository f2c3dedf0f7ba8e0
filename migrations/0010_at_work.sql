-- Which dispatcher is at work for a sender, and until when others leave its unasked texts to it.
ALTER TABLE sender_accounts ADD COLUMN worker UUID;
ALTER TABLE sender_accounts ADD COLUMN worker_until TIMESTAMPTZ;

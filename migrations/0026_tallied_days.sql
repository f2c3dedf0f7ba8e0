-- Days (UTC) of which an hour was counted and that are yet to be made of their hours: written with the hour, so that
-- nobody who dies in between loses a day.
CREATE TABLE tallied_days (
    at TIMESTAMPTZ PRIMARY KEY               -- the day's beginning
);

//! What the two databases say differently.

/// A database's manner of saying it. Expressions go into the words as they are: they are all of this benchmark.
#[derive(Clone, Copy)]
pub enum Tongue {
    Sqlite,
    Postgres,
}

impl Tongue {
    /// An id of version 7 made at a moment (milliseconds since 1970), told from others of that moment by a number.
    pub fn id(self, millis: &str, number: &str) -> String {
        self.id_of_try(millis, number, 0)
    }

    /// The name of a try of the text with this id: the id with the try's number in its last 16 bits.
    pub fn id_of_try(self, millis: &str, number: &str, tried: u16) -> String {
        match self {
            Self::Sqlite => {
                format!("unhex(printf('%012x7%03xb%011x{tried:04x}', {millis}, ({number}) % 4096, {number}))")
            }
            Self::Postgres => format!(
                "CAST(lpad(to_hex(CAST({millis} AS BIGINT)), 12, '0') || '7' || lpad(to_hex(({number}) % 4096), 3, '0') ||
                      'b' || lpad(to_hex({number}), 11, '0') || '{tried:04x}' AS UUID)"
            ),
        }
    }

    /// A moment (milliseconds since 1970) as it is kept.
    pub fn at(self, millis: &str) -> String {
        match self {
            Self::Sqlite => format!("strftime('%Y-%m-%dT%H:%M:%f+00:00', ({millis}) / 1000.0, 'unixepoch')"),
            Self::Postgres => format!("to_timestamp(({millis}) / 1000.0)"),
        }
    }

    /// The numbers from 0 up to one, as `i`.
    pub fn numbers(self, count: i64) -> String {
        match self {
            Self::Sqlite => format!(
                "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}) SELECT i FROM n) numbers"
            ),
            Self::Postgres => format!("generate_series(0::BIGINT, {count} - 1) AS numbers(i)"),
        }
    }
}

//! A hash index over rows kept elsewhere: four bytes a slot, where a map would keep its keys a second time.

/// So that growing, which moves what one shard holds, never holds up the texts for long.
const SHARDS: usize = 64;
const EMPTY: u32 = u32::MAX;

/// Finds rows by the hash of their key. The caller says which row is meant, because only it knows the keys.
pub struct Index(Vec<Shard>);

#[derive(Clone, Default)]
struct Shard {
    slots: Vec<u32>,
    used: usize,
}

impl Default for Index {
    fn default() -> Self {
        Self(vec![Shard::default(); SHARDS])
    }
}

impl Index {
    /// The row with this hash for which `is` holds.
    pub fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        let shard = &self.0[hash as usize % SHARDS];
        let found = shard.place(hash, is)?;
        Some(shard.slots[found]).filter(|row| *row != EMPTY)
    }

    /// Puts a row where `is` finds none, or in place of the one it finds. `hash_of` gives the hash of a row
    /// that is here already.
    pub fn put(&mut self, hash: u64, row: u32, is: impl Fn(u32) -> bool, hash_of: impl Fn(u32) -> u64) {
        let shard = &mut self.0[hash as usize % SHARDS];
        // Up to three in four: beyond, the way to a free slot grows long.
        if shard.used * 4 >= shard.slots.len() * 3 {
            shard.grow(hash_of);
        }
        if let Some(place) = shard.place(hash, is) {
            shard.used += usize::from(shard.slots[place] == EMPTY);
            shard.slots[place] = row;
        }
    }
}

impl Shard {
    /// The slot of the row that `is` means, or the free one where it would be.
    fn place(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<usize> {
        let last = self.slots.len().checked_sub(1)?;
        // The lowest bits chose the shard.
        let mut place = (hash >> 6) as usize & last;
        while self.slots[place] != EMPTY && !is(self.slots[place]) {
            place = (place + 1) & last;
        }
        Some(place)
    }

    fn grow(&mut self, hash_of: impl Fn(u32) -> u64) {
        let room = (self.slots.len() * 2).max(16);
        let old = std::mem::replace(&mut self.slots, vec![EMPTY; room]);
        for row in old.into_iter().filter(|row| *row != EMPTY) {
            if let Some(place) = self.place(hash_of(row), |_| false) {
                self.slots[place] = row;
            }
        }
    }
}

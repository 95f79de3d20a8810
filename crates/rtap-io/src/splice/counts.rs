//! What a splice counts: words that its threads add to, and anybody may read.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::counter;
use crate::region::Region;
use crate::splice::Side;

/// Words of a direction that are no queue's: dropped, shown, missed.
pub(super) const EXTRA: usize = 3;

/// All words. Each direction has its own, so that two threads never write to the same cache line but at the ends.
#[derive(Debug)]
pub(super) struct Counts {
    a: usize,
    b: usize,
    directions: [Direction; 2],
}

/// The words of one direction, which one thread alone adds to.
#[derive(Debug)]
pub(super) struct Direction {
    /// Those of the queues that are read.
    from: Box<[AtomicU64]>,
    /// Those of the queues that are written.
    to: Box<[AtomicU64]>,
    pub(super) dropped: AtomicU64,
    pub(super) shown: AtomicU64,
    pub(super) missed: AtomicU64,
}

impl Direction {
    fn new(from: usize, to: usize) -> Self {
        let words = |queues| (0..queues * counter::COUNT).map(|_| AtomicU64::new(0)).collect();
        Self {
            from: words(from),
            to: words(to),
            dropped: AtomicU64::new(0),
            shown: AtomicU64::new(0),
            missed: AtomicU64::new(0),
        }
    }

    /// Where what is read from a queue is counted.
    pub(super) fn from(&self, queue: usize) -> Region<'_, u64> {
        Region::from(&self.from[counter::COUNT * queue..][..counter::COUNT])
    }

    /// Where what is written to a queue is counted.
    pub(super) fn to(&self, queue: usize) -> Region<'_, u64> {
        Region::from(&self.to[counter::COUNT * queue..][..counter::COUNT])
    }
}

impl Counts {
    /// For so many queues on each side.
    pub(super) fn new(a: usize, b: usize) -> Self {
        Self { a, b, directions: [Direction::new(a, b), Direction::new(b, a)] }
    }

    /// Those of the direction from a side.
    pub(super) fn from(&self, side: Side) -> &Direction {
        &self.directions[side as usize]
    }

    /// How many words `copy` writes.
    pub(super) fn words(&self) -> usize {
        (self.a + self.b) * counter::COUNT + 2 * EXTRA
    }

    /// Copies all: by queue of a, by queue of b, and the rest of each direction.
    pub(super) fn copy(&self, words: Region<'_, u64>) {
        let [to_b, to_a] = &self.directions;
        let a = to_b.from.iter().zip(&to_a.to);
        let b = to_a.from.iter().zip(&to_b.to);
        // No word is counted in both directions.
        let queues = a.chain(b).map(|(received, sent)| read(received).wrapping_add(read(sent)));
        let rest = [to_b, to_a]
            .into_iter()
            .flat_map(|direction| [&direction.dropped, &direction.shown, &direction.missed])
            .map(read);
        for (index, word) in queues.chain(rest).enumerate() {
            words.store(index, word);
        }
    }
}

fn read(word: &AtomicU64) -> u64 {
    word.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_queue_has_its_words_and_each_direction_its_own() {
        let counts = Counts::new(2, 1);
        let (to_b, to_a) = (counts.from(Side::A), counts.from(Side::B));
        to_b.from(1).add(counter::RX_PACKETS, 5);
        to_b.to(0).add(counter::TX_PACKETS, 4);
        to_a.from(0).add(counter::RX_PACKETS, 3);
        to_a.to(1).add(counter::TX_PACKETS, 2);
        to_b.dropped.store(1, Ordering::Relaxed);
        to_a.missed.store(9, Ordering::Relaxed);
        let mut words = vec![7; counts.words()];
        counts.copy(Region::from(&mut words[..]));
        let of = |queue: usize, word: usize| words[queue * counter::COUNT + word];
        assert_eq!([of(1, counter::RX_PACKETS), of(1, counter::TX_PACKETS)], [5, 2]);
        assert_eq!([of(2, counter::RX_PACKETS), of(2, counter::TX_PACKETS)], [3, 4]);
        assert_eq!(words[3 * counter::COUNT..], [1, 0, 0, 0, 0, 9]);
        assert_eq!(words.iter().sum::<u64>(), 5 + 4 + 3 + 2 + 1 + 9);
    }
}

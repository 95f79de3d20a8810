//! Memory that somebody else may be writing to at the same time.
//!
//! A `SharedArrayBuffer` can change under us, so no Rust reference to its bytes may exist. A
//! [`Region`] holds its address and length, hands bytes to the kernel as pointers only, and reads
//! and writes words atomically.

use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Address and length of `T`s that live at least as long as `'a`, shared with unknown others.
#[derive(Clone, Copy, Debug)]
pub struct Region<'a, T> {
    start: *mut T,
    length: usize,
    memory: PhantomData<&'a [T]>,
}

/// A word anywhere.
#[derive(Clone, Copy)]
#[repr(C, packed)]
struct Word(u64);

impl<'a, T> From<&'a mut [T]> for Region<'a, T> {
    fn from(memory: &'a mut [T]) -> Self {
        Self { start: memory.as_mut_ptr(), length: memory.len(), memory: PhantomData }
    }
}

impl<'a> From<&'a [AtomicU64]> for Region<'a, u64> {
    fn from(memory: &'a [AtomicU64]) -> Self {
        let start = memory.as_ptr().cast_mut().cast();
        Self { start, length: memory.len(), memory: PhantomData }
    }
}

impl<T> Region<'_, T> {
    /// The region of `length` `T`s from `start`.
    ///
    /// # Safety
    /// For as long as the region is used, `start` is aligned for `T` and `length` `T`s from it are
    /// mapped, readable and writable. With `length` 0 `start` may be anything.
    #[must_use]
    pub unsafe fn new(start: *mut T, length: usize) -> Self {
        Self { start, length, memory: PhantomData }
    }

    /// How many `T`s there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
}

impl Region<'_, u8> {
    /// The address of `length` bytes from `offset`, or nothing when they are not all inside.
    pub(crate) fn part(&self, offset: usize, length: usize) -> Option<*mut u8> {
        if offset.checked_add(length)? > self.length {
            return None;
        }
        Some(self.start.wrapping_add(offset))
    }

    /// The 16 bytes from `offset` as two words, the first byte lowest, or nothing when they are not all
    /// inside. While others write them they can be a mixture of old and new.
    pub(crate) fn words(&self, offset: usize) -> Option<[u64; 2]> {
        let start = self.part(offset, 2 * size_of::<Word>())?.cast::<Word>();
        // SAFETY: `part` vouches for both words, `Word` needs no alignment, and any bytes are one.
        // Volatile, as whoever else writes them is unknown to the compiler; by bytes it would cost 10 ns.
        let words = unsafe { [start.read_volatile(), start.add(1).read_volatile()] };
        Some(words.map(|Word(word)| u64::from_le(word)))
    }

    /// Copies the bytes from `offset` out, each read once: what is then decided by the copy can't be
    /// undone by whoever writes to the region. Nothing happens when they are not all inside.
    pub(crate) fn read(&self, offset: usize, bytes: &mut [u8]) -> Option<()> {
        let start = self.part(offset, bytes.len())?;
        let mut at = 0;
        let (words, rest) = bytes.as_chunks_mut();
        for word in words {
            // SAFETY: `part` vouches for all of them, `Word` needs no alignment, and any bytes are one.
            // Volatile, so that the compiler can't read them again instead of using the copy.
            let Word(read) = unsafe { start.add(at).cast::<Word>().read_volatile() };
            *word = read.to_ne_bytes();
            at += word.len();
        }
        for byte in rest {
            // SAFETY: as above.
            *byte = unsafe { start.add(at).read_volatile() };
            at += 1;
        }
        Some(())
    }

    /// Copies bytes in, to `offset`; nothing happens when there is no room for all.
    pub(crate) fn write(&self, offset: usize, bytes: &[u8]) -> Option<()> {
        let start = self.part(offset, bytes.len())?;
        // SAFETY: `part` vouches for the room, and nobody has a reference to it, so that `bytes` is elsewhere.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), start, bytes.len()) };
        Some(())
    }

    /// Copies `length` bytes from `offset` to another region; nothing happens when they are not all
    /// inside, here and there.
    pub(crate) fn copy(
        &self,
        offset: usize,
        length: usize,
        to: Region<'_, u8>,
        at: usize,
    ) -> Option<()> {
        let (from, to) = (self.part(offset, length)?, to.part(at, length)?);
        // SAFETY: `part` vouches for both; they may overlap.
        unsafe { ptr::copy(from, to, length) };
        Some(())
    }

    /// Whether a byte is in both.
    #[must_use]
    pub fn overlaps(&self, other: &Region<'_, u8>) -> bool {
        let (start, from) = (self.start.addr(), other.start.addr());
        start < from + other.length && from < start + self.length
    }
}

impl Region<'_, u32> {
    /// The word at `index`, or nothing when it is outside.
    #[must_use]
    pub fn load(&self, index: usize) -> Option<u32> {
        (index < self.length).then(|| {
            // SAFETY: by the contract of `new` the word at an index below `length` is mapped and
            // aligned; nobody in this process accesses it non-atomically from Rust.
            unsafe { AtomicU32::from_ptr(self.start.add(index)) }.load(Ordering::Relaxed)
        })
    }

    /// Writes the word at `index`; nothing happens when it is outside.
    pub fn store(&self, index: usize, value: u32) {
        if index < self.length {
            // SAFETY: as in `load`.
            unsafe { AtomicU32::from_ptr(self.start.add(index)) }.store(value, Ordering::Relaxed);
        }
    }
}

impl Region<'_, u64> {
    /// Writes the word at `index`; nothing happens when it is outside.
    pub fn store(&self, index: usize, value: u64) {
        if index < self.length {
            // SAFETY: as in `add`.
            unsafe { AtomicU64::from_ptr(self.start.add(index)) }.store(value, Ordering::Relaxed);
        }
    }

    /// Adds to the word at `index`, wrapping around; nothing happens when it is outside.
    ///
    /// Any number of threads may read a word, one at a time may write to it: for several the processor would have to
    /// lock each addition, 4 ns a word, 50 ns for a frame that is passed on.
    pub fn add(&self, index: usize, value: u64) {
        if value != 0 && index < self.length {
            // SAFETY: by the contract of `new` the word at an index below `length` is mapped and
            // aligned; nobody in this process accesses it non-atomically from Rust.
            let word = unsafe { AtomicU64::from_ptr(self.start.add(index)) };
            word.store(word.load(Ordering::Relaxed).wrapping_add(value), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_no_address_outside() {
        let mut bytes = [0_u8; 8];
        let start = bytes.as_mut_ptr();
        let region = Region::from(&mut bytes[..]);
        assert_eq!(region.part(0, 8), Some(start));
        assert_eq!(region.part(8, 0), Some(start.wrapping_add(8)));
        assert_eq!(region.part(8, 1), None);
        assert_eq!(region.part(usize::MAX, 2), None);
    }

    #[test]
    fn reads_two_words_of_bytes_wherever_they_begin() {
        let mut bytes: [u8; 17] = std::array::from_fn(|index| u8::try_from(index).unwrap_or(0));
        let region = Region::from(&mut bytes[..]);
        assert_eq!(region.words(0), Some([0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908]));
        assert_eq!(region.words(1), Some([0x0807_0605_0403_0201, 0x100f_0e0d_0c0b_0a09]));
        assert_eq!(region.words(2), None);
    }

    #[test]
    fn copies_bytes_in_and_out_inside_only() {
        let mut bytes: Vec<u8> = (0..40).collect();
        let mut other = [0; 24];
        let region = Region::from(&mut bytes[..]);
        let target = Region::from(&mut other[..]);
        for length in 0..=20 {
            let mut copy = vec![0xff; length];
            assert_eq!(region.read(20, &mut copy), Some(()));
            assert!(copy.iter().copied().eq((20..).take(length)));
        }
        assert_eq!(region.read(21, &mut [0; 20]), None);
        assert_eq!(region.write(38, &[1, 2]), Some(()));
        assert_eq!(region.write(39, &[3, 4]), None);
        assert_eq!(region.copy(37, 3, target, 21), Some(()));
        assert_eq!((region.copy(38, 3, target, 0), region.copy(0, 3, target, 22)), (None, None));
        // Forwards and backwards in the same memory.
        assert_eq!(region.copy(0, 10, region, 2), Some(()));
        assert_eq!((bytes[37], &bytes[38..]), (37, &[1, 2][..]));
        assert_eq!(bytes[..12], [0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(other[20..], [0, 37, 1, 2]);
    }

    #[test]
    fn tells_memory_that_is_shared() {
        let mut bytes = [0_u8; 8];
        let (left, right) = bytes.split_at_mut(4);
        let (left, right) = (Region::from(left), Region::from(right));
        assert!(!left.overlaps(&right) && !right.overlaps(&left));
        assert!(left.overlaps(&left));
        let mut bytes = [0_u8; 8];
        let all = Region::from(&mut bytes[..]);
        let start = all.part(7, 1).expect("inside");
        // SAFETY: the last byte of an array that lives here.
        let last = unsafe { Region::new(start, 1) };
        assert!(all.overlaps(&last) && last.overlaps(&all));
    }

    #[test]
    fn reads_and_writes_words_inside_only() {
        let mut words = [1_u32, 2];
        let region = Region::from(&mut words[..]);
        region.store(1, 7);
        region.store(2, 9);
        assert_eq!((region.load(0), region.load(1), region.load(2)), (Some(1), Some(7), None));
        let mut counters = [u64::MAX];
        let region = Region::from(&mut counters[..]);
        region.add(0, 2);
        region.add(1, 2);
        assert_eq!(counters, [1]);
    }
}

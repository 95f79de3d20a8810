//! The Internet checksum (RFC 1071).
//!
//! Sums are of 16-bit words as they stand in memory, in the byte order of the host: the one's
//! complement sum doesn't care, as long as what is added and what comes out is taken the same way.

use crate::region::Region;

/// From how many bytes on it pays to ask what the processor can.
#[cfg(target_arch = "x86_64")]
const LONG: usize = 128;

/// The sum of bytes; an odd last one counts as if a zero followed.
#[must_use]
pub fn sum(bytes: &[u8]) -> u64 {
    // SAFETY: pointer and length are those of `bytes`; nothing is written.
    unsafe { sum_raw::<false>(bytes.as_ptr(), std::ptr::null_mut(), bytes.len()) }
}

/// Folds a sum into the 16 bits of a header's field, not inverted.
#[must_use]
pub fn fold(sum: u64) -> u16 {
    let mut sum = (sum & 0xffff_ffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    // Two numbers of 16 bits and a carry at most, folded twice.
    u16::try_from(sum).unwrap_or(u16::MAX)
}

/// What a big-endian field adds to a sum.
#[must_use]
pub fn field(value: u16) -> u64 {
    u64::from(value.to_be())
}

impl Region<'_, u8> {
    /// The sum of `length` bytes from `offset`, or nothing when they are not all inside.
    pub(crate) fn sum(&self, offset: usize, length: usize) -> Option<u64> {
        let start = self.part(offset, length)?;
        // SAFETY: `part` vouches for the bytes; nothing is written.
        Some(unsafe { sum_raw::<false>(start, std::ptr::null_mut(), length) })
    }

    /// As [`Region::sum`], and copies the bytes to another region meanwhile.
    pub(crate) fn copy_and_sum(
        &self,
        offset: usize,
        length: usize,
        to: Region<'_, u8>,
        at: usize,
    ) -> Option<u64> {
        let (from, to) = (self.part(offset, length)?, to.part(at, length)?);
        // SAFETY: `part` vouches for both.
        Some(unsafe { sum_raw::<true>(from, to, length) })
    }
}

/// Sums and, with `COPY`, copies. What is summed is what is copied, piece by piece.
///
/// # Safety
/// `length` bytes from `from` are readable and, with `COPY`, from `to` writable. They may overlap, and
/// others may write them: bytes and sum are then some mixture.
unsafe fn sum_raw<const COPY: bool>(from: *const u8, to: *mut u8, length: usize) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if length >= LONG && std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: by the contract above, and the processor has what it is compiled for.
        return unsafe { sum_avx2::<COPY>(from, to, length) };
    }
    // SAFETY: by the contract above.
    unsafe { sum_words::<COPY>(from, to, length) }
}

/// The same, compiled for 256-bit registers.
///
/// # Safety
/// As for [`sum_raw`], on a processor with AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn sum_avx2<const COPY: bool>(from: *const u8, to: *mut u8, length: usize) -> u64 {
    // SAFETY: by the contract above.
    unsafe { sum_words::<COPY>(from, to, length) }
}

/// # Safety
/// As for [`sum_raw`].
#[expect(clippy::inline_always, reason = "it is compiled for the processor of whoever calls it")]
#[inline(always)]
unsafe fn sum_words<const COPY: bool>(from: *const u8, to: *mut u8, length: usize) -> u64 {
    // One plain loop: compilers make the best of it, and less of one that is unrolled by hand.
    let (mut low, mut high) = (0, 0);
    let words = length / 8;
    for index in 0..words {
        // SAFETY: the word is inside `length`.
        let word = unsafe { piece::<COPY, 8>(from, to, 8 * index) };
        low += word & 0xffff_ffff;
        high += word >> 32;
    }
    let mut total = low + high;
    let mut at = 8 * words;
    // SAFETY: what is left is as long as the bits of `length` say.
    unsafe {
        if length & 4 != 0 {
            total += piece::<COPY, 4>(from, to, at);
            at += 4;
        }
        if length & 2 != 0 {
            total += piece::<COPY, 2>(from, to, at);
            at += 2;
        }
        if length & 1 != 0 {
            total += piece::<COPY, 1>(from, to, at);
        }
    }
    total
}

/// `LENGTH` bytes as the start of a word, copied too with `COPY`.
///
/// # Safety
/// As for [`sum_raw`], of so many bytes from `at`.
#[expect(clippy::inline_always, reason = "as for sum_words")]
#[inline(always)]
unsafe fn piece<const COPY: bool, const LENGTH: usize>(
    from: *const u8,
    to: *mut u8,
    at: usize,
) -> u64 {
    // SAFETY: by the contract above; an array of bytes needs no alignment.
    let bytes = unsafe { from.add(at).cast::<[u8; LENGTH]>().read() };
    if COPY {
        // SAFETY: as above.
        unsafe { to.add(at).cast::<[u8; LENGTH]>().write(bytes) };
    }
    let mut word = [0; 8];
    word[..LENGTH].copy_from_slice(&bytes);
    u64::from_ne_bytes(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1071, word by word as the network has them.
    fn slow(bytes: &[u8]) -> u16 {
        let mut sum = 0_u32;
        for pair in bytes.chunks(2) {
            sum += u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0));
            while sum > 0xffff {
                sum = (sum & 0xffff) + (sum >> 16);
            }
        }
        u16::try_from(sum).expect("folded")
    }

    fn fast(bytes: &[u8]) -> u16 {
        u16::from_be(fold(sum(bytes)))
    }

    fn noise(length: usize, seed: u32) -> Vec<u8> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            u8::try_from(state >> 24).expect("8 bits")
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn sums_as_the_rfc_does_by_words_at_every_length_and_alignment() {
        for (length, offset) in (0..=300).flat_map(|n| (0..8).map(move |offset| (n, offset))) {
            let bytes = noise(offset + length, u32::try_from(length * 8 + offset).expect("small"));
            assert_eq!(fast(&bytes[offset..]), slow(&bytes[offset..]), "{length} from {offset}");
        }
        for length in [1448, 9000, 65_535, 65_536, 262_144] {
            assert_eq!(fast(&noise(length, 7)), slow(&noise(length, 7)));
            assert_eq!(fast(&vec![0xff; length]), slow(&vec![0xff; length]));
        }
    }

    #[test]
    fn sums_nothing_but_zeros_to_zero_and_anything_else_never() {
        assert_eq!((fast(&[]), fast(&[0; 1000])), (0, 0));
        assert_eq!(fast(&[0xff; 1000]), 0xffff);
        for at in 0..200 {
            let mut bytes = [0; 200];
            bytes[at] = 1;
            assert_eq!(fast(&bytes), slow(&bytes), "{at}");
        }
    }

    #[test]
    fn folds_every_carry() {
        let folded = |sum: u64| {
            let mut sum = u128::from(sum);
            while sum > 0xffff {
                sum = (sum & 0xffff) + (sum >> 16);
            }
            u16::try_from(sum).expect("folded")
        };
        for bits in 0..64 {
            for sum in [1_u64 << bits, (1_u64 << bits) - 1, u64::MAX - (1_u64 << bits), u64::MAX] {
                assert_eq!(fold(sum), folded(sum), "{sum:x}");
            }
        }
        assert_eq!(fold(0xffff_0001), folded(0xffff_0001));
    }

    #[test]
    fn copies_what_it_sums_and_nothing_else() {
        for (length, offset) in (0..=200).flat_map(|n| (0..4).map(move |offset| (n, offset))) {
            let mut from = noise(length + offset, 3);
            let mut to = vec![0xaa; length + 3];
            let region = Region::from(&mut from[..]);
            let target = Region::from(&mut to[..]);
            let sum = region.copy_and_sum(offset, length, target, 2).expect("inside");
            assert_eq!(Some(sum), region.sum(offset, length));
            assert_eq!(region.copy_and_sum(offset, length + 1, target, 0), None);
            assert_eq!(region.copy_and_sum(offset, length, target, 4), None);
            assert_eq!(fold(sum), fold(super::sum(&from[offset..])));
            assert_eq!(to[2..2 + length], from[offset..]);
            assert_eq!((&to[..2], to[length + 2]), (&[0xaa, 0xaa][..], 0xaa));
        }
    }

    #[test]
    fn sums_the_same_with_and_without_the_processors_own_instructions() {
        for length in (0..1000).step_by(7) {
            let bytes = noise(length, 5);
            // SAFETY: pointer and length are those of `bytes`.
            let plain = unsafe { sum_words::<false>(bytes.as_ptr(), std::ptr::null_mut(), length) };
            assert_eq!(fold(sum(&bytes)), fold(plain));
        }
    }
}

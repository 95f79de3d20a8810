//! Bursts: many frames in and out of a TAP file descriptor with one call.
//!
//! Frames stand in a slab, described by pairs of words (offset of the first byte, length). The 10
//! bytes before a frame are its virtio-net header, which the kernel reads and writes with it.

use std::os::fd::{AsRawFd, BorrowedFd};

use crate::counter::{self, Tally};
use crate::error::SystemError;
use crate::region::Region;
use crate::syscall::{self, raw};

/// Length of the virtio-net header in front of each frame (`struct virtio_net_hdr`).
pub const HEADER: usize = 10;

/// Frames are read to multiples of this: a cache line.
pub const ALIGNMENT: usize = 64;

/// Room that a read has to have: header, the largest super-frame, Ethernet header, VLAN tag.
pub const RX_ROOM: usize = (HEADER + 65_535 + 14 + 4).next_multiple_of(ALIGNMENT);

/// An Ethernet header; the kernel refuses less.
pub const FRAME_MIN: usize = 14;

/// How many frames one `discard` throws away at most.
pub const DISCARD_MAX: u32 = 65_536;

/// What a burst works on.
#[derive(Clone, Copy, Debug)]
pub struct Memory<'a> {
    /// Where the frames are.
    pub slab: Region<'a, u8>,
    /// Offset and length of each.
    pub descriptors: Region<'a, u32>,
    /// What has been counted, by [`counter`].
    pub counters: Region<'a, u64>,
}

/// Reads frames until there are `max`, none is left, or no more fit; returns how many.
///
/// An error is returned only when nothing was read; after some frames it shows at the next call.
pub fn rx_burst(fd: BorrowedFd<'_>, memory: Memory<'_>, max: usize) -> Result<usize, SystemError> {
    let Memory { slab, descriptors, counters } = memory;
    let max = max.min(descriptors.len() / 2);
    let mut tally = Tally::default();
    let (mut count, mut errors, mut position) = (0, 0_u64, 0_usize);
    let mut failure = None;
    while count < max && errors < u64::from(DISCARD_MAX) {
        let Some(start) = slab.part(position, RX_ROOM) else { break };
        // SAFETY: `part` vouches for RX_ROOM bytes from `start`; only the kernel writes them.
        match raw(|| unsafe { syscall::read(fd.as_raw_fd(), start.cast(), RX_ROOM) }) {
            Ok(length) => {
                let length = length.cast_unsigned();
                let frame = length.saturating_sub(HEADER);
                store(descriptors, count, position + HEADER, frame);
                count += 1;
                tally.count(slab.words(position).unwrap_or_default(), frame);
                position = (position + length).next_multiple_of(ALIGNMENT);
            }
            // A super-frame of a kind that has no name in the header. It is gone from the queue.
            Err(libc::EINVAL) => errors += 1,
            Err(errno) => {
                failure = Some(errno);
                break;
            }
        }
    }
    tally.add_received(counters);
    let failure = failure.filter(|errno| *errno != libc::EAGAIN && count == 0);
    if failure.is_some_and(|errno| errno != libc::EBADFD) {
        errors += 1;
    }
    counters.add(counter::RX_ERRORS, errors);
    failure.map_or(Ok(count), |errno| Err(SystemError::new("read", errno)))
}

/// Sends the frames of descriptors `from` to `from + count - 1`; returns how many were consumed:
/// sent, skipped (length 0), or refused as bad (and counted).
///
/// An error of the device is returned only when nothing was consumed before it. Descriptors that are
/// not there end the burst.
pub fn tx_burst(
    fd: BorrowedFd<'_>,
    memory: Memory<'_>,
    from: usize,
    count: usize,
) -> Result<usize, SystemError> {
    let Memory { slab, descriptors, counters } = memory;
    let mut tally = Tally::default();
    let (mut consumed, mut errors) = (0, 0);
    let mut failure = None;
    while consumed < count {
        let Some((offset, length)) = load(descriptors, from + consumed) else { break };
        if length > 0 {
            let start = offset
                .checked_sub(HEADER)
                .filter(|_| length >= FRAME_MIN)
                .and_then(|header| slab.part(header, HEADER + length));
            let result = match start {
                None => Err(libc::EINVAL),
                Some(start) => {
                    // SAFETY: `part` vouches for header and frame; only the kernel reads them.
                    raw(|| unsafe { syscall::write(fd.as_raw_fd(), start.cast(), HEADER + length) })
                }
            };
            match result {
                Ok(_) => tally.count(slab.words(offset - HEADER).unwrap_or_default(), length),
                Err(libc::EINVAL) => errors += 1,
                Err(errno) => {
                    failure = Some(errno);
                    break;
                }
            }
        }
        consumed += 1;
    }
    tally.add_sent(counters);
    counters.add(counter::TX_ERRORS, errors);
    match failure {
        Some(errno) if consumed == 0 => Err(SystemError::new("write", errno)),
        _ => Ok(consumed),
    }
}

/// Reads and throws away what is queued, at most [`DISCARD_MAX`] frames; returns how many.
pub fn discard(fd: BorrowedFd<'_>) -> Result<u32, SystemError> {
    // A read into less than the frame takes the whole frame from the queue.
    let mut bytes = [0_u8; ALIGNMENT];
    for count in 0..DISCARD_MAX {
        // SAFETY: pointer and length are those of `bytes`, alive during the call.
        match raw(|| unsafe { libc::read(fd.as_raw_fd(), bytes.as_mut_ptr().cast(), bytes.len()) })
        {
            Ok(_) => {}
            Err(errno) if errno == libc::EAGAIN || count > 0 => return Ok(count),
            Err(errno) => return Err(SystemError::new("read", errno)),
        }
    }
    Ok(DISCARD_MAX)
}

fn store(descriptors: Region<'_, u32>, frame: usize, offset: usize, length: usize) {
    // A slab is far smaller than 4 GiB; what would not fit becomes a frame that `tx_burst` refuses.
    descriptors.store(2 * frame, u32::try_from(offset).unwrap_or(u32::MAX));
    descriptors.store(2 * frame + 1, u32::try_from(length).unwrap_or(0));
}

fn load(descriptors: Region<'_, u32>, frame: usize) -> Option<(usize, usize)> {
    let offset = descriptors.load(2 * frame)?;
    let length = descriptors.load(2 * frame + 1)?;
    Some((offset as usize, length as usize))
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixDatagram;

    use super::*;

    /// A pair of datagram sockets keeps the boundaries of frames as a TAP does.
    fn pair() -> (UnixDatagram, UnixDatagram) {
        let (device, kernel) = UnixDatagram::pair().expect("a socket pair");
        device.set_nonblocking(true).expect("non-blocking");
        kernel.set_nonblocking(true).expect("non-blocking");
        (device, kernel)
    }

    struct Slab {
        bytes: Vec<u8>,
        words: Vec<u32>,
        counters: [u64; counter::COUNT],
    }

    impl Slab {
        fn new(length: usize, descriptors: usize) -> Self {
            Self {
                bytes: vec![0; length],
                words: vec![0; 2 * descriptors],
                counters: [0; counter::COUNT],
            }
        }

        fn memory(&mut self) -> Memory<'_> {
            Memory {
                slab: Region::from(&mut self.bytes[..]),
                descriptors: Region::from(&mut self.words[..]),
                counters: Region::from(&mut self.counters[..]),
            }
        }
    }

    #[test]
    fn packs_what_it_reads() {
        let (device, kernel) = pair();
        kernel.send(&[1; HEADER + 60]).expect("send");
        kernel.send(&[2; HEADER + 100]).expect("send");
        let mut slab = Slab::new(RX_ROOM + 256, 8);
        assert_eq!(rx_burst(device.as_fd(), slab.memory(), 8), Ok(2));
        // 10 + 60 bytes from 0; the next multiple of 64 is 128.
        assert_eq!(slab.words[..4], [10, 60, 138, 100]);
        assert_eq!(slab.bytes[..70], [1; 70]);
        assert_eq!(slab.bytes[128..238], [2; 110]);
        // By their headers both are super-frames, of TCP and of something else; the checksum of one is to
        // be made, the other's is good. The first is sent to a group.
        let mut expected = [0; counter::COUNT];
        expected[..2].copy_from_slice(&[2, 160]);
        expected[counter::RX_ADDRESSES - 1] = 2;
        expected[counter::RX_ADDRESSES + 1] = 1;
        expected[counter::RX_ADDRESSES + 2] = 1;
        expected[counter::RX_LRO] = 1;
        expected[counter::RX_CHECKSUM_NONE] = 1;
        expected[counter::RX_CHECKSUM_GOOD] = 1;
        assert_eq!(slab.counters, expected);
        assert_eq!(rx_burst(device.as_fd(), slab.memory(), 8), Ok(0));
    }

    #[test]
    fn stops_at_max_descriptors_and_room() {
        let (device, kernel) = pair();
        for _ in 0..6 {
            kernel.send(&[1; HEADER + 60]).expect("send");
        }
        let mut slab = Slab::new(RX_ROOM + 512, 2);
        assert_eq!(rx_burst(device.as_fd(), slab.memory(), 1), Ok(1), "max");
        assert_eq!(rx_burst(device.as_fd(), slab.memory(), 8), Ok(2), "descriptors");
        let mut slab = Slab::new(RX_ROOM + 128, 8);
        assert_eq!(rx_burst(device.as_fd(), slab.memory(), 8), Ok(2), "room for a super-frame");
        let mut slab = Slab::new(RX_ROOM - 1, 8);
        assert_eq!(rx_burst(device.as_fd(), slab.memory(), 8), Ok(0), "no room at all");
    }

    #[test]
    fn sends_skips_and_refuses() {
        let (device, kernel) = pair();
        let mut slab = Slab::new(256, 6);
        slab.bytes[64..124].fill(7);
        // Sent, skipped, too short, no header in front, beyond the end, an overflow.
        slab.words = vec![64, 60, 0, 0, 64, 13, 9, 60, 200, 57, u32::MAX, u32::MAX];
        assert_eq!(tx_burst(device.as_fd(), slab.memory(), 0, 6), Ok(6));
        assert_eq!(slab.counters[..6], [0, 0, 0, 1, 60, 4]);
        assert_eq!(slab.counters[6..].iter().sum::<u64>(), 2, "what was refused is in no class");
        let mut received = [0; 256];
        assert_eq!(kernel.recv(&mut received).expect("a frame"), HEADER + 60);
        assert_eq!(received[HEADER..HEADER + 60], [7; 60]);
        assert!(kernel.recv(&mut received).is_err(), "only one was sent");
        assert_eq!(tx_burst(device.as_fd(), slab.memory(), 5, 9), Ok(1), "descriptors end");
    }

    #[test]
    fn throws_a_device_error_only_when_nothing_was_consumed() {
        let (device, kernel) = pair();
        // The first write is refused, the later ones find no peer: ENOTCONN.
        drop(kernel);
        let mut slab = Slab::new(256, 2);
        slab.words = vec![0, 0, 64, 60];
        assert_eq!(tx_burst(device.as_fd(), slab.memory(), 0, 2), Ok(1));
        let error = tx_burst(device.as_fd(), slab.memory(), 1, 1).expect_err("no peer");
        assert_eq!((error.syscall(), error.code()), ("write", "ENOTCONN"));
    }

    #[test]
    fn room_is_a_super_frame_on_a_cache_line() {
        assert_eq!(RX_ROOM, 65_600);
    }
}

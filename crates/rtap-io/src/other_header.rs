//! Bursts on a device whose virtio-net header somebody else has chosen: one of another length, or none.
//!
//! The length belongs to the device and not to the file, so it is left as it is: whoever has its other
//! queues relies on it. In the slab each frame has [`HEADER`] bytes in front all the same; what the
//! kernel's header has beyond them (`num_buffers`, a hash) is of no use to a TAP.

use std::os::fd::{AsRawFd, BorrowedFd};

use crate::engine::outcome::{Outgoing, Received, Sent};
use crate::error::SystemError;
use crate::queue::{HEADER, Memory, RX_ROOM};
use crate::syscall::raw;

/// The longest header that is taken: `struct virtio_net_hdr_v1_hash_tunnel` has 24 bytes.
pub(crate) const HEADER_MAX: usize = 64;

/// `VIRTIO_NET_HDR_F_NEEDS_CSUM`.
const NEEDS_CHECKSUM: u64 = 1;

/// As [`crate::queue::rx_burst`], with `length` bytes of header in front of what is read.
///
/// Without one the header in the slab is that of a frame with nothing left to be done.
pub(crate) fn rx_burst(
    fd: BorrowedFd<'_>,
    length: usize,
    memory: Memory<'_>,
    max: usize,
) -> Result<usize, SystemError> {
    let mut received = Received::new(memory, max);
    let mut rest = [0_u8; HEADER_MAX];
    while received.wanted() > 0 {
        let position = received.position();
        let Some(start) = received.room(position) else { break };
        if length == 0 {
            memory.slab.write(position, &[0; HEADER]);
        }
        let parts = parts(start, RX_ROOM, length, &mut rest);
        // SAFETY: `room` vouches for RX_ROOM bytes from `start`, and `rest` is a local; only the kernel
        // writes them.
        let result = raw(|| unsafe { libc::readv(fd.as_raw_fd(), parts.as_ptr(), COUNT) });
        let result = result.map(|read| HEADER + read.cast_unsigned().saturating_sub(length));
        if !received.take(position, result) {
            break;
        }
    }
    received.finish()
}

/// As [`crate::queue::tx_burst`], with `length` bytes of header in front of what is written.
///
/// Without one a frame that has work left to be done can't be told from others: it is refused as bad.
pub(crate) fn tx_burst(
    fd: BorrowedFd<'_>,
    length: usize,
    memory: Memory<'_>,
    from: usize,
    count: usize,
) -> Result<usize, SystemError> {
    let mut sent = Sent::new(memory, from, count);
    let mut rest = [0_u8; HEADER_MAX];
    while let Some(frame) = sent.frame(0) {
        let result = match frame {
            Outgoing::Skipped => Ok(()),
            Outgoing::Frame { position, .. } if length == 0 && is_unfinished(memory, position) => {
                Err(libc::EINVAL)
            }
            Outgoing::Bad => Err(libc::EINVAL),
            Outgoing::Frame { start, length: bytes, .. } => {
                let parts = parts(start, bytes, length, &mut rest);
                // SAFETY: `frame` vouches for header and frame, and `rest` is a local; only the kernel
                // reads them.
                raw(|| unsafe { libc::writev(fd.as_raw_fd(), parts.as_ptr(), COUNT) }).map(|_| ())
            }
        };
        if !sent.take(frame, result) {
            break;
        }
    }
    sent.finish()
}

/// How many parts a frame is read and written in.
const COUNT: libc::c_int = 3;

/// Our header in the slab, what the kernel's has beyond it, and the frame: `bytes` from `start`, of which
/// the first [`HEADER`] are the header.
fn parts(
    start: *mut u8,
    bytes: usize,
    length: usize,
    rest: &mut [u8; HEADER_MAX],
) -> [libc::iovec; COUNT as usize] {
    let part = |base: *mut u8, length| libc::iovec { iov_base: base.cast(), iov_len: length };
    [
        part(start, length.min(HEADER)),
        part(rest.as_mut_ptr(), length.saturating_sub(HEADER)),
        part(start.wrapping_add(HEADER), bytes - HEADER),
    ]
}

/// Whether a frame's header says that its checksum, or more, is still to be made.
fn is_unfinished(memory: Memory<'_>, position: usize) -> bool {
    // The first byte is flags, the second gso_type (0: VIRTIO_NET_HDR_GSO_NONE).
    let [first, _] = memory.slab.words(position).unwrap_or_default();
    first & NEEDS_CHECKSUM != 0 || (first >> 8) & 0xff != 0
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixDatagram;

    use super::*;
    use crate::counter;
    use crate::region::Region;

    struct Slab {
        bytes: Vec<u8>,
        words: Vec<u32>,
        counters: [u64; counter::COUNT],
    }

    impl Slab {
        fn new() -> Self {
            Self { bytes: vec![9; 4 * RX_ROOM], words: vec![0; 16], counters: [0; counter::COUNT] }
        }

        fn memory(&mut self) -> Memory<'_> {
            Memory {
                slab: Region::from(&mut self.bytes[..]),
                descriptors: Region::from(&mut self.words[..]),
                counters: Region::from(&mut self.counters[..]),
            }
        }
    }

    fn pair() -> (UnixDatagram, UnixDatagram) {
        let (device, kernel) = UnixDatagram::pair().expect("a socket pair");
        device.set_nonblocking(true).expect("non-blocking");
        kernel.set_nonblocking(true).expect("non-blocking");
        (device, kernel)
    }

    /// A frame of 60 bytes behind a header whose bytes count up from 1, but for flags and type.
    fn frame(header: usize, first: u8) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..header).map(|at| u8::try_from(at).expect("small")).collect();
        if let [flags, kind, ..] = bytes.as_mut_slice() {
            (*flags, *kind) = (0, 0);
        }
        bytes.extend([first; 60]);
        bytes
    }

    #[test]
    fn has_ten_bytes_in_front_of_each_frame_whatever_the_kernel_has() {
        for length in [0, 12, 24, HEADER_MAX] {
            let (device, kernel) = pair();
            for first in [1, 2] {
                kernel.send(&frame(length, first)).expect("sent");
            }
            let mut slab = Slab::new();
            assert_eq!(rx_burst(device.as_fd(), length, slab.memory(), 8), Ok(2));
            assert_eq!(slab.words[..4], [10, 60, 138, 60]);
            let header =
                if length == 0 { vec![0; HEADER] } else { frame(length, 0)[..10].to_vec() };
            for (position, first) in [(0, 1), (128, 2)] {
                assert_eq!(slab.bytes[position..position + HEADER], header);
                assert_eq!(slab.bytes[position + HEADER..position + 70], [first; 60]);
            }
            assert_eq!(slab.counters[counter::RX_PACKETS..counter::RX_PACKETS + 2], [2, 120]);
            // And back, behind a header of the kernel's length.
            assert_eq!(tx_burst(device.as_fd(), length, slab.memory(), 0, 2), Ok(2));
            let mut received = [0xff; 256];
            assert_eq!(kernel.recv(&mut received).expect("a frame"), length + 60);
            assert_eq!(received[..length.min(HEADER)], header[..length.min(HEADER)]);
            assert_eq!(
                received[length.min(HEADER)..length],
                vec![0; length.saturating_sub(HEADER)]
            );
            assert_eq!(received[length..length + 60], [1; 60]);
        }
    }

    #[test]
    fn refuses_what_can_not_be_said_without_a_header() {
        let (device, kernel) = pair();
        let mut slab = Slab::new();
        slab.bytes[..512].fill(0);
        slab.words[..6].copy_from_slice(&[64, 60, 192, 60, 320, 60]);
        // A checksum to be made; a super-frame; nothing left to be done (VIRTIO_NET_HDR_F_DATA_VALID).
        slab.bytes[54] = 1;
        slab.bytes[182 + 1] = 1;
        slab.bytes[310] = 2;
        assert_eq!(tx_burst(device.as_fd(), 0, slab.memory(), 0, 3), Ok(3));
        assert_eq!(slab.counters[counter::TX_ERRORS], 2);
        let mut received = [0; 128];
        assert_eq!(kernel.recv(&mut received).expect("the third"), 60);
        assert!(kernel.recv(&mut received).is_err(), "and no other");
        // With a header it is said.
        assert_eq!(tx_burst(device.as_fd(), 12, slab.memory(), 0, 3), Ok(3));
        assert_eq!(slab.counters[counter::TX_ERRORS], 2);
    }

    #[test]
    fn a_read_that_is_shorter_than_the_header_is_an_empty_frame() {
        let (device, kernel) = pair();
        kernel.send(&[1; 5]).expect("sent");
        let mut slab = Slab::new();
        assert_eq!(rx_burst(device.as_fd(), 12, slab.memory(), 8), Ok(1));
        assert_eq!(slab.words[..2], [10, 0]);
    }
}

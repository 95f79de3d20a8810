//! Bursts: many frames in and out of a TAP file descriptor with one call.
//!
//! Frames stand in a slab, described by pairs of words (offset of the first byte, length). The 10
//! bytes before a frame are its virtio-net header, which the kernel reads and writes with it.

use std::os::fd::{AsRawFd, BorrowedFd};

use crate::engine::outcome::{Outgoing, Received, Sent};
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
    let mut received = Received::new(memory, max);
    while received.wanted() > 0 {
        let position = received.position();
        let Some(start) = received.room(position) else { break };
        // SAFETY: `room` vouches for RX_ROOM bytes from `start`; only the kernel writes them.
        let result = raw(|| unsafe { syscall::read(fd.as_raw_fd(), start.cast(), RX_ROOM) });
        if !received.take(position, result.map(isize::cast_unsigned)) {
            break;
        }
    }
    received.finish()
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
    let mut sent = Sent::new(memory, from, count);
    while let Some(frame) = sent.frame(0) {
        let result = match frame {
            Outgoing::Skipped => Ok(()),
            Outgoing::Bad => Err(libc::EINVAL),
            Outgoing::Frame { start, length, .. } => {
                // SAFETY: `frame` vouches for header and frame; only the kernel reads them.
                raw(|| unsafe { syscall::write(fd.as_raw_fd(), start.cast(), length) }).map(|_| ())
            }
        };
        if !sent.take(frame, result) {
            break;
        }
    }
    sent.finish()
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

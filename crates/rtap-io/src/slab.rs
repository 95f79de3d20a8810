//! Frames in a slab: read one after the other, and packed into another slab.

use crate::queue::{ALIGNMENT, FRAME_MIN, HEADER, RX_ROOM};
use crate::region::Region;
use crate::virtio_net::VirtioNetHeader;

/// A slab and the pairs of words that say where its frames are.
#[derive(Clone, Copy, Debug)]
pub struct Frames<'a> {
    /// The bytes: each frame with its virtio-net header in front.
    pub slab: Region<'a, u8>,
    /// Offset and length of each.
    pub descriptors: Region<'a, u32>,
}

/// Where a frame is, without its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) offset: usize,
    pub(crate) length: usize,
}

/// What a descriptor describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Described {
    /// A frame that is all inside the slab, its header too, and not longer than what a TAP gives.
    Frame(Frame),
    /// A frame that was dropped.
    Dropped,
    /// None that could be sent.
    Bad,
}

impl Frames<'_> {
    /// What a descriptor says, read once; nothing when there is no such descriptor.
    pub(crate) fn get(&self, index: usize) -> Option<Described> {
        let word = index.checked_mul(2)?;
        let offset = self.descriptors.load(word)? as usize;
        let length = self.descriptors.load(word + 1)? as usize;
        if length == 0 {
            return Some(Described::Dropped);
        }
        let inside = offset >= HEADER
            && (FRAME_MIN..=RX_ROOM - HEADER).contains(&length)
            && self.slab.part(offset, length).is_some();
        Some(if inside { Described::Frame(Frame { offset, length }) } else { Described::Bad })
    }

    /// Says where a frame is.
    pub(crate) fn set(&self, index: usize, frame: Frame) {
        // A slab is far smaller than 4 GiB; what would not fit becomes a frame that nobody sends.
        self.descriptors.store(2 * index, u32::try_from(frame.offset).unwrap_or(u32::MAX));
        self.descriptors.store(2 * index + 1, u32::try_from(frame.length).unwrap_or(0));
    }

    /// Drops a frame.
    pub(crate) fn drop_frame(&self, index: usize) {
        self.descriptors.store(2 * index + 1, 0);
    }

    /// The header before a frame.
    pub(crate) fn header(&self, frame: Frame) -> VirtioNetHeader {
        let mut bytes = [0; HEADER];
        self.slab.read(frame.offset - HEADER, &mut bytes);
        VirtioNetHeader::from_bytes(bytes)
    }
}

/// Frames, and bytes for them and their headers, that there is room for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) frames: usize,
    pub(crate) bytes: usize,
}

/// Fills a slab from its start, headers at multiples of [`ALIGNMENT`].
#[derive(Debug)]
pub(crate) struct Packer<'a> {
    frames: Frames<'a>,
    max: usize,
    count: usize,
    position: usize,
}

impl<'a> Packer<'a> {
    /// Fills with `max` frames at most.
    pub(crate) fn new(frames: Frames<'a>, max: usize) -> Self {
        Self { frames, max: max.min(frames.descriptors.len() / 2), count: 0, position: 0 }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// What is left.
    pub(crate) fn room(&self) -> Room {
        let bytes = self.frames.slab.len().saturating_sub(self.position);
        Room { frames: self.max - self.count, bytes }
    }

    /// The slab that is filled.
    pub(crate) fn slab(&self) -> Region<'a, u8> {
        self.frames.slab
    }

    /// A place for the next frame, its header before it; nothing when there is none left.
    pub(crate) fn place(&self, length: usize) -> Option<Frame> {
        let offset = self.position + HEADER;
        self.frames.slab.part(offset, length)?;
        (self.count < self.max).then_some(Frame { offset, length })
    }

    /// Takes the place.
    pub(crate) fn push(&mut self, frame: Frame) {
        self.frames.set(self.count, frame);
        self.count += 1;
        self.position = taken(frame.offset - HEADER, frame.length);
    }
}

/// Where the frame behind a frame of `length` bytes at `position` begins, header included.
pub(crate) fn taken(position: usize, length: usize) -> usize {
    (position + HEADER + length).next_multiple_of(ALIGNMENT)
}

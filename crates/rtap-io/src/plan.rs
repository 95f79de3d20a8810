//! What becomes of a window of frames, before any of it is done.
//!
//! Some hundred frames are planned for at a time, so that flows may be mixed while each super-frame is
//! written in one piece, and what was planned for is always a prefix of what there is.

use crate::candidate::{Candidate, Checksum, Class, classify};
use crate::flow::Flows;
use crate::packet::{Headers, Packet};
use crate::region::Region;
use crate::slab::{Described, Frame, Frames, Room, taken};

/// Frames that are planned for at a time: eleven super-frames of Ethernet's segments, and some.
const WINDOW: usize = 512;

/// A frame of the plan.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) frame: Frame,
    /// Whether it is put behind another one.
    pub(crate) follows: bool,
    /// Of a frame that others are put behind.
    pub(crate) whole: Whole,
    /// The next one of its super-frame.
    pub(crate) next: Option<usize>,
}

/// A super-frame that is planned.
#[derive(Clone, Copy)]
pub(crate) struct Whole {
    /// Where the headers are, and where they end.
    pub(crate) network: usize,
    pub(crate) transport: usize,
    pub(crate) payload: usize,
    pub(crate) protocol: u8,
    pub(crate) ipv6: bool,
    /// Flags of TCP that any of the others has.
    pub(crate) flags: u8,
    /// The last one that is put behind it.
    last: usize,
    /// Length of the whole frame.
    pub(crate) length: usize,
}

/// What becomes of the frames of a window.
pub(crate) struct Plan {
    entries: [Entry; WINDOW],
    count: usize,
    flows: Flows,
    /// Descriptors that were gone through, and those that were left out.
    pub(crate) consumed: usize,
    pub(crate) refused: usize,
}

impl Plan {
    #[expect(clippy::large_stack_arrays, reason = "it is never on a stack")]
    pub(crate) const NONE: Self = Self {
        entries: [Entry::new(Frame { offset: 0, length: 0 }, 0); WINDOW],
        count: 0,
        flows: Flows::NONE,
        consumed: 0,
        refused: 0,
    };

    /// The frames that were planned for.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries[..self.count]
    }

    /// Plans for as many frames as there is room for what becomes of them.
    pub(crate) fn make(&mut self, input: Frames<'_>, start: usize, count: usize, mut room: Room) {
        (self.count, self.consumed, self.refused) = (0, 0, 0);
        self.flows.clear();
        let mut headers = Headers::NONE;
        while self.consumed < count && self.count < WINDOW {
            let Some(described) = input.get(start.saturating_add(self.consumed)) else { break };
            match described {
                Described::Dropped => {}
                Described::Bad => self.refused += 1,
                Described::Frame(frame) => {
                    let Some(left) = self.add(input, frame, &mut headers, room) else { break };
                    room = left;
                }
            }
            self.consumed += 1;
        }
    }

    /// Adds a frame; returns the room that is left, or nothing when there was none for it.
    fn add(
        &mut self,
        input: Frames<'_>,
        frame: Frame,
        headers: &mut Headers,
        room: Room,
    ) -> Option<Room> {
        match classify(input, frame, headers) {
            Class::Candidate(candidate) => self.add_candidate(input.slab, frame, candidate, room),
            Class::Alone(hash) => {
                self.flows.close(hash);
                self.push(frame, room)
            }
            Class::Any => {
                self.flows.clear();
                self.push(frame, room)
            }
            Class::Other => self.push(frame, room),
        }
    }

    /// Adds what may be a segment, behind others or as the first of its own super-frame.
    fn add_candidate(
        &mut self,
        slab: Region<'_, u8>,
        frame: Frame,
        mut candidate: Candidate<'_>,
        room: Room,
    ) -> Option<Room> {
        if let Some(flow) = self.flows.find(candidate.hash)
            && flow.takes(&candidate)
            && flow.checksum.settle(slab, flow.frame, candidate.packet.transport)
            && candidate.checksum.settle(slab, frame, candidate.packet.transport)
        {
            let whole = &mut self.entries[flow.entry].whole;
            let length = whole.length + candidate.length;
            let bytes = room.bytes.checked_sub(taken(0, length) - taken(0, whole.length))?;
            let last = std::mem::replace(&mut whole.last, self.count);
            whole.length = length;
            whole.flags |= candidate.flags;
            if flow.take(&candidate) {
                self.flows.close(candidate.hash);
            }
            self.entries[last].next = Some(self.count);
            self.entries[self.count] = Entry { follows: true, ..Entry::new(frame, self.count) };
            self.count += 1;
            return Some(Room { bytes, ..room });
        }
        let left = self.push(frame, room)?;
        let entry = self.count - 1;
        let Packet { ipv6, network, transport, protocol, .. } = candidate.packet;
        let whole = &mut self.entries[entry].whole;
        *whole = Whole { ipv6, network, transport, protocol, payload: candidate.payload, ..*whole };
        if candidate.is_last() || candidate.checksum == Checksum::Bad {
            self.flows.close(candidate.hash);
        } else {
            self.flows.open(&candidate, frame, entry);
        }
        Some(left)
    }

    /// Adds a frame that goes out alone, so far.
    fn push(&mut self, frame: Frame, room: Room) -> Option<Room> {
        let frames = room.frames.checked_sub(1)?;
        let bytes = room.bytes.checked_sub(taken(0, frame.length))?;
        self.entries[self.count] = Entry::new(frame, self.count);
        self.count += 1;
        Some(Room { frames, bytes })
    }
}

impl Entry {
    /// A frame that is the `index`th of the plan.
    const fn new(frame: Frame, index: usize) -> Self {
        let whole = Whole {
            network: 0,
            transport: 0,
            payload: 0,
            protocol: 0,
            ipv6: false,
            flags: 0,
            last: index,
            length: frame.length,
        };
        Self { frame, follows: false, whole, next: None }
    }
}

//! How far a call came that works through a batch of frames.

/// How far a burst came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Frames that were written.
    pub written: usize,
    /// Frames that are done with, from the first on: written, dropped or refused.
    pub consumed: usize,
    /// Bytes of payload of the next one that have been written already.
    pub offset: usize,
    /// Frames that were left out, as their header is not true of them.
    pub refused: usize,
}

//! What a burst is, for every engine.

use std::fs::File;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use super::ring::{FLAGS, Ring, Transfer};
use super::*;
use crate::counter;
use crate::queue::{DISCARD_MAX, HEADER, RX_ROOM};
use crate::region::Region;

const ENGINES: [EngineKind; 2] = [EngineKind::Syscall, EngineKind::IoUring];

/// An engine of this kind; none, and the reason said, where there can be none.
fn make(kind: EngineKind, file: BorrowedFd<'_>) -> Option<Box<dyn Engine + '_>> {
    match kind {
        EngineKind::Syscall => Some(Box::new(Syscall(file))),
        EngineKind::IoUring => match IoUring::open(file) {
            Ok(engine) => Some(Box::new(engine)),
            Err(error) => {
                eprintln!("skipped: kernel lacks io_uring: {error}");
                None
            }
        },
    }
}

/// A pair of datagram sockets keeps the boundaries of frames as a TAP does.
fn pair() -> (UnixDatagram, UnixDatagram) {
    let (device, kernel) = UnixDatagram::pair().expect("a socket pair");
    device.set_nonblocking(true).expect("non-blocking");
    kernel.set_nonblocking(true).expect("non-blocking");
    (device, kernel)
}

/// Runs a test of bursts on a socket pair, once for each engine.
fn each(test: impl Fn(&mut dyn Engine, UnixDatagram)) {
    for kind in ENGINES {
        let (device, kernel) = pair();
        if let Some(mut engine) = make(kind, device.as_fd()) {
            assert_eq!(engine.kind(), kind);
            test(&mut *engine, kernel);
        }
    }
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
    each(|engine, kernel| {
        // The second round is read with one call, where that is what the engine does.
        for _ in 0..2 {
            kernel.send(&[1; HEADER + 60]).expect("send");
            kernel.send(&[2; HEADER + 100]).expect("send");
            let mut slab = Slab::new(8 * RX_ROOM, 8);
            assert_eq!(engine.rx_burst(slab.memory(), 8), Ok(2));
            // 10 + 60 bytes from 0; the next multiple of 64 is 128.
            assert_eq!(slab.words[..4], [10, 60, 138, 100]);
            assert_eq!(slab.bytes[..70], [1; 70]);
            assert_eq!(slab.bytes[128..238], [2; 110]);
            // By their headers both are super-frames, of TCP and of something else; the checksum of one
            // is to be made, the other's is good. The first is sent to a group.
            let mut expected = [0; counter::COUNT];
            expected[..2].copy_from_slice(&[2, 160]);
            expected[counter::RX_ADDRESSES - 1] = 2;
            expected[counter::RX_ADDRESSES + 1] = 1;
            expected[counter::RX_ADDRESSES + 2] = 1;
            expected[counter::RX_LRO] = 1;
            expected[counter::RX_CHECKSUM_NONE] = 1;
            expected[counter::RX_CHECKSUM_GOOD] = 1;
            assert_eq!(slab.counters, expected);
            assert_eq!(engine.rx_burst(slab.memory(), 8), Ok(0));
        }
    });
}

#[test]
fn keeps_the_order_and_the_bytes_of_frames_of_all_sizes() {
    each(|engine, kernel| {
        let mut slab = Slab::new(10 * RX_ROOM, 256);
        for round in 0_usize..6 {
            // As many as a pair of sockets holds, more each time: some calls find all, some too few.
            let sent: Vec<Vec<u8>> = (0..2 * round)
                .map(|index| {
                    let length = HEADER + 14 + (round * 7919 + index * 1_237) % 9000;
                    let first = u8::try_from(round * 16 + index).expect("a small number");
                    (0..length).map(|at| first ^ at.to_le_bytes()[0]).collect()
                })
                .collect();
            for frame in &sent {
                kernel.send(frame).expect("room in the socket");
            }
            assert_eq!(engine.rx_burst(slab.memory(), 64), Ok(sent.len()));
            let mut position = 0;
            for (frame, words) in sent.iter().zip(slab.words.chunks(2)) {
                let expected = [position + HEADER, frame.len() - HEADER];
                assert_eq!(words, expected.map(|word| u32::try_from(word).expect("small")));
                assert_eq!(&slab.bytes[position..position + frame.len()], frame);
                position = (position + frame.len()).next_multiple_of(64);
            }
        }
    });
}

#[test]
fn stops_at_max_descriptors_and_room() {
    each(|engine, kernel| {
        for _ in 0..6 {
            kernel.send(&[1; HEADER + 60]).expect("send");
        }
        let mut slab = Slab::new(RX_ROOM + 512, 2);
        assert_eq!(engine.rx_burst(slab.memory(), 1), Ok(1), "max");
        assert_eq!(engine.rx_burst(slab.memory(), 8), Ok(2), "descriptors");
        let mut slab = Slab::new(RX_ROOM + 128, 8);
        assert_eq!(engine.rx_burst(slab.memory(), 8), Ok(2), "room for a super-frame");
        let mut slab = Slab::new(RX_ROOM - 1, 8);
        assert_eq!(engine.rx_burst(slab.memory(), 8), Ok(0), "no room at all");
        let mut slab = Slab::new(RX_ROOM, 8);
        assert_eq!(engine.rx_burst(slab.memory(), 0), Ok(0), "none wanted");
        assert_eq!(engine.rx_burst(slab.memory(), 8), Ok(1), "the last one, which is still there");
    });
}

#[test]
fn has_enough_when_super_frames_would_push_each_other_out_of_the_cache() {
    let mut slab = Slab::new(10 * RX_ROOM, 256);
    let mut taken = |lengths: &[usize]| {
        let mut received = outcome::Received::new(slab.memory(), 256);
        let more = |length: &usize| received.take(received.position(), Ok(*length));
        lengths.iter().map(more).collect::<Vec<_>>()
    };
    assert_eq!(taken(&[60_000, 60_000, 60_000]), [true, true, false]);
    // Two thirds of a slab of long frames, and then a super-frame: that is the last one.
    assert_eq!(taken(&[[9_000; 40].as_slice(), &[60_000]].concat())[38..], [true, true, false]);
    assert_eq!(taken(&[[9_000; 40].as_slice(), &[60]].concat())[38..], [true; 3]);
}

#[test]
fn sends_skips_and_refuses() {
    each(|engine, kernel| {
        let mut slab = Slab::new(256, 6);
        slab.bytes[64..124].fill(7);
        // Sent, skipped, too short, no header in front, beyond the end, an overflow.
        slab.words = vec![64, 60, 0, 0, 64, 13, 9, 60, 200, 57, u32::MAX, u32::MAX];
        assert_eq!(engine.tx_burst(slab.memory(), 0, 6), Ok(6));
        assert_eq!(slab.counters[..6], [0, 0, 0, 1, 60, 4]);
        assert_eq!(slab.counters[6..].iter().sum::<u64>(), 2, "what was refused is in no class");
        let mut received = [0; 256];
        assert_eq!(kernel.recv(&mut received).expect("a frame"), HEADER + 60);
        assert_eq!(received[HEADER..HEADER + 60], [7; 60]);
        assert!(kernel.recv(&mut received).is_err(), "only one was sent");
        assert_eq!(engine.tx_burst(slab.memory(), 5, 9), Ok(1), "descriptors end");
        assert_eq!(engine.tx_burst(slab.memory(), 6, 9), Ok(0), "there are none");
    });
}

#[test]
fn sends_more_than_one_call_takes_and_stops_where_there_is_no_room() {
    each(|engine, kernel| {
        let mut slab = Slab::new(256, 300);
        slab.words = [64, 60].repeat(300);
        // A datagram socket has room for so many (net.unix.max_dgram_qlen), and the next one is EAGAIN.
        let mut consumed = 0;
        let mut received = [0; 256];
        let mut arrived = 0;
        while consumed < 300 {
            let sent = engine.tx_burst(slab.memory(), consumed, 300 - consumed).expect("some");
            assert!(sent > 0);
            consumed += sent;
            if consumed < 300 {
                let error = engine.tx_burst(slab.memory(), consumed, 1).expect_err("no room");
                assert_eq!((error.syscall(), error.code()), ("write", "EAGAIN"));
            }
            while kernel.recv(&mut received).is_ok() {
                arrived += 1;
            }
        }
        assert_eq!((consumed, arrived, slab.counters[counter::TX_PACKETS]), (300, 300, 300));
        assert_eq!(slab.counters[counter::TX_ERRORS], 0);
    });
}

#[test]
fn throws_a_device_error_only_when_nothing_was_consumed() {
    each(|engine, kernel| {
        // The first is skipped, the others find no peer: ENOTCONN.
        drop(kernel);
        let mut slab = Slab::new(256, 3);
        slab.words = vec![0, 0, 64, 60, 64, 60];
        assert_eq!(engine.tx_burst(slab.memory(), 0, 3), Ok(1));
        let error = engine.tx_burst(slab.memory(), 1, 2).expect_err("no peer");
        assert_eq!((error.syscall(), error.code()), ("write", "ENOTCONN"));
        assert_eq!(slab.counters, [0; counter::COUNT]);
    });
}

#[test]
fn counts_a_frame_that_failed_among_others_as_refused() {
    each(|engine, kernel| {
        // A socket takes no datagram that is larger than its buffer: EMSGSIZE.
        let mut slab = Slab::new(1 << 20, 4);
        slab.words = vec![64, 60, 64, (1 << 20) - 64, 64, 61, 64, (1 << 20) - 64];
        let consumed = engine.tx_burst(slab.memory(), 0, 4);
        let mut received = [0; 256];
        assert_eq!(kernel.recv(&mut received).expect("the first"), HEADER + 60);
        match engine.kind() {
            // It stops there.
            EngineKind::Syscall => assert_eq!(consumed, Ok(1)),
            // The third had been asked for.
            EngineKind::IoUring => {
                assert_eq!(consumed, Ok(3));
                assert_eq!(kernel.recv(&mut received).expect("the third"), HEADER + 61);
                assert_eq!(slab.counters[3..6], [2, 121, 1]);
            }
        }
        assert!(kernel.recv(&mut received).is_err(), "no more were sent");
        let from = consumed.expect("some");
        let error = engine.tx_burst(slab.memory(), from, 4 - from).expect_err("too large");
        assert_eq!((error.syscall(), error.code()), ("write", "EMSGSIZE"));
    });
}

#[test]
fn an_idle_queue_keeps_nothing_in_flight() {
    each(|engine, kernel| {
        let mut slab = Slab::new(RX_ROOM, 8);
        // limits: a read of O_NONBLOCK files without RWF_NOWAIT would wait for the next frame, and take it.
        assert_eq!(engine.rx_burst(slab.memory(), 8), Ok(0));
        kernel.send(&[1; HEADER + 60]).expect("send");
        assert_eq!(slab.bytes[..70], [0; 70]);
        assert_eq!(engine.rx_burst(slab.memory(), 8), Ok(1));
        assert_eq!(slab.bytes[..70], [1; 70]);
    });
}

#[test]
fn a_request_that_waits_is_cancelled_before_finish_returns() {
    let (device, kernel) = pair();
    let Ok(mut ring) = Ring::open(device.as_fd()) else { return };
    let mut bytes = [0_u8; 128];
    // Two that the kernel keeps, as a request without RWF_NOWAIT is kept, and one that it does at once.
    for start in [0, 32] {
        // SAFETY: 32 bytes that live until `finish` has returned.
        unsafe { ring.push_waiting(bytes[start..].as_mut_ptr(), 32) };
    }
    // SAFETY: as above.
    unsafe { ring.push(Transfer::Write, bytes[64..].as_mut_ptr(), 32) };
    assert_eq!(ring.finish(), Ok(&[-libc::ECANCELED, -libc::ECANCELED, 32][..]));
    ring.clear();
    kernel.send(&[7; 32]).expect("send");
    assert_eq!(bytes, [0; 128], "nobody waits for it any more");
    // SAFETY: as above.
    unsafe { ring.push(Transfer::Read, bytes.as_mut_ptr(), 32) };
    assert_eq!(ring.finish(), Ok(&[32][..]));
    assert_eq!(bytes[..32], [7; 32]);
}

#[test]
fn a_request_that_is_about_to_end_is_not_lost() {
    // A socket that is its own peer: the write of a call completes the read that waits since then.
    let address = SocketAddr::from_abstract_name(format!("rtap-ring-{}", std::process::id()));
    let address = address.expect("a name");
    let device = UnixDatagram::bind_addr(&address).expect("bound");
    device.connect_addr(&address).expect("connected");
    device.set_nonblocking(true).expect("non-blocking");
    let Ok(mut ring) = Ring::open(device.as_fd()) else { return };
    for number in 0..100 {
        let mut bytes = [number; 96];
        bytes[..32].fill(!number);
        let start = bytes.as_mut_ptr();
        // SAFETY: each third lives until `finish` has returned.
        unsafe {
            ring.push_waiting(start.add(32), 32);
            ring.push_waiting(start.add(64), 32);
            ring.push(Transfer::Write, start, 32);
        }
        let mut results = ring.finish().expect("all").to_vec();
        ring.clear();
        results.sort_unstable();
        assert_eq!(results, [-libc::ECANCELED, 32, 32]);
        let read = bytes[32..].chunks(32).filter(|part| *part == [!number; 32]).count();
        assert_eq!(read, 1, "the frame is there, once");
    }
}

#[test]
fn a_ring_works_with_the_flags_of_older_kernels_too() {
    let unknown = 1 << 31;
    for flags in [&[unknown, FLAGS[3]][..], &FLAGS[..1], &FLAGS[1..2], &FLAGS[2..3], &FLAGS[3..]] {
        let (device, kernel) = pair();
        let mut ring = match Ring::open_with(flags, device.as_fd()) {
            Ok(ring) => ring,
            // Its kernel is older than these flags, or has no io_uring.
            Err(_) if flags != [unknown, FLAGS[3]] => continue,
            Err(error) => {
                assert_ne!(error.code(), "EINVAL", "the next set has to be tried");
                continue;
            }
        };
        // Several times around the ring.
        for number in 0..=u8::MAX {
            let mut bytes = [number; 64];
            // SAFETY: both halves live until `finish` has returned.
            unsafe {
                ring.push(Transfer::Write, bytes.as_mut_ptr(), 32);
                ring.push(Transfer::Read, bytes[32..].as_mut_ptr(), 32);
            }
            kernel.send(&[!number; 32]).expect("send");
            assert_eq!(ring.finish(), Ok(&[32, 32][..]));
            ring.clear();
            assert_eq!(bytes[32..], [!number; 32]);
            let mut received = [0; 64];
            assert_eq!(kernel.recv(&mut received).expect("received"), 32);
            assert_eq!(received[..32], [number; 32]);
        }
    }
}

#[test]
fn refuses_a_file_that_cannot_be_read_without_waiting() {
    let (device, _kernel) = pair();
    if make(EngineKind::IoUring, device.as_fd()).is_none() {
        return;
    }
    // As /dev/net/tun before Linux 6.4: each idle read of it would end at once, or wait in a thread.
    let file = File::open("/proc/self/status").expect("a file");
    let choice = EngineChoice::default();
    choice.choose(EngineKind::IoUring, file.as_fd()).expect("another one");
    assert_eq!(choice.in_use(), EngineKind::Syscall);
    let refusal = choice.refusal().expect("a reason");
    assert_eq!((refusal.syscall(), refusal.code()), ("io_uring read", "EOPNOTSUPP"));
    assert!(refusal.hint().is_some_and(|hint| hint.contains("Linux 6.4")));
    choice.choose(EngineKind::Syscall, file.as_fd()).expect("the one of all files");
    assert_eq!(choice.refusal(), None);
}

#[test]
fn a_queue_changes_its_engine_when_another_is_chosen() {
    let (device, kernel) = pair();
    let choice = Arc::new(EngineChoice::default());
    let number = device.as_raw_fd();
    let mut queue = QueueEngine::new(device, Arc::clone(&choice));
    let mut slab = Slab::new(RX_ROOM, 8);
    for kind in [EngineKind::Syscall, EngineKind::IoUring, EngineKind::Syscall] {
        choice.choose(kind, queue.file().as_fd()).expect("an engine");
        if choice.refusal().is_some() {
            return;
        }
        kernel.send(&[1; HEADER + 60]).expect("send");
        assert_eq!(queue.rx_burst(slab.memory(), 8), Ok(1));
        assert_eq!(queue.tx_burst(slab.memory(), 0, 1), Ok(1));
        let mut received = [0; 256];
        assert_eq!(kernel.recv(&mut received).expect("a frame"), HEADER + 60);
        assert_eq!(queue.ring.is_some(), kind == EngineKind::IoUring);
    }
    assert_eq!(queue.file().as_raw_fd(), number);
}

#[test]
fn throws_away_no_more_than_a_limit_of_frames_that_have_no_name() {
    // The kernel says EINVAL for them; a socket does for an address that is none, which reads have not.
    let mut slab = Slab::new(RX_ROOM, 8);
    let mut received = outcome::Received::new(slab.memory(), 8);
    for _ in 0..DISCARD_MAX {
        assert_eq!(received.wanted(), 8);
        assert!(received.take(0, Err(libc::EINVAL)));
    }
    assert_eq!(received.wanted(), 0);
    assert_eq!(received.finish(), Ok(0));
    assert_eq!(slab.counters[counter::RX_ERRORS], u64::from(DISCARD_MAX));
}

#[test]
fn room_is_a_super_frame_on_a_cache_line() {
    assert_eq!(RX_ROOM, 65_600);
}

//! Segmentation and checksums against frames that are built one by one.

mod common;

use common::packet::{
    ACK, CWR, Conversation, DATA_VALID, ECE, FIN, Framed, GSO_ECN, GSO_TCPV4, GSO_UDP, GSO_UDP_L4,
    NEEDS_CSUM, Noise, Own, PSH, Packed, header, kinds,
};
use rtap_io::complete::complete_checksums;
use rtap_io::progress::Progress;
use rtap_io::queue::RX_ROOM;
use rtap_io::segment::segment_burst;

const OWN: Own = Own { id: 0xfffe, sequence: 0xffff_fe00, flags: ACK | PSH | FIN | CWR | ECE };

/// Segments all frames into outputs of a given size, as often as it takes.
fn segment_all(input: &[Framed], room: usize, max: usize) -> (Vec<Framed>, usize) {
    let mut packed = Packed::of(input);
    let mut output = Packed::new(room, 512);
    let (mut from, mut offset, mut refused) = (0, 0, 0);
    let mut frames = Vec::new();
    while from < input.len() {
        let count = input.len() - from;
        let progress = segment_burst(packed.frames(), from, count, offset, output.frames(), max);
        assert!(progress.written + progress.consumed > 0, "it comes a step further");
        assert!(progress.written <= max);
        frames.extend(output.read(progress.written));
        from += progress.consumed;
        offset = progress.offset;
        refused += progress.refused;
    }
    assert_eq!(offset, 0);
    (frames, refused)
}

fn segment_one(frame: Framed) -> (Vec<Framed>, usize) {
    segment_all(&[frame], 10 * RX_ROOM, 1000)
}

fn plain(frames: Vec<Vec<u8>>) -> Vec<Framed> {
    frames.into_iter().map(Framed::plain).collect()
}

/// And those that are segmented, but not coalesced.
fn kinds_with_extensions() -> Vec<Conversation> {
    let mut kinds = kinds();
    // Options of IPv4; hop-by-hop and destination options of IPv6.
    kinds.push(Conversation { extensions: vec![1; 8], ..Conversation::new(true, false) });
    let extensions = [[60, 0, 1, 4, 0, 0, 0, 0], [6, 0, 1, 4, 0, 0, 0, 0]].concat();
    kinds.push(Conversation { extensions, next_header: 0, ..Conversation::new(true, true) });
    kinds
}

#[test]
fn makes_the_frames_that_a_slow_stack_makes() {
    let mut noise = Noise::new(1);
    for kind in kinds_with_extensions() {
        for gso_size in [1, 2, 3, 7, 100, 536, 1400, 1448, 8948, 60_000] {
            let most = if gso_size < 100 { 40 } else { 65_535 - 14 - kind.headers() };
            for length in [gso_size + 1, 2 * gso_size - 1, 2 * gso_size, 2 * gso_size + 1, most] {
                if length <= gso_size || length > most {
                    continue;
                }
                let payload = noise.bytes(length);
                let whole = kind.super_frame(OWN, &payload, gso_size);
                let expected = plain(kind.segments(OWN, &payload, gso_size));
                assert_eq!(segment_one(whole), (expected, 0), "{kind:?} {length} {gso_size}");
            }
        }
    }
}

#[test]
fn makes_the_same_of_anything_wherever_the_output_ends() {
    let mut noise = Noise::new(2);
    for _ in 0..300 {
        let mut input = Vec::new();
        let mut expected = Vec::new();
        for _ in 0..=noise.below(4) {
            let kind = Conversation::random(&mut noise);
            let own = Own { id: noise.short(), sequence: noise.word(), flags: noise.byte() };
            let length = 2 + noise.below(9000);
            let gso_size = (1 + noise.below(length - 1)).max(length / 100);
            let payload = noise.bytes(length);
            if noise.below(3) == 0 {
                input.push(kind.partial(own, &payload));
                expected.push(kind.packet(own, &payload));
            } else {
                input.push(kind.super_frame(own, &payload, gso_size));
                expected.extend(kind.segments(own, &payload, gso_size));
            }
        }
        let room = RX_ROOM + 64 * noise.below(500);
        let max = 1 + noise.below(20);
        let (frames, refused) = segment_all(&input, room, max);
        assert_eq!((frames, refused), (plain(expected), 0));
    }
}

#[test]
fn stops_at_the_frame_that_does_not_fit_and_goes_on_there() {
    let kind = Conversation::new(true, false);
    let payload = vec![7; 4000];
    let mut input = Packed::of(&[kind.super_frame(OWN, &payload, 1000)]);
    // Two frames of 54 + 1000 bytes with their headers take 1088 bytes each.
    let mut output = Packed::new(2 * 1088, 8);
    let first = segment_burst(input.frames(), 0, 1, 0, output.frames(), 8);
    assert_eq!(first, Progress { written: 2, consumed: 0, offset: 2000, refused: 0 });
    let second = segment_burst(input.frames(), 0, 1, first.offset, output.frames(), 1);
    assert_eq!(second, Progress { written: 1, consumed: 0, offset: 3000, refused: 0 });
    let third = segment_burst(input.frames(), 0, 1, second.offset, output.frames(), 1);
    assert_eq!(third, Progress { written: 1, consumed: 1, offset: 0, refused: 0 });
    assert_eq!(output.read(1)[0].frame, kind.segments(OWN, &payload, 1000)[3]);
    // No descriptor, no room at all.
    let none = segment_burst(input.frames(), 0, 1, 0, Packed::new(2000, 0).frames(), 8);
    assert_eq!(none, Progress::default());
    // An offset that is none of the frame's, and one of a frame that is none.
    for offset in [999, 4000, 5000, usize::MAX] {
        let lost = segment_burst(input.frames(), 0, 1, offset, output.frames(), 8);
        assert_eq!(lost, Progress { written: 0, consumed: 1, offset: 0, refused: 1 });
    }
    let mut input = Packed::of(&[kind.partial(OWN, &payload)]);
    let lost = segment_burst(input.frames(), 0, 1, 1000, output.frames(), 8);
    assert_eq!(lost, Progress { written: 0, consumed: 1, offset: 0, refused: 1 });
}

#[test]
fn leaves_out_what_was_dropped_and_ends_with_the_descriptors() {
    let kind = Conversation::new(false, true);
    let frames = [1, 2, 3].map(|n| Framed::plain(kind.packet(OWN, &[n; 20])));
    let mut input = Packed::of(&frames);
    input.words[3] = 0;
    let mut output = Packed::new(RX_ROOM, 8);
    let progress = segment_burst(input.frames(), 0, 100, 0, output.frames(), 8);
    assert_eq!(progress, Progress { written: 2, consumed: 3, offset: 0, refused: 0 });
    assert_eq!(output.read(2), [frames[0].clone(), frames[2].clone()]);
    let beyond = segment_burst(input.frames(), usize::MAX, 100, 0, output.frames(), 8);
    assert_eq!(beyond, Progress::default());
}

#[test]
fn refuses_what_no_tap_could_have_given() {
    for (length, refused) in [(13, 1), (14, 0), (RX_ROOM - 10, 0), (RX_ROOM - 9, 1)] {
        let framed = Framed::plain(vec![0xff; length]);
        assert_eq!(segment_one(framed.clone()).1, refused, "{length}");
        let mut packed = Packed::of(&[framed]);
        let progress = complete_checksums(packed.frames(), 0, 1);
        assert_eq!((progress.consumed, progress.refused), (1, refused));
    }
}

#[test]
fn goes_through_eight_vlan_tags() {
    for (count, refused) in [(8, 0), (9, 1)] {
        let tags = [0x81, 0, 0, 5].repeat(count);
        let kind = Conversation { tags, ..Conversation::new(true, true) };
        let (frames, left_out) = segment_one(kind.super_frame(OWN, &[1; 300], 100));
        assert_eq!((frames.len(), left_out), (3 * (1 - refused), refused));
    }
}

#[test]
fn a_super_frame_of_one_segment_is_a_common_frame() {
    for kind in kinds_with_extensions() {
        let payload = vec![9; 500];
        let whole = kind.super_frame(OWN, &payload, 500);
        let expected = plain(vec![kind.packet(OWN, &payload)]);
        assert_eq!(segment_one(whole), (expected, 0));
    }
}

#[test]
fn ecn_marks_the_first_segment_alone() {
    for ipv6 in [false, true] {
        let kind = Conversation::new(true, ipv6);
        let mut whole = kind.super_frame(OWN, &[1; 3000], 1000);
        whole.header[1] |= GSO_ECN;
        let (frames, _) = segment_one(whole);
        let flags: Vec<u8> =
            frames.iter().map(|framed| framed.frame[kind.transport() + 13]).collect();
        assert_eq!(flags, [ACK | CWR | ECE, ACK | ECE, ACK | ECE | PSH | FIN]);
    }
}

#[test]
fn makes_the_checksum_of_tcp_anew_when_none_was_begun() {
    for ipv6 in [false, true] {
        let kind = Conversation::new(true, ipv6);
        let mut whole = kind.super_frame(OWN, &[1; 3000], 1000);
        whole.header[0] = 0;
        whole.frame[kind.transport() + 16..][..2].copy_from_slice(&[0x12, 0x34]);
        assert_eq!(segment_one(whole), (plain(kind.segments(OWN, &[1; 3000], 1000)), 0));
    }
}

#[test]
fn refuses_a_super_frame_that_its_header_is_not_true_of() {
    let tcp = Conversation::new(true, false);
    let tcp6 = Conversation::new(true, true);
    let udp = Conversation::new(false, false);
    let whole = |kind: &Conversation| kind.super_frame(OWN, &[1; 3000], 1000);
    let with_header = |kind: &Conversation, flags, gso_type, fields| {
        let mut framed = whole(kind);
        framed.header = header(flags, gso_type, fields);
        framed
    };
    let with_byte = |kind: &Conversation, at: usize, byte: u8| {
        let mut framed = whole(kind);
        framed.frame[at] = byte;
        framed
    };
    let mut short = whole(&tcp);
    short.frame.pop();
    let mut long = whole(&tcp);
    long.frame.push(0);
    let extensions = vec![6, 0, 0, 0, 0, 0, 0, 1];
    let fragment = Conversation { extensions, next_header: 44, ..tcp6.clone() };
    let cases = [
        // The type: none such, fragments, of another family or protocol, ECN of UDP.
        with_header(&tcp, NEEDS_CSUM, 2, [54, 1000, 34, 16]),
        with_header(&udp, NEEDS_CSUM, GSO_UDP, [42, 1000, 34, 6]),
        with_header(&tcp6, NEEDS_CSUM, GSO_TCPV4, [74, 1000, 54, 16]),
        with_header(&tcp, NEEDS_CSUM, GSO_UDP_L4, [54, 1000, 34, 16]),
        with_header(&udp, NEEDS_CSUM, GSO_TCPV4, [42, 1000, 34, 6]),
        with_header(&udp, NEEDS_CSUM, GSO_UDP_L4 | GSO_ECN, [42, 1000, 34, 6]),
        with_header(&tcp, NEEDS_CSUM, GSO_TCPV4 | 0x20, [54, 1000, 34, 16]),
        // The size of segments: none, the kernel's special one.
        with_header(&tcp, NEEDS_CSUM, GSO_TCPV4, [54, 0, 34, 16]),
        with_header(&tcp, NEEDS_CSUM, GSO_TCPV4, [54, 0xffff, 34, 16]),
        // The checksum: elsewhere, not begun.
        with_header(&tcp, NEEDS_CSUM, GSO_TCPV4, [54, 1000, 35, 16]),
        with_header(&tcp, NEEDS_CSUM, GSO_TCPV4, [54, 1000, 34, 6]),
        with_header(&tcp, NEEDS_CSUM, GSO_TCPV4, [54, 1000, 0xffff, 16]),
        with_header(&udp, 0, GSO_UDP_L4, [42, 1000, 34, 6]),
        // The frame: other lengths than those of its packet, a fragment, no version, no TCP header.
        short,
        long,
        whole(&fragment),
        with_byte(&tcp, 20, 0x20),
        with_byte(&tcp, 21, 1),
        with_byte(&tcp, 14, 0x55),
        with_byte(&tcp, 14, 0x44),
        with_byte(&tcp6, 14, 0x40),
        with_byte(&tcp, 23, 17),
        with_byte(&tcp, 12, 0x86),
        with_byte(&tcp, 46, 0x40),
        with_byte(&udp, 38, 1),
    ];
    for (index, framed) in cases.into_iter().enumerate() {
        assert_eq!(segment_one(framed.clone()), (vec![], 1), "case {index}");
        let mut packed = Packed::of(&[framed]);
        let progress = complete_checksums(packed.frames(), 0, 1);
        assert_eq!((progress.consumed, progress.refused), (1, 1), "case {index}");
        assert_eq!(packed.words[1], 0);
    }
}

#[test]
fn completes_checksums_in_place_and_copied() {
    let mut noise = Noise::new(3);
    for kind in kinds_with_extensions() {
        for length in 0..70 {
            let payload = noise.bytes(length);
            let partial = kind.partial(OWN, &payload);
            let expected = Framed::plain(kind.packet(OWN, &payload));
            assert_eq!(segment_one(partial.clone()), (vec![expected.clone()], 0));
            let mut packed = Packed::of(&[partial]);
            let progress = complete_checksums(packed.frames(), 0, 1);
            assert_eq!(progress, Progress { consumed: 1, ..Progress::default() });
            assert_eq!(packed.read(1), [expected]);
        }
    }
}

#[test]
fn a_sum_that_comes_to_nothing_is_written_as_ffff() {
    let kind = Conversation::new(false, false);
    // Two bytes of payload that make the sum of all ffff.
    let with_zero = kind.packet(OWN, &[0, 0]);
    let value = &with_zero[kind.transport() + 6..][..2];
    for framed in [kind.partial(OWN, value), kind.super_frame(OWN, &value.repeat(2), 2)] {
        let (frames, _) = segment_one(framed);
        assert_eq!(frames[0].frame[kind.transport() + 6..][..2], [0xff, 0xff]);
        assert_eq!(frames[0].frame, kind.packet(OWN, value));
    }
    // In TCP both are right: the kernel writes ffff where it completes, and 0 where it segments.
    let kind = Conversation::new(true, false);
    let own = Own { flags: ACK, ..Own::default() };
    let with_zero = kind.packet(own, &[0, 0]);
    let value = &with_zero[kind.transport() + 16..][..2];
    let (completed, _) = segment_one(kind.partial(own, value));
    assert_eq!(completed[0].frame[kind.transport() + 16..][..2], [0xff, 0xff]);
    let (segmented, _) = segment_one(kind.super_frame(own, &[value, &[1]].concat(), 2));
    assert_eq!(segmented[0].frame, kind.packet(own, value));
    assert_eq!(segmented[0].frame[kind.transport() + 16..][..2], [0, 0]);
}

#[test]
fn refuses_a_checksum_outside_the_frame() {
    let kind = Conversation::new(false, false);
    let framed = kind.partial(OWN, &[5; 18]);
    assert_eq!(framed.frame.len(), 60);
    for (start, offset, refused) in [
        (34, 6, 0),
        (14, 0, 0),
        (13, 0, 1),
        (58, 0, 0),
        (59, 0, 1),
        (34, 24, 0),
        (34, 25, 1),
        (0xffff, 0xffff, 1),
    ] {
        let mut framed = framed.clone();
        framed.header = header(NEEDS_CSUM, 0, [0, 0, start, offset]);
        let (written, left_out) = segment_one(framed.clone());
        assert_eq!((written.len(), left_out), (1 - refused, refused), "{start} {offset}");
        let mut packed = Packed::of(&[framed]);
        let progress = complete_checksums(packed.frames(), 0, 1);
        assert_eq!((progress.consumed, progress.refused), (1, refused));
        if refused == 0 {
            assert_eq!(packed.read(1), written);
        }
    }
}

#[test]
fn stops_in_place_at_a_super_frame() {
    let kind = Conversation::new(true, true);
    let frames = [
        kind.partial(OWN, &[1; 30]),
        kind.super_frame(OWN, &[1; 30], 30),
        Framed::plain(vec![0xff; 60]),
        kind.super_frame(OWN, &[1; 31], 30),
        kind.partial(OWN, &[1; 30]),
    ];
    let mut packed = Packed::of(&frames);
    let progress = complete_checksums(packed.frames(), 0, 5);
    assert_eq!(progress, Progress { consumed: 3, ..Progress::default() });
    let ready = Framed::plain(kind.packet(OWN, &[1; 30]));
    let expected = [ready.clone(), ready, frames[2].clone(), frames[3].clone(), frames[4].clone()];
    assert_eq!(packed.read(5), expected);
    assert_eq!(complete_checksums(packed.frames(), 3, 2), Progress::default());
    assert_eq!(complete_checksums(packed.frames(), 4, 9).consumed, 1);
}

#[test]
fn keeps_saying_of_a_frame_what_the_kernel_vouches_for() {
    let kind = Conversation::new(true, false);
    let framed =
        |flags| Framed { header: header(flags, 0, [1, 2, 3, 4]), frame: kind.packet(OWN, b"x") };
    let expected = Framed { header: header(DATA_VALID, 0, [0; 4]), ..framed(0) };
    assert_eq!(segment_one(framed(DATA_VALID)), (vec![expected.clone()], 0));
    let mut packed = Packed::of(&[framed(DATA_VALID)]);
    assert_eq!(complete_checksums(packed.frames(), 0, 1).consumed, 1);
    assert_eq!(packed.read(1), [expected]);
}

#[test]
fn survives_any_bytes() {
    let mut noise = Noise::new(4);
    for _ in 0..20_000 {
        let kind = Conversation::random(&mut noise);
        let length = 2 + noise.below(300);
        let payload = noise.bytes(length);
        let mut framed = kind.super_frame(OWN, &payload, 1 + noise.below(length));
        for _ in 0..noise.below(6) {
            let at = noise.below(10);
            framed.header[at] = noise.byte();
        }
        for _ in 0..noise.below(6) {
            let at = noise.below(framed.frame.len().min(120));
            framed.frame[at] = noise.byte();
        }
        let length = noise.below(framed.frame.len() + 1);
        framed.frame.truncate(if noise.below(2) == 0 { length } else { framed.frame.len() });
        let mut packed = Packed::of(&[framed]);
        if noise.below(8) == 0 {
            let word = noise.below(2);
            packed.words[word] = noise.word() >> noise.below(32);
        }
        let mut output = Packed::new(noise.below(2000), noise.below(20));
        let offset = noise.below(400);
        let progress =
            segment_burst(packed.frames(), 0, noise.below(3), offset, output.frames(), 100);
        assert!(progress.written <= 20);
        output.read(progress.written);
        let _ = complete_checksums(packed.frames(), 0, 1);
    }
}

#[test]
fn memory_that_is_both_input_and_output_breaks_nothing() {
    let kind = Conversation::new(true, false);
    let mut packed = Packed::of(&[kind.super_frame(OWN, &vec![1; 30_000], 1000)]);
    packed.bytes.resize(RX_ROOM, 0);
    packed.words.resize(64, 0);
    let frames = packed.frames();
    let _ = segment_burst(frames, 0, 32, 0, frames, 32);
}

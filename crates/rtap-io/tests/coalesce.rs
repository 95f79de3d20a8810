//! Coalescing against a slow model that knows how each frame was made.

mod common;

use common::packet::{
    ACK, CWR, Conversation, DATA_VALID, ECE, FIN, Framed, NEEDS_CSUM, Noise, Own, PSH, Packed, RST,
    SYN, URG, checksum, header, kinds, short, word,
};
use rtap_io::coalesce::coalesce_burst;
use rtap_io::progress::Progress;
use rtap_io::queue::RX_ROOM;
use rtap_io::segment::segment_burst;

const OWN: Own = Own { id: 0xfffe, sequence: 0xffff_fe00, flags: ACK };

/// How the checksum of a frame stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sum {
    Good,
    Bad,
    Vouched,
    Partial,
}

/// A frame, and what it is made of.
#[derive(Clone, Debug)]
struct Made {
    kind: Conversation,
    own: Own,
    payload: Vec<u8>,
    sum: Sum,
}

impl Made {
    fn new(kind: &Conversation, own: Own, payload: &[u8]) -> Self {
        Self { kind: kind.clone(), own, payload: payload.to_vec(), sum: Sum::Good }
    }

    fn framed(&self) -> Framed {
        let frame = self.kind.packet(self.own, &self.payload);
        match self.sum {
            Sum::Good => Framed::plain(frame),
            Sum::Vouched => Framed { header: header(DATA_VALID, 0, [0; 4]), frame },
            Sum::Partial => self.kind.partial(self.own, &self.payload),
            Sum::Bad => {
                let mut frame = frame;
                let last = frame.last_mut().expect("a frame");
                *last ^= 0x55;
                Framed::plain(frame)
            }
        }
    }

    fn same_flow(&self, other: &Self) -> bool {
        let flow = |made: &Self| {
            let Conversation { tcp, ipv6, ref tags, .. } = made.kind;
            (tcp, ipv6, tags.clone(), made.kind.ports)
        };
        flow(self) == flow(other)
            && self.kind.source == other.kind.source
            && self.kind.destination == other.kind.destination
    }

    /// The frame without what is its own.
    fn headers(&self) -> Vec<u8> {
        self.kind.packet(Own::default(), &[])
    }

    fn can_be_one_of_several(&self) -> bool {
        self.sum != Sum::Bad
            && !self.payload.is_empty()
            && self.kind.extensions.is_empty()
            && !(self.kind.tcp && self.own.flags & (SYN | RST | URG | CWR) != 0)
    }

    fn is_last(&self) -> bool {
        self.kind.tcp && self.own.flags & (FIN | PSH) != 0
    }
}

/// What goes out as one frame.
#[derive(Clone, Debug)]
struct Group(Vec<Made>);

impl Group {
    fn takes(&self, next: &Made) -> bool {
        let Self(members) = self;
        let (first, last, count) = (&members[0], &members[members.len() - 1], members.len());
        let size = first.payload.len();
        let fixed_before = count > 1 && members[1].own.id == first.own.id;
        let id = if first.kind.ipv6
            || next.own.id == first.own.id.wrapping_add(short(count)) && !fixed_before
        {
            true
        } else {
            first.kind.dont_fragment && next.own.id == first.own.id && (count == 1 || fixed_before)
        };
        let total: usize = members.iter().map(|made| made.payload.len()).sum();
        let packet = first.kind.headers() - first.kind.network() + total + next.payload.len();
        let sequence = last.own.sequence.wrapping_add(word(last.payload.len()));
        members.iter().all(Made::can_be_one_of_several)
            && next.can_be_one_of_several()
            && members.iter().all(|made| made.payload.len() == size && !made.is_last())
            && next.payload.len() <= size
            && next.headers() == first.headers()
            && id
            && packet <= 65_535
            && (!first.kind.tcp
                || next.own.sequence == sequence
                    && (next.own.flags ^ first.own.flags) & !(FIN | PSH) == 0)
            && (first.kind.tcp || count < 64)
    }

    fn framed(&self) -> Framed {
        let Self(members) = self;
        let first = &members[0];
        if members.len() == 1 {
            return first.framed();
        }
        let flags = members.iter().fold(0, |flags, made| flags | made.own.flags);
        let payload: Vec<u8> = members.iter().flat_map(|made| made.payload.clone()).collect();
        first.kind.super_frame(Own { flags, ..first.own }, &payload, first.payload.len())
    }
}

/// The last group of a flow takes the next frame of the flow, or there is a new one.
fn model(frames: &[Made]) -> Vec<Framed> {
    let mut groups: Vec<Group> = Vec::new();
    for made in frames {
        let last = groups.iter_mut().rev().find(|group| group.0[0].same_flow(made));
        match last {
            Some(group) if group.takes(made) => group.0.push(made.clone()),
            _ => groups.push(Group(vec![made.clone()])),
        }
    }
    groups.iter().map(Group::framed).collect()
}

fn framed(frames: &[Made]) -> Vec<Framed> {
    frames.iter().map(Made::framed).collect()
}

fn coalesce_all(input: &[Framed], room: usize, max: usize) -> Vec<Framed> {
    let mut packed = Packed::of(input);
    let mut output = Packed::new(room, 600);
    let mut from = 0;
    let mut frames = Vec::new();
    while from < input.len() {
        let progress =
            coalesce_burst(packed.frames(), from, input.len() - from, output.frames(), max);
        assert!(progress.consumed > 0, "it comes a step further");
        assert!(progress.written <= max && progress.written <= progress.consumed);
        assert_eq!((progress.refused, progress.offset), (0, 0));
        frames.extend(output.read(progress.written));
        from += progress.consumed;
    }
    frames
}

fn coalesce(input: &[Framed]) -> Vec<Framed> {
    coalesce_all(input, 40 * RX_ROOM, 600)
}

fn check(frames: &[Made]) {
    let input = framed(frames);
    assert_eq!(coalesce(&input), model(frames), "{frames:?}");
}

/// Lengths of the payloads that come out.
fn lengths(frames: &[Made]) -> Vec<usize> {
    let input = framed(frames);
    let headers = frames[0].kind.headers();
    coalesce(&input).iter().map(|framed| framed.frame.len() - headers).collect()
}

/// Segments with payloads of the given lengths, one behind the other.
fn series(kind: &Conversation, own: Own, lengths: &[usize]) -> Vec<Made> {
    let mut noise = Noise::new(lengths.len() as u64);
    let mut own = own;
    let mut series = Vec::new();
    for length in lengths {
        series.push(Made::new(kind, own, &noise.bytes(*length)));
        own.id = own.id.wrapping_add(1);
        own.sequence = own.sequence.wrapping_add(word(*length));
    }
    series
}

#[test]
fn puts_segments_together_in_every_kind_of_packet() {
    for kind in kinds() {
        for size in [1, 2, 3, 99, 1000] {
            for count in 1..8 {
                for last in [1, size - size / 2, size] {
                    let mut sizes = vec![size; count];
                    sizes.push(last);
                    let frames = series(&kind, OWN, &sizes);
                    check(&frames);
                    assert_eq!(lengths(&frames), [size * count + last]);
                }
            }
        }
    }
}

#[test]
fn what_is_segmented_again_is_what_it_was() {
    let mut noise = Noise::new(1);
    for kind in kinds() {
        for _ in 0..4 {
            let size = 1 + noise.below(1500);
            let sizes = vec![size; 2 + noise.below(40)];
            let frames = framed(&series(&kind, OWN, &sizes));
            let mut whole = Packed::of(&coalesce(&frames));
            let count = whole.words.len() / 2;
            assert!(count < frames.len());
            let mut output = Packed::new(40 * RX_ROOM, 600);
            let progress = segment_burst(whole.frames(), 0, count, 0, output.frames(), 600);
            assert_eq!(progress.refused, 0);
            assert_eq!(output.read(progress.written), frames);
        }
    }
}

#[test]
fn ends_at_a_shorter_one_and_at_a_longer_one() {
    for kind in [Conversation::new(true, false), Conversation::new(false, true)] {
        let case = |sizes: &[usize]| {
            let frames = series(&kind, OWN, sizes);
            check(&frames);
            lengths(&frames)
        };
        assert_eq!(case(&[100, 100, 50, 100, 100]), [250, 200]);
        assert_eq!(case(&[100, 50, 50]), [150, 50]);
        assert_eq!(case(&[50, 100, 100]), [50, 200]);
        assert_eq!(case(&[100, 0, 100]), [100, 0, 100]);
        assert_eq!(case(&[0, 0, 0]), [0, 0, 0]);
    }
}

#[test]
fn ends_at_the_largest_packet_and_at_64_datagrams() {
    for kind in kinds() {
        let size = 1000;
        let frames = series(&kind, OWN, &vec![size; 140]);
        check(&frames);
        let most = if kind.tcp { (65_535 + kind.network() - kind.headers()) / size } else { 64 };
        assert_eq!(lengths(&frames)[0], most * size);
        let frames = series(&kind, OWN, &[1; 200]);
        check(&frames);
        assert_eq!(lengths(&frames).len(), if kind.tcp { 1 } else { 4 });
    }
    // The very largest: 65,535 bytes of IP, and one byte more.
    let kind = Conversation::new(true, false);
    let rest = 65_535 - 40 - 60_000;
    assert_eq!(lengths(&series(&kind, OWN, &[30_000, 30_000, rest])), [65_495]);
    assert_eq!(lengths(&series(&kind, OWN, &[30_000, 30_000, rest + 1])), [60_000, rest + 1]);
}

#[test]
fn flags_of_tcp_stand_alone_or_end_it() {
    for ipv6 in [false, true] {
        let kind = Conversation::new(true, ipv6);
        for flags in 0..=255 {
            for at in 0..4 {
                let mut frames = series(&kind, OWN, &[100; 4]);
                frames[at].own.flags = flags;
                check(&frames);
                for made in &mut frames {
                    made.own.flags = flags;
                }
                check(&frames);
            }
        }
        let with = |flags: [u8; 4]| {
            let mut frames = series(&kind, OWN, &[100; 4]);
            for (made, flags) in frames.iter_mut().zip(flags) {
                made.own.flags |= flags;
            }
            lengths(&frames)
        };
        assert_eq!(with([0, PSH, 0, 0]), [200, 200]);
        assert_eq!(with([0, 0, 0, PSH | FIN]), [400]);
        assert_eq!(with([PSH, 0, 0, 0]), [100, 300]);
        assert_eq!(with([0, CWR, 0, 0]), [100, 100, 200]);
        assert_eq!(with([ECE, ECE, 0, 0]), [200, 200]);
        assert_eq!(with([SYN, 0, RST, URG]), [100, 100, 100, 100]);
    }
}

#[test]
fn every_other_header_has_to_be_the_same() {
    let vary: [fn(&mut Conversation); 13] = [
        |kind| kind.tags = vec![0x81, 0, 0, 6],
        |kind| kind.tags = vec![],
        |kind| kind.options[4] ^= 1,
        |kind| kind.options = vec![],
        |kind| kind.source[3] ^= 1,
        |kind| kind.destination[2] ^= 1,
        |kind| kind.ports[0] ^= 1,
        |kind| kind.ports[1] ^= 256,
        |kind| kind.traffic_class ^= 1,
        |kind| kind.hop_limit -= 1,
        |kind| kind.dont_fragment = false,
        |kind| kind.acknowledgment += 1,
        |kind| kind.window += 1,
    ];
    for ipv6 in [false, true] {
        let kind = Conversation { tags: vec![0x81, 0, 0, 5], ..Conversation::new(true, ipv6) };
        let kind = kind.with_timestamps();
        for (index, vary) in vary.into_iter().enumerate() {
            let mut frames = series(&kind, OWN, &[100; 4]);
            vary(&mut frames[2].kind);
            check(&frames);
            // IPv6 has no such bit.
            if ipv6 && index == 10 {
                continue;
            }
            let input = framed(&frames);
            // Of another flow it lies between, and there is a gap in the sequence.
            assert_eq!(coalesce(&input).len(), 3, "{index}");
        }
        // Bytes that the model has no word for: addresses of Ethernet, the flow label, reserved bits.
        let transport = kind.transport();
        for at in (0..12).chain([15, 18 + 2, 18 + 3, transport + 12, transport + 18]) {
            let mut input = framed(&series(&kind, OWN, &[100; 3]));
            input[1].frame[at] ^= 1;
            let output = coalesce(&input);
            assert_eq!(output, input, "{at}");
        }
    }
}

#[test]
fn identification_counts_up_or_stays_where_nothing_is_fragmented() {
    for dont_fragment in [false, true] {
        let kind = Conversation { dont_fragment, ..Conversation::new(false, false) };
        for ids in [
            [7, 8, 9, 10],
            [7, 7, 7, 7],
            [7, 7, 8, 9],
            [7, 8, 8, 8],
            [7, 8, 7, 8],
            [7, 7, 9, 9],
            [0xffff, 0, 1, 2],
            [7, 9, 11, 13],
            [10, 9, 8, 7],
        ] {
            let mut frames = series(&kind, OWN, &[100; 4]);
            for (made, id) in frames.iter_mut().zip(ids) {
                made.own.id = id;
            }
            check(&frames);
        }
        let fixed = series(&kind, OWN, &[100; 4]).into_iter().map(|mut made| {
            made.own.id = 0;
            made
        });
        let expected: &[usize] = if dont_fragment { &[400] } else { &[100; 4] };
        assert_eq!(lengths(&fixed.collect::<Vec<_>>()), expected);
    }
}

#[test]
fn a_gap_or_a_repetition_ends_it() {
    let kind = Conversation::new(true, true);
    let frames = series(&kind, OWN, &[100; 6]);
    for order in [[0, 1, 3, 4, 5, 2], [0, 0, 1, 1, 2, 3], [5, 4, 3, 2, 1, 0], [1, 2, 0, 3, 4, 5]] {
        check(&order.map(|index: usize| frames[index].clone()));
    }
}

#[test]
fn a_bad_checksum_goes_out_as_it_came() {
    for kind in kinds() {
        for at in 0..4 {
            let mut frames = series(&kind, OWN, &[99; 4]);
            frames[at].sum = Sum::Bad;
            check(&frames);
        }
        // Bad at every byte that is summed, and at every one of IPv4's header.
        let good = framed(&series(&kind, OWN, &[9; 3]));
        for at in kind.network()..good[1].frame.len() {
            if kind.ipv6 && at < kind.network() + 8 {
                continue;
            }
            let mut input = good.clone();
            input[1].frame[at] ^= 0x10;
            assert!(coalesce(&input).contains(&input[1]), "{kind:?} {at}");
        }
    }
}

#[test]
fn believes_a_checksum_that_is_vouched_for_or_to_be_made() {
    for kind in kinds() {
        for sum in [Sum::Vouched, Sum::Partial] {
            for at in 0..4 {
                let mut frames = series(&kind, OWN, &[50; 4]);
                frames[at].sum = sum;
                check(&frames);
                assert_eq!(lengths(&frames), [200]);
            }
        }
        // One that is to be made elsewhere, or was begun wrong, is none.
        let series = series(&kind, OWN, &[50; 3]);
        let good: Vec<Framed> =
            series.iter().map(|made| Made { sum: Sum::Partial, ..made.clone() }.framed()).collect();
        let fields = |start, offset| [0, 0, start, offset];
        let at = if kind.tcp { 16 } else { 6 };
        let mut wrong = good.clone();
        wrong[1].header = header(NEEDS_CSUM, 0, fields(kind.transport() + 2, at - 2));
        assert_eq!(coalesce(&wrong), wrong);
        let mut wrong = good.clone();
        wrong[1].header = header(NEEDS_CSUM, 0, fields(kind.transport(), at + 2));
        assert_eq!(coalesce(&wrong), wrong);
        let mut wrong = good;
        wrong[1].frame[kind.transport() + at] ^= 1;
        assert_eq!(coalesce(&wrong), wrong);
    }
    // Vouched for though it is wrong: that is its word.
    let kind = Conversation::new(true, false);
    let mut input = framed(&series(&kind, OWN, &[50; 2]));
    input[1].header = header(DATA_VALID, 0, [0; 4]);
    *input[1].frame.last_mut().expect("a frame") ^= 1;
    assert_eq!(coalesce(&input).len(), 1);
}

#[test]
fn no_checksum_of_udp_is_left_alone() {
    let kind = Conversation::new(false, false);
    let mut input = framed(&series(&kind, OWN, &[50; 3]));
    for framed in &mut input {
        framed.frame[kind.transport() + 6..][..2].fill(0);
    }
    assert_eq!(coalesce(&input), input);
    for framed in &mut input {
        framed.header = header(DATA_VALID, 0, [0; 4]);
    }
    assert_eq!(coalesce(&input), input);
}

#[test]
fn padding_options_and_super_frames_are_left_alone() {
    let kind = Conversation::new(true, false);
    let made = series(&kind, OWN, &[3; 3]);
    let mut padded = framed(&made);
    padded[1].frame.resize(60, 0);
    assert_eq!(coalesce(&padded), padded);
    // The bit of IPv4 that has no meaning.
    let mut reserved = framed(&made);
    for framed in &mut reserved {
        framed.frame[20] |= 0x80;
        framed.frame[24..26].fill(0);
        let sum = checksum(&[&framed.frame[14..34]]);
        framed.frame[24..26].copy_from_slice(&sum.to_be_bytes());
    }
    assert_eq!(coalesce(&reserved), reserved);
    let ip_options = Conversation { extensions: vec![1; 4], ..kind.clone() };
    check(&series(&ip_options, OWN, &[3; 3]));
    let extensions = vec![6, 0, 1, 4, 0, 0, 0, 0];
    let ipv6 = Conversation { extensions, next_header: 60, ..Conversation::new(true, true) };
    check(&series(&ipv6, OWN, &[3; 3]));
    let mut whole = framed(&made);
    whole[1] = kind.super_frame(made[1].own, &made[1].payload, 2);
    assert_eq!(coalesce(&whole), whole);
}

#[test]
fn a_fragment_may_be_of_any_flow_and_arp_of_none() {
    let kinds = [Conversation::new(true, false), Conversation::new(false, true)];
    let mixed = kinds.each_ref().map(|kind| framed(&series(kind, OWN, &[50; 2])));
    let between = |frame: Vec<u8>| {
        let other = Framed::plain(frame);
        let [a, b] = mixed.clone();
        let input = [&a[..1], &b[..1], &[other], &a[1..], &b[1..]].concat();
        coalesce(&input).len()
    };
    let mut arp = vec![0xff; 60];
    arp[12..14].copy_from_slice(&[8, 6]);
    assert_eq!(between(arp), 3);
    let udp = Conversation { ports: [1, 2], ..Conversation::new(false, false) };
    let packet = udp.packet(OWN, &[1; 50]);
    assert_eq!(between(packet.clone()), 3);
    // Another protocol, a fragment, something that is no packet.
    let with = |at: usize, byte: u8| {
        let mut frame = packet.clone();
        frame[at] = byte;
        frame
    };
    assert_eq!(between(with(23, 1)), 3);
    assert_eq!(between(with(20, 0x20)), 5);
    assert_eq!(between(with(14, 0x35)), 5);
    // Behind nine VLAN tags nobody looks.
    let tagged = |count| Conversation { tags: [0x81, 0, 0, 5].repeat(count), ..udp.clone() };
    assert_eq!(between(tagged(8).packet(OWN, &[1; 50])), 3);
    assert_eq!(between(tagged(9).packet(OWN, &[1; 50])), 5);
    let extensions = vec![17, 0, 0, 1, 0, 0, 0, 1];
    let fragment = Conversation { extensions, next_header: 44, ..Conversation::new(false, true) };
    assert_eq!(between(fragment.packet(OWN, &[1; 50])), 5);
}

#[test]
fn flows_may_be_mixed_in_any_way() {
    let mut noise = Noise::new(5);
    for _ in 0..300 {
        let flows = 1 + noise.below(8);
        let mut queues: Vec<Vec<Made>> = (0..flows)
            .map(|port| {
                let mut kind = Conversation::random(&mut noise);
                kind.ports[0] = short(port);
                let own = Own { id: noise.short(), sequence: noise.word(), flags: ACK };
                let size = 1 + noise.below(300);
                let sizes: Vec<usize> = (0..noise.below(40))
                    .map(|_| if noise.below(6) == 0 { noise.below(size + 2) } else { size })
                    .collect();
                let mut made = series(&kind, own, &sizes);
                for made in &mut made {
                    match noise.below(40) {
                        0 => made.sum = Sum::Bad,
                        1 => made.sum = Sum::Vouched,
                        2 => made.sum = Sum::Partial,
                        3 => made.own.flags = noise.byte(),
                        4 => made.kind.window ^= 1,
                        5 => made.own.id = noise.short(),
                        _ => {}
                    }
                    if noise.below(10) == 0 {
                        made.own.flags |= PSH;
                    }
                }
                made.reverse();
                made
            })
            .collect();
        let mut frames = Vec::new();
        while frames.len() < 250 && queues.iter().any(|queue| !queue.is_empty()) {
            let flow = noise.below(flows);
            for _ in 0..=noise.below(4) {
                frames.extend(queues[flow].pop());
            }
        }
        frames.truncate(250);
        check(&frames);
        // Wherever the output ends, the order of each flow and all bytes stay.
        let input = framed(&frames);
        let room = RX_ROOM + 64 * noise.below(400);
        let parts = coalesce_all(&input, room, 1 + noise.below(30));
        assert_eq!(payloads(&parts, &frames), payloads(&input, &frames));
    }
}

/// The payload of each flow, all in one.
fn payloads(frames: &[Framed], made: &[Made]) -> Vec<Vec<u8>> {
    let mut flows: Vec<(&Made, Vec<u8>)> = Vec::new();
    for made in made {
        if !flows.iter().any(|(flow, _)| flow.same_flow(made)) {
            flows.push((made, Vec::new()));
        }
    }
    for Framed { frame, .. } in frames {
        let found = flows.iter_mut().find(|(flow, _)| {
            let transport = flow.kind.transport();
            let addresses = transport - 2 * flow.kind.source.len() - flow.kind.extensions.len();
            let start = [&flow.kind.source[..], &flow.kind.destination].concat();
            let ports = flow.kind.ports.map(u16::to_be_bytes).concat();
            frame.len() >= transport + 8
                && frame[addresses..].starts_with(&start)
                && frame[transport..transport + 4] == ports
        });
        let (flow, bytes) = found.expect("of some flow");
        bytes.extend(&frame[flow.kind.headers()..]);
    }
    flows.into_iter().map(|(_, bytes)| bytes).collect()
}

#[test]
fn more_flows_than_it_can_know_stay_in_order() {
    let mut frames = Vec::new();
    let flows: Vec<Vec<Made>> = (0..300)
        .map(|port| {
            let kind = Conversation { ports: [port, 9], ..Conversation::new(true, false) };
            series(&kind, OWN, &[40; 5])
        })
        .collect();
    for step in 0..5 {
        frames.extend(flows.iter().map(|flow| flow[step].clone()));
    }
    let input = framed(&frames);
    let output = coalesce_all(&input, 200 * RX_ROOM, 600);
    assert_eq!(payloads(&output, &frames), payloads(&input, &frames));
}

#[test]
fn stops_where_there_is_no_room_and_goes_on_there() {
    let kind = Conversation::new(false, false);
    let frames = framed(&series(&kind, OWN, &[1000; 10]));
    let mut packed = Packed::of(&frames);
    // 42 + 3 * 1000 bytes and their header take 3,072.
    let mut output = Packed::new(3072 + 64, 8);
    let progress = coalesce_burst(packed.frames(), 0, 10, output.frames(), 8);
    assert_eq!(progress, Progress { written: 1, consumed: 3, ..Progress::default() });
    let next = coalesce_burst(packed.frames(), 3, 7, output.frames(), 8);
    assert_eq!(next, progress);
    let none = coalesce_burst(packed.frames(), 0, 10, output.frames(), 0);
    assert_eq!(none, Progress::default());
}

#[test]
fn passes_over_what_was_dropped_and_counts_what_is_bad() {
    let kind = Conversation::new(false, false);
    let frames = framed(&series(&kind, OWN, &[100; 5]));
    let mut packed = Packed::of(&frames);
    packed.words[3] = 0;
    packed.words[6] = 9;
    packed.words[9] = 13;
    let mut output = Packed::new(RX_ROOM, 8);
    let progress = coalesce_burst(packed.frames(), 0, 100, output.frames(), 8);
    assert_eq!(progress, Progress { written: 2, consumed: 5, offset: 0, refused: 2 });
    assert_eq!(output.read(2), [frames[0].clone(), frames[2].clone()]);
}

#[test]
fn survives_any_bytes() {
    let mut noise = Noise::new(6);
    for _ in 0..5_000 {
        let kind = Conversation::random(&mut noise);
        let mut input = framed(&series(&kind, OWN, &[20; 6]));
        for _ in 0..noise.below(4) {
            let framed = &mut input[noise.below(6)];
            let at = noise.below(framed.frame.len().min(100));
            framed.frame[at] = noise.byte();
            if noise.below(3) == 0 {
                let at = noise.below(10);
                framed.header[at] = noise.byte();
            }
            if noise.below(4) == 0 {
                framed.frame.truncate(1 + noise.below(framed.frame.len()));
            }
        }
        let mut packed = Packed::of(&input);
        if noise.below(4) == 0 {
            let word = noise.below(12);
            packed.words[word] = noise.word() >> noise.below(32);
        }
        let mut output = Packed::new(noise.below(1000), noise.below(8));
        let progress = coalesce_burst(packed.frames(), 0, 6, output.frames(), 100);
        output.read(progress.written);
    }
}

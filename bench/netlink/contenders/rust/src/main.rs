//! The contenders in Rust: `link-peers DUMP bindings|packet-route`. Speaks the protocol of ../../../../README.md.

use std::ffi::CStr;
use std::hint::black_box;
use std::io::{stdin, BufRead};
use std::time::Instant;

use netlink_bindings::rt_link::{
    AfSpecAttrs, Ifinfomsg, Ifla6Attrs, IflaAttrs, IterableAfSpecAttrs, IterableLinkinfoAttrs,
    LinkAttrs, LinkinfoAttrs, OpGetlinkDump, PropListLinkAttrs, RtnlLinkStats64,
};
use netlink_bindings::traits::NetlinkRequest;
use netlink_packet_core::Parseable;
use netlink_packet_route::link::{LinkAttribute, LinkMessage};

/// Calls back with the body of each link message; headers are read the same way for both libraries.
fn bodies<'a>(mut dump: &'a [u8], mut each: impl FnMut(&'a [u8])) {
    while dump.len() >= 16 {
        let length = u32::from_ne_bytes(dump[..4].try_into().unwrap()) as usize;
        if u16::from_ne_bytes(dump[4..6].try_into().unwrap()) == 16 {
            each(&dump[16..length]);
        }
        dump = dump.get((length + 3) & !3..).unwrap_or_default();
    }
}

/// What decodeLink() gives, borrowed from the dump.
#[derive(Default)]
struct Link<'a> {
    header: Ifinfomsg,
    name: Option<&'a CStr>,
    queue_discipline: Option<&'a CStr>,
    alias: Option<&'a CStr>,
    alternative_name: Option<&'a CStr>,
    address: Option<&'a [u8]>,
    broadcast: Option<&'a [u8]>,
    permanent_address: Option<&'a [u8]>,
    mtu: Option<u32>,
    min_mtu: Option<u32>,
    max_mtu: Option<u32>,
    lower: Option<u32>,
    master: Option<u32>,
    tx_queue_length: Option<u32>,
    group: Option<u32>,
    promiscuity: Option<u32>,
    all_multicast: Option<u32>,
    tx_queues: Option<u32>,
    rx_queues: Option<u32>,
    carrier_changes: Option<u32>,
    carrier_up: Option<u32>,
    carrier_down: Option<u32>,
    link_netns_id: Option<i32>,
    new_netns_id: Option<i32>,
    new_index: Option<i32>,
    oper_state: Option<u8>,
    link_mode: Option<u8>,
    carrier: Option<u8>,
    kind: Option<&'a CStr>,
    slave_kind: Option<&'a CStr>,
    stats: Option<RtnlLinkStats64>,
    inet_conf: Option<&'a [u8]>,
    inet6_flags: Option<u32>,
    inet6_conf: Option<&'a [u8]>,
    inet6_stats: Option<&'a [u8]>,
    icmp6_stats: Option<&'a [u8]>,
}

impl<'a> Link<'a> {
    fn decode(body: &'a [u8]) -> Self {
        let (header, attributes) = OpGetlinkDump::decode_reply(body);
        let mut link = Link { header, ..Default::default() };
        for attribute in attributes {
            match attribute.expect("well-formed") {
                LinkAttrs::Address(value) => link.address = Some(value),
                LinkAttrs::Broadcast(value) => link.broadcast = Some(value),
                LinkAttrs::PermAddress(value) => link.permanent_address = Some(value),
                LinkAttrs::Ifname(value) => link.name = Some(value),
                LinkAttrs::Qdisc(value) => link.queue_discipline = Some(value),
                LinkAttrs::Ifalias(value) => link.alias = Some(value),
                LinkAttrs::Mtu(value) => link.mtu = Some(value),
                LinkAttrs::MinMtu(value) => link.min_mtu = Some(value),
                LinkAttrs::MaxMtu(value) => link.max_mtu = Some(value),
                LinkAttrs::Link(value) => link.lower = Some(value),
                LinkAttrs::Master(value) => link.master = Some(value),
                LinkAttrs::Txqlen(value) => link.tx_queue_length = Some(value),
                LinkAttrs::Group(value) => link.group = Some(value),
                LinkAttrs::Promiscuity(value) => link.promiscuity = Some(value),
                LinkAttrs::Allmulti(value) => link.all_multicast = Some(value),
                LinkAttrs::NumTxQueues(value) => link.tx_queues = Some(value),
                LinkAttrs::NumRxQueues(value) => link.rx_queues = Some(value),
                LinkAttrs::CarrierChanges(value) => link.carrier_changes = Some(value),
                LinkAttrs::CarrierUpCount(value) => link.carrier_up = Some(value),
                LinkAttrs::CarrierDownCount(value) => link.carrier_down = Some(value),
                LinkAttrs::LinkNetnsid(value) => link.link_netns_id = Some(value),
                LinkAttrs::NewNetnsid(value) => link.new_netns_id = Some(value),
                LinkAttrs::NewIfindex(value) => link.new_index = Some(value),
                LinkAttrs::Operstate(value) => link.oper_state = Some(value),
                LinkAttrs::Linkmode(value) => link.link_mode = Some(value),
                LinkAttrs::Carrier(value) => link.carrier = Some(value),
                LinkAttrs::Stats64(value) => link.stats = Some(value),
                LinkAttrs::Linkinfo(nest) => link.info(nest),
                LinkAttrs::AfSpec(nest) => link.af_spec(nest),
                LinkAttrs::PropList(nest) => {
                    for name in nest {
                        let PropListLinkAttrs::AltIfname(name) = name.expect("well-formed");
                        link.alternative_name = Some(name);
                    }
                }
                _ => {}
            }
        }
        link
    }

    fn info(&mut self, nest: IterableLinkinfoAttrs<'a>) {
        for attribute in nest {
            match attribute.expect("well-formed") {
                LinkinfoAttrs::Kind(value) => self.kind = Some(value),
                LinkinfoAttrs::SlaveKind(value) => self.slave_kind = Some(value),
                _ => {}
            }
        }
    }

    fn af_spec(&mut self, nest: IterableAfSpecAttrs<'a>) {
        for family in nest {
            match family.expect("well-formed") {
                AfSpecAttrs::Inet(attributes) => {
                    for attribute in attributes {
                        let IflaAttrs::Conf(value) = attribute.expect("well-formed");
                        self.inet_conf = Some(value);
                    }
                }
                AfSpecAttrs::Inet6(attributes) => {
                    for attribute in attributes {
                        match attribute.expect("well-formed") {
                            Ifla6Attrs::Flags(value) => self.inet6_flags = Some(value),
                            Ifla6Attrs::Conf(value) => self.inet6_conf = Some(value),
                            Ifla6Attrs::Stats(value) => self.inet6_stats = Some(value),
                            Ifla6Attrs::Icmp6stats(value) => self.icmp6_stats = Some(value),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn facts(&self) -> Facts {
        Facts {
            index: self.header.ifi_index as u64,
            mtu: self.mtu.unwrap_or(0).into(),
            name: self.name.map_or(String::new(), |name| name.to_string_lossy().into_owned()),
            received: self.stats.as_ref().map_or(0, |stats| stats.rx_bytes),
        }
    }
}

fn packet_route_facts(message: &LinkMessage) -> Facts {
    let mut facts = Facts { index: message.header.index.into(), ..Default::default() };
    for attribute in &message.attributes {
        match attribute {
            LinkAttribute::Mtu(mtu) => facts.mtu = (*mtu).into(),
            LinkAttribute::IfName(name) => facts.name.clone_from(name),
            LinkAttribute::Stats64(stats) => facts.received = stats.rx_bytes,
            _ => {}
        }
    }
    facts
}

#[derive(Default)]
struct Facts {
    index: u64,
    mtu: u64,
    name: String,
    received: u64,
}

/// Prints the digest, then times what it is asked to time. `pass` leaves all its results in `kept`.
fn compete<T>(dump: &'static [u8], pass: fn(&'static [u8], &mut Vec<T>), facts: fn(&T) -> Facts) {
    let mut kept = Vec::new();
    pass(dump, &mut kept);
    let (mut indexes, mut mtus, mut received, mut hash) = (0, 0, 0, 2_166_136_261_u32);
    for one in kept.iter().map(facts) {
        indexes += one.index;
        mtus += one.mtu;
        received += one.received;
        for byte in one.name.bytes().chain([0]) {
            hash = (hash ^ u32::from(byte)).wrapping_mul(16_777_619);
        }
    }
    println!("{} {indexes} {mtus} {hash:08x} {received}", kept.len());

    for line in stdin().lock().lines() {
        let line = line.expect("input");
        let (samples, passes) = line.split_once(' ').expect("two numbers");
        let (samples, passes): (u32, u32) = (samples.parse().unwrap(), passes.parse().unwrap());
        let times: Vec<String> = (0..samples)
            .map(|_| {
                let start = Instant::now();
                for _ in 0..passes {
                    pass(black_box(dump), &mut kept);
                    black_box(&kept);
                }
                start.elapsed().as_nanos().to_string()
            })
            .collect();
        println!("{}", times.join(" "));
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, file, mode] = &arguments[..] else {
        panic!("usage: link-peers DUMP bindings|packet-route");
    };
    let dump: &'static [u8] = std::fs::read(file).expect("the dump").leak();
    match mode.as_str() {
        "bindings" => compete(
            dump,
            |dump, kept: &mut Vec<Link>| {
                kept.clear();
                bodies(dump, |body| kept.push(Link::decode(body)));
            },
            Link::facts,
        ),
        "packet-route" => compete(
            dump,
            |dump, kept: &mut Vec<LinkMessage>| {
                kept.clear();
                bodies(dump, |body| kept.push(LinkMessage::parse(body).expect("well-formed")));
            },
            packet_route_facts,
        ),
        other => panic!("no mode {other}"),
    }
}

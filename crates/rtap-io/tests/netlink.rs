//! Netlink and ICMP sockets against the kernel.

mod common;

use std::os::fd::{AsFd, AsRawFd};

use common::{in_namespace, ip};
use rtap_io::icmp::{Family, IcmpSocket, Peer};
use rtap_io::netlink_socket::{BpfInstruction, NetlinkOption, NetlinkSocket, Received};

// linux/rtnetlink.h and linux/netlink.h
const RTM_NEWLINK: u16 = 16;
const RTM_GETLINK: u16 = 18;
const NLMSG_DONE: u16 = 3;
const RTNLGRP_LINK: u32 = 1;
const RTNLGRP_NSID: u32 = 28;
const RTNLGRP_NEXTHOP: u32 = 32;
const RTNLGRP_BRVLAN: u32 = 33;

/// A dump request for all links: header and an empty ifinfomsg.
fn dump() -> Vec<u8> {
    let mut bytes = vec![0; 32];
    bytes[..4].copy_from_slice(&32_u32.to_ne_bytes());
    bytes[4..6].copy_from_slice(&RTM_GETLINK.to_ne_bytes());
    bytes[6..8].copy_from_slice(&0x301_u16.to_ne_bytes()); // NLM_F_REQUEST | NLM_F_DUMP
    bytes[8..12].copy_from_slice(&7_u32.to_ne_bytes());
    bytes
}

fn kind(bytes: &[u8]) -> u16 {
    u16::from_ne_bytes([bytes[4], bytes[5]])
}

fn wait(fd: &impl AsFd) {
    let mut poll = libc::pollfd { fd: fd.as_fd().as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: `poll` is one pollfd, alive during the call.
    assert_eq!(unsafe { libc::poll(&raw mut poll, 1, 5000) }, 1, "nothing came");
}

#[test]
fn asks_and_is_answered() {
    in_namespace(|_| {
        let socket = NetlinkSocket::open(&[], None).expect("a socket");
        assert_ne!(socket.port_id(), 0);
        assert_eq!(socket.receive_owned(), Ok(None));
        assert_eq!(socket.set_option(NetlinkOption::ExtendedAck, true), Ok(true));
        assert_eq!(socket.set_option(NetlinkOption::StrictCheck, true), Ok(true));
        socket.send(&dump()).expect("a request");
        let (bytes, about) = socket.receive_owned().expect("received").expect("an answer");
        assert_eq!(kind(&bytes), RTM_NEWLINK);
        let length = bytes.len();
        assert_eq!(about, Received { length, ..Received::default() });
        let (bytes, _) = socket.receive_owned().expect("received").expect("the end");
        assert_eq!(kind(&bytes), NLMSG_DONE);
        assert_eq!(socket.receive_owned(), Ok(None));
    });
}

#[test]
fn hears_the_groups_it_joined() {
    in_namespace(|_| {
        let groups = [RTNLGRP_LINK, RTNLGRP_NSID, RTNLGRP_NEXTHOP, RTNLGRP_BRVLAN];
        let socket = NetlinkSocket::open(&groups, Some(100_000)).expect("a socket");
        assert_eq!(socket.set_receive_buffer(300_000), Ok(600_000));
        ip("link add dev pair0 type veth peer name pair1");
        wait(&socket);
        let mut buffer = vec![0; 8192];
        let about = socket.receive(&mut buffer).expect("received").expect("an event");
        assert_eq!((kind(&buffer), about.groups, about.port_id), (RTM_NEWLINK, 1, 0));
        assert!(!about.truncated);
        let about = socket.receive(&mut buffer[..20]).expect("received").expect("another");
        assert_eq!((about.length, about.truncated), (20, true));
        while socket.receive(&mut buffer).expect("received").is_some() {}
        socket.leave_group(RTNLGRP_LINK).expect("left");
        ip("link set dev pair0 up");
        assert_eq!(socket.receive(&mut buffer), Ok(None));
        let error = socket.join_group(100_000).expect_err("there is no such group");
        assert_eq!(error.code(), "EINVAL");
    });
}

#[test]
fn tells_of_an_overrun() {
    in_namespace(|_| {
        let socket = NetlinkSocket::open(&[RTNLGRP_LINK], Some(1)).expect("a socket");
        for _ in 0..20 {
            ip("link set dev lo up");
            ip("link set dev lo down");
        }
        let mut buffer = vec![0; 8192];
        let error = loop {
            match socket.receive(&mut buffer) {
                Ok(Some(_)) => {}
                Ok(None) => panic!("no overrun"),
                Err(error) => break error,
            }
        };
        assert_eq!((error.code(), error.syscall()), ("ENOBUFS", "recvmsg"));
    });
}

#[test]
fn answers_again_after_an_overrun() {
    in_namespace(|_| {
        let socket = NetlinkSocket::open(&[RTNLGRP_LINK], Some(1)).expect("a socket");
        for _ in 0..20 {
            ip("link set dev lo up");
            ip("link set dev lo down");
        }
        let error = socket.receive_owned().expect_err("an overrun");
        assert_eq!((error.code(), error.syscall()), ("ENOBUFS", "recvmsg"));
        // What was queued is gone: the kernel would drop every answer until then.
        assert_eq!(socket.receive_owned(), Ok(None));
        socket.send(&dump()).expect("a request");
        let (bytes, about) = socket.receive_owned().expect("received").expect("an answer");
        assert_eq!((kind(&bytes), about.groups, bytes[8]), (RTM_NEWLINK, 0, 7));
    });
}

#[test]
fn judges_datagrams_by_a_filter() {
    in_namespace(|_| {
        let socket = NetlinkSocket::open(&[RTNLGRP_LINK], None).expect("a socket");
        let drop_all = BpfInstruction { code: 6, jump_true: 0, jump_false: 0, operand: 0 };
        socket.attach_filter(&[drop_all]).expect("a filter");
        ip("link set dev lo up");
        let mut buffer = vec![0; 8192];
        assert_eq!(socket.receive(&mut buffer), Ok(None));
        socket.attach_filter(&[]).expect("no filter");
        socket.attach_filter(&[]).expect("none to take away is fine");
        ip("link set dev lo down");
        assert!(socket.receive(&mut buffer).expect("received").is_some());
        let many = vec![drop_all; 70_000];
        assert_eq!(socket.attach_filter(&many).map_err(|error| error.code()), Err("EINVAL"));
    });
}

#[test]
fn pings_the_loopback() {
    in_namespace(|namespace| {
        ip("link set dev lo up");
        // Type, code, checksum (the kernel's task for ICMPv6), identifier, sequence number.
        let cases = [
            (Family::V4, "127.0.0.1", [8, 0, 0xf7, 0xfd, 0, 1, 0, 1], 20),
            (Family::V6, "::1", [128, 0, 0, 0, 0, 1, 0, 1], 0),
        ];
        for (family, address, echo, header) in cases {
            let socket = IcmpSocket::open(namespace, family).expect("a socket");
            let mut buffer = [0; 128];
            assert_eq!(socket.receive(&mut buffer), Ok(None));
            let peer = Peer::parse(address).expect("an address");
            socket.send(&echo, peer).expect("sent");
            let reply = if family == Family::V4 { 0 } else { 129 };
            loop {
                wait(&socket);
                let (length, from) = socket.receive(&mut buffer).expect("received").expect("one");
                assert_eq!((length, from), (header + 8, peer));
                // The request comes by here, too.
                if buffer[header] == reply {
                    break;
                }
            }
        }
    });
}

#[test]
fn an_icmp_socket_takes_addresses_of_its_family() {
    in_namespace(|namespace| {
        let socket = IcmpSocket::open(namespace, Family::V4).expect("a socket");
        let peer = Peer::parse("::1").expect("an address");
        let error = socket.send(&[8, 0, 0, 0], peer).expect_err("the other family");
        assert_eq!(error.code(), "EAFNOSUPPORT");
    });
}

//! The queueing discipline of a device with one queue pair.
//!
//! Set up, an interface that may have 256 queues gets a discipline for each, whether there is such a queue or not: 6 MB of
//! the kernel's memory and more than a millisecond. With one queue pair it needs no more than an interface of one queue
//! gets: one discipline of the system's default kind. Where that can't be had the kernel does as it does by itself.

use std::fs;

use crate::error::SystemError;
use crate::namespace::Namespace;
use crate::netlink_socket::NetlinkSocket;
use crate::rtnetlink;

// linux/netlink.h, linux/rtnetlink.h, linux/pkt_sched.h
const NLM_F_EXCL: u16 = 0x200;
const NLM_F_CREATE: u16 = 0x400;
const RTM_NEWQDISC: u16 = 36;
const RTM_DELQDISC: u16 = 37;
const TC_H_ROOT: u32 = 0xffff_ffff;
const TCA_KIND: u16 = 1;
/// By which the discipline is known as rtap's: whoever has put another one there keeps it.
const HANDLE: u32 = 0x7274_0000;

/// The kind that interfaces of one queue get.
fn default_kind() -> String {
    // Only the first network namespace has the setting: in a container nobody tells.
    let told = fs::read_to_string("/proc/sys/net/core/default_qdisc").unwrap_or_default();
    let kind = told.trim();
    String::from(if kind.is_empty() { "pfifo_fast" } else { kind })
}

/// One discipline for all, unless somebody has put another one there. Nobody may wait for answers on the socket.
pub(super) fn use_one(requests: &NetlinkSocket, ifindex: u32) {
    let flags = NLM_F_CREATE | NLM_F_EXCL;
    ask(requests, RTM_NEWQDISC, flags, &body(ifindex, Some(&default_kind())));
}

/// As many again as the kernel wants, when it is rtap's that is there.
pub(super) fn use_many(requests: &NetlinkSocket, ifindex: u32) {
    ask(requests, RTM_DELQDISC, 0, &body(ifindex, None));
}

/// [`use_one`] or [`use_many`], for so many queue pairs.
pub(super) fn suit(namespace: &Namespace, ifindex: u32, queues: usize) -> Result<(), SystemError> {
    let requests = NetlinkSocket::open_in(namespace, &[], None)?;
    if queues == 1 {
        use_one(&requests, ifindex);
    } else {
        use_many(&requests, ifindex);
    }
    Ok(())
}

/// The kernel has worked it off when sending returns; what it says to it is no matter.
fn ask(requests: &NetlinkSocket, kind: u16, flags: u16, body: &[u8]) {
    let request = rtnetlink::request(kind, flags, body);
    let _ = requests.send(&request).and_then(|()| requests.discard());
}

/// `struct tcmsg` of the root, and `TCA_KIND`.
fn body(ifindex: u32, kind: Option<&str>) -> Vec<u8> {
    // Family and padding; then the index, the handle, the parent, and a word of no use here.
    let mut body = vec![0; 4];
    body.extend(ifindex.to_ne_bytes());
    body.extend(HANDLE.to_ne_bytes());
    body.extend(TC_H_ROOT.to_ne_bytes());
    body.extend([0; 4]);
    if let Some(kind) = kind {
        let length = u16::try_from(4 + kind.len() + 1).unwrap_or(u16::MAX);
        body.extend(length.to_ne_bytes());
        body.extend(TCA_KIND.to_ne_bytes());
        body.extend(kind.bytes());
        body.push(0);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    body
}

//! The queueing discipline of a device with one queue pair.
//!
//! Set up, an interface that may have 256 queues gets a discipline for each, whether there is such a queue or not: 6 MB of
//! the kernel's memory and more than a millisecond. With one queue pair it needs no more than an interface of one queue
//! gets: one discipline of the system's default kind. Where that can't be had the kernel does as it does by itself.

use std::fs;

use crate::error::SystemError;
use crate::namespace::Namespace;
use crate::netlink_socket::NetlinkSocket;

const RTM_NEWQDISC: u16 = 36;
const RTM_DELQDISC: u16 = 37;
const TC_H_ROOT: u32 = 0xffff_ffff;
const TCA_KIND: u16 = 1;
/// By which the discipline is known as rtap's: whoever has put another one there keeps it.
const HANDLE: u32 = 0x7274_0000;

/// The kind that interfaces of one queue get.
fn default_kind() -> String {
    // Only the first network namespace has the setting.
    let told = fs::read_to_string("/proc/sys/net/core/default_qdisc").unwrap_or_default();
    let kind = told.trim();
    String::from(if kind.is_empty() { "pfifo_fast" } else { kind })
}

/// One discipline for all, unless somebody has put another one there. Nobody may wait for answers on the socket.
pub(super) fn use_one(requests: &NetlinkSocket, ifindex: u32) {
    let flags = libc::NLM_F_CREATE | libc::NLM_F_EXCL;
    ask(requests, RTM_NEWQDISC, flags, ifindex, &default_kind());
}

/// As many again as the kernel wants, when it is rtap's that is there.
pub(super) fn use_many(requests: &NetlinkSocket, ifindex: u32) {
    ask(requests, RTM_DELQDISC, 0, ifindex, "");
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
fn ask(requests: &NetlinkSocket, kind: u16, flags: i32, ifindex: u32, discipline: &str) {
    let message = message(kind, flags, ifindex, discipline);
    let _ = requests.send(&message).and_then(|()| requests.discard());
}

/// `struct nlmsghdr`, `struct tcmsg`, and `TCA_KIND` unless the discipline has no name.
fn message(kind: u16, flags: i32, ifindex: u32, discipline: &str) -> Vec<u8> {
    let flags = u16::try_from(libc::NLM_F_REQUEST | flags).unwrap_or_default();
    let mut message = vec![0; 4];
    message.extend(kind.to_ne_bytes());
    message.extend(flags.to_ne_bytes());
    message.extend([0; 8]);
    message.extend([0; 4]);
    message.extend(ifindex.to_ne_bytes());
    message.extend(HANDLE.to_ne_bytes());
    message.extend(TC_H_ROOT.to_ne_bytes());
    message.extend([0; 4]);
    if !discipline.is_empty() {
        let length = u16::try_from(4 + discipline.len() + 1).unwrap_or_default();
        message.extend(length.to_ne_bytes());
        message.extend(TCA_KIND.to_ne_bytes());
        message.extend(discipline.bytes());
        message.push(0);
        message.resize(message.len().next_multiple_of(4), 0);
    }
    let length = u32::try_from(message.len()).unwrap_or_default();
    message[..4].copy_from_slice(&length.to_ne_bytes());
    message
}

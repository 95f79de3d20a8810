//! Whether the kernel puts four bytes of its own before each frame of a device.
//!
//! TUNGETIFF has no word for it: the bit of `IFF_NO_PI` is that of `IFF_NOFILTER` there, which is set when
//! there is no filter. So rtnetlink is asked (`IFLA_TUN_PI`, Linux 4.17).

use crate::error::SystemError;
use crate::netlink_socket::NetlinkSocket;
use crate::rtnetlink;

// linux/netlink.h, linux/rtnetlink.h, linux/if_link.h
const RTM_NEWLINK: u16 = 16;
const RTM_GETLINK: u16 = 18;
const IFLA_LINKINFO: u16 = 18;
const IFLA_INFO_DATA: u16 = 2;
const IFLA_TUN_PI: u16 = 4;
/// The bits above are flags (`NLA_F_NESTED`).
const TYPE_MASK: u16 = 0x3fff;

/// `struct nlmsghdr` and `struct ifinfomsg`.
const MESSAGE_HEADER: usize = 16;
const LINK_HEADER: usize = 16;
const ATTRIBUTE_HEADER: usize = 4;

/// Asks whether it does; false where the kernel is too old to tell.
pub(super) fn is_there(socket: &NetlinkSocket, ifindex: u32) -> Result<bool, SystemError> {
    // Family, padding, type; then the index, flags, and a mask of them.
    let mut link = vec![0; 4];
    link.extend(ifindex.to_ne_bytes());
    link.extend([0; 8]);
    socket.send(&rtnetlink::request(RTM_GETLINK, 0, &link))?;
    // The kernel has answered by now.
    while let Some((bytes, about)) = socket.receive_owned()? {
        if about.port_id == 0
            && let Some(told) = told(&bytes, ifindex)
        {
            return Ok(told);
        }
    }
    Ok(false)
}

/// What an answer about this interface tells, if it is one and tells it.
fn told(message: &[u8], ifindex: u32) -> Option<bool> {
    let word = |at: usize| Some(u32::from_ne_bytes(message.get(at..at + 4)?.try_into().ok()?));
    if half(message, 4)? != RTM_NEWLINK || word(MESSAGE_HEADER + 4)? != ifindex {
        return None;
    }
    let attributes = message.get(MESSAGE_HEADER + LINK_HEADER..)?;
    let data = find(find(attributes, IFLA_LINKINFO)?, IFLA_INFO_DATA)?;
    Some(*find(data, IFLA_TUN_PI)?.first()? != 0)
}

/// The payload of the first attribute of a type.
fn find(mut attributes: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let length = usize::from(half(attributes, 0)?);
        let payload = attributes.get(ATTRIBUTE_HEADER..length)?;
        if half(attributes, 2)? & TYPE_MASK == wanted {
            return Some(payload);
        }
        attributes = attributes.get(length.next_multiple_of(4)..)?;
    }
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(kind: u16, payload: &[u8]) -> Vec<u8> {
        let length = u16::try_from(ATTRIBUTE_HEADER + payload.len()).expect("short");
        let mut bytes = [length.to_ne_bytes(), kind.to_ne_bytes()].concat();
        bytes.extend(payload);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    fn answer(kind: u16, attributes: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; MESSAGE_HEADER + LINK_HEADER];
        bytes[4..6].copy_from_slice(&kind.to_ne_bytes());
        bytes[20..24].copy_from_slice(&7_u32.to_ne_bytes());
        bytes.extend(attributes);
        bytes
    }

    #[test]
    fn reads_what_is_there_and_nothing_beyond() {
        let pi = attribute(IFLA_TUN_PI, &[1]);
        let data = [attribute(3, &[2]), pi].concat();
        let info = [attribute(1, b"tun\0"), attribute(IFLA_INFO_DATA, &data)].concat();
        let good = answer(RTM_NEWLINK, &attribute(IFLA_LINKINFO | 0x8000, &info));
        assert_eq!(told(&good, 7), Some(true));
        assert_eq!(told(&good, 8), None, "of another interface");
        assert_eq!(told(&answer(2, &[]), 7), None, "an error");
        for length in 0..good.len() - 3 {
            assert_eq!(told(&good[..length], 7), None);
        }
        // An attribute of no length ends it.
        assert_eq!(told(&answer(RTM_NEWLINK, &[0; 8]), 7), None);
    }
}

//! Raw ICMP sockets, for a pinger that needs no other program.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use crate::error::SystemError;
use crate::file_request::FileRequest;
use crate::namespace::Namespace;
use crate::socket::{self, empty_address, length_of};
use crate::syscall::{raw, retry};

/// The address family of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// ICMP over IPv4; received datagrams begin with the IP header.
    V4,
    /// `ICMPv6`; the kernel computes and checks the checksum.
    V6,
}

/// An address with the interface it is on, which link-local ones need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The IP address.
    pub address: IpAddr,
    /// The ifindex, 0 where it does not matter.
    pub scope: u32,
}

impl Peer {
    /// Reads `10.0.0.1`, `fe80::1` or `fe80::1%3` (an ifindex); nothing when it is none of them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, scope) = match text.split_once('%') {
            Some((address, scope)) => (address, scope.parse().ok()?),
            None => (text, 0),
        };
        Some(Self { address: address.parse().ok()?, scope })
    }
}

impl std::fmt::Display for Peer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.address)?;
        if self.scope == 0 { Ok(()) } else { write!(formatter, "%{}", self.scope) }
    }
}

/// A raw, non-blocking ICMP socket.
#[derive(Debug)]
pub struct IcmpSocket {
    fd: OwnedFd,
    family: Family,
}

impl IcmpSocket {
    /// A socket in `namespace`. For threads that may wait.
    pub fn open(namespace: &Namespace, family: Family) -> Result<Self, SystemError> {
        let (domain, protocol) = match family {
            Family::V4 => (libc::AF_INET, libc::IPPROTO_ICMP),
            Family::V6 => (libc::AF_INET6, libc::IPPROTO_ICMPV6),
        };
        let file = FileRequest::Socket { family: domain, kind: libc::SOCK_RAW, protocol };
        let fd = namespace.open_file(file).map_err(|error| {
            if error.errno() == libc::EPERM {
                return error.with_hint("raw sockets need CAP_NET_RAW: run as root");
            }
            error
        })?;
        Ok(Self { fd, family })
    }

    /// Sends one ICMP message.
    pub fn send(&self, message: &[u8], to: Peer) -> Result<(), SystemError> {
        match (self.family, to.address) {
            (Family::V4, IpAddr::V4(address)) => {
                let mut peer: libc::sockaddr_in = empty_address();
                peer.sin_family = family_field(libc::AF_INET);
                peer.sin_addr.s_addr = u32::from_ne_bytes(address.octets());
                self.send_to(message, &peer)
            }
            (Family::V6, IpAddr::V6(address)) => {
                let mut peer: libc::sockaddr_in6 = empty_address();
                peer.sin6_family = family_field(libc::AF_INET6);
                peer.sin6_addr.s6_addr = address.octets();
                peer.sin6_scope_id = to.scope;
                self.send_to(message, &peer)
            }
            _ => Err(SystemError::new("sendto", libc::EAFNOSUPPORT)),
        }
    }

    fn send_to<T: socket::Address>(&self, message: &[u8], peer: &T) -> Result<(), SystemError> {
        // SAFETY: pointers and lengths are those of `message` and `peer`, alive during the call.
        retry("sendto", || unsafe {
            libc::sendto(
                self.fd.as_raw_fd(),
                message.as_ptr().cast(),
                message.len(),
                0,
                (&raw const *peer).cast(),
                length_of::<T>(),
            )
        })?;
        Ok(())
    }

    /// Receives one message into `buffer`: its length and sender, or nothing when none is there.
    pub fn receive(&self, buffer: &mut [u8]) -> Result<Option<(usize, Peer)>, SystemError> {
        let mut sender: libc::sockaddr_in6 = empty_address();
        let mut length = 0;
        let result = raw(|| {
            length = length_of::<libc::sockaddr_in6>();
            // SAFETY: `buffer`, `sender` and `length` are writable, alive and as long as said; a
            // sockaddr_in6 is larger than the sockaddr_in that an IPv4 socket gives.
            unsafe {
                libc::recvfrom(
                    self.fd.as_raw_fd(),
                    buffer.as_mut_ptr().cast(),
                    buffer.len(),
                    libc::MSG_DONTWAIT,
                    (&raw mut sender).cast(),
                    &raw mut length,
                )
            }
        });
        let received = match result {
            Ok(received) => received.cast_unsigned(),
            Err(libc::EAGAIN) => return Ok(None),
            Err(errno) => return Err(SystemError::new("recvfrom", errno)),
        };
        let peer = match self.family {
            // In a sockaddr_in the address stands where a sockaddr_in6 has its flow information.
            Family::V4 => Peer {
                address: Ipv4Addr::from(sender.sin6_flowinfo.to_ne_bytes()).into(),
                scope: 0,
            },
            Family::V6 => Peer {
                address: Ipv6Addr::from(sender.sin6_addr.s6_addr).into(),
                scope: sender.sin6_scope_id,
            },
        };
        Ok(Some((received, peer)))
    }
}

impl AsFd for IcmpSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

fn family_field(family: libc::c_int) -> libc::sa_family_t {
    libc::sa_family_t::try_from(family).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::mem::offset_of;

    use super::*;

    #[test]
    fn reads_and_writes_peers() {
        for text in ["10.0.0.1", "fe80::1", "fe80::1%3"] {
            assert_eq!(Peer::parse(text).map(|peer| peer.to_string()).as_deref(), Some(text));
        }
        for text in ["", "10.0.0", "fe80::1%eth0", "10.0.0.1 "] {
            assert_eq!(Peer::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_ipv4_sender_fits_where_it_is_read() {
        assert_eq!(size_of::<libc::sockaddr_in>(), 16);
        assert_eq!(size_of::<libc::sockaddr_in6>(), 28);
        assert_eq!(
            offset_of!(libc::sockaddr_in, sin_addr),
            offset_of!(libc::sockaddr_in6, sin6_flowinfo)
        );
    }
}

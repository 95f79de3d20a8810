//! Netlink sockets: datagrams with their sender, options, groups, filters.

use std::cell::RefCell;
use std::mem;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use libc::c_int;

use crate::error::SystemError;
use crate::file_request::FileRequest;
use crate::namespace::Namespace;
use crate::socket::{self, empty_address, length_of};
use crate::syscall::{raw, retry};

/// The receive buffer that a request's answer is read into at least. The kernel makes the messages of
/// a dump as large as the largest buffer it has seen, 32 KiB at most.
const RECEIVE_BUFFER: usize = 32 * 1024;

/// Options of a netlink socket, by their names in `linux/netlink.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetlinkOption {
    /// `NETLINK_EXT_ACK`: errors carry a message, an offset and an attribute.
    ExtendedAck,
    /// `NETLINK_CAP_ACK`: errors do not repeat the request.
    CapAck,
    /// `NETLINK_GET_STRICT_CHK`: dump requests are checked, and filtered by the kernel.
    StrictCheck,
    /// `NETLINK_LISTEN_ALL_NSID`: messages of all namespaces that have an id in this one.
    ListenAllNsid,
    /// `NETLINK_NO_ENOBUFS`: an overrun is not reported.
    NoEnobufs,
    /// `NETLINK_BROADCAST_ERROR`: an overrun of this socket is reported to the sender, too.
    BroadcastError,
}

impl NetlinkOption {
    /// The option of a name in `JavaScript`'s spelling ("extAck"), or nothing.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "extAck" => Self::ExtendedAck,
            "capAck" => Self::CapAck,
            "strictCheck" => Self::StrictCheck,
            "listenAllNsid" => Self::ListenAllNsid,
            "noEnobufs" => Self::NoEnobufs,
            "broadcastError" => Self::BroadcastError,
            _ => return None,
        })
    }

    fn number(self) -> c_int {
        match self {
            Self::ExtendedAck => libc::NETLINK_EXT_ACK,
            Self::CapAck => libc::NETLINK_CAP_ACK,
            Self::StrictCheck => 12, // NETLINK_GET_STRICT_CHK, which libc lacks for musl
            Self::ListenAllNsid => libc::NETLINK_LISTEN_ALL_NSID,
            Self::NoEnobufs => libc::NETLINK_NO_ENOBUFS,
            Self::BroadcastError => libc::NETLINK_BROADCAST_ERROR,
        }
    }
}

/// One instruction of a classic BPF program, as `struct sock_filter` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BpfInstruction {
    /// Opcode.
    pub code: u16,
    /// How many instructions to skip when a jump's test holds.
    pub jump_true: u8,
    /// How many to skip when it does not.
    pub jump_false: u8,
    /// Operand.
    pub operand: u32,
}

/// What is known of a received datagram besides its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Bytes that were written to the buffer.
    pub length: usize,
    /// The sender's port (`nl_pid`): 0 is the kernel.
    pub port_id: u32,
    /// The group it was sent to, as a mask; 0 for an answer and for groups above 32.
    pub groups: u32,
    /// Whether the buffer was too small and the rest is lost.
    pub truncated: bool,
    /// The namespace it comes from, where that is told and not this socket's.
    pub nsid: Option<i32>,
}

/// A raw `NETLINK_ROUTE` socket, non-blocking and bound to a port of its own.
#[derive(Debug)]
pub struct NetlinkSocket {
    fd: OwnedFd,
    port_id: u32,
}

thread_local! {
    /// Where a control thread reads a datagram before it knows who gets it.
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl NetlinkSocket {
    /// What is opened in the namespace that a socket is to be of.
    pub(crate) const FILE: FileRequest = FileRequest::Socket {
        family: libc::AF_NETLINK,
        kind: libc::SOCK_RAW,
        protocol: libc::NETLINK_ROUTE,
    };

    /// A socket in the calling thread's namespace, a member of `groups` before anything is received.
    pub fn open(groups: &[u32], receive_buffer: Option<u32>) -> Result<Self, SystemError> {
        Self::bound(Self::FILE.open()?, groups, receive_buffer)
    }

    /// The same in `namespace`. For threads that may wait.
    pub fn open_in(
        namespace: &Namespace,
        groups: &[u32],
        receive_buffer: Option<u32>,
    ) -> Result<Self, SystemError> {
        Self::bound(namespace.open_file(Self::FILE)?, groups, receive_buffer)
    }

    /// Makes a socket of [`NetlinkSocket::FILE`].
    pub(crate) fn bound(
        fd: OwnedFd,
        groups: &[u32],
        receive_buffer: Option<u32>,
    ) -> Result<Self, SystemError> {
        let mut address: libc::sockaddr_nl = empty_address();
        address.nl_family = family();
        // SAFETY: `address` is a sockaddr_nl of the length given, alive during the call.
        retry("bind", || unsafe {
            libc::bind(
                fd.as_raw_fd(),
                (&raw const address).cast(),
                length_of::<libc::sockaddr_nl>(),
            )
        })?;
        let socket = Self { port_id: port_of(fd.as_fd())?, fd };
        if let Some(bytes) = receive_buffer {
            socket.set_receive_buffer(bytes)?;
        }
        for group in groups {
            socket.join_group(*group)?;
        }
        Ok(socket)
    }

    /// One that another process has opened, in whatever namespace, and handed over; EPROTOTYPE when it
    /// is another socket, ENOTSOCK when it is none. It is to be close-on-exec already.
    pub fn received(fd: OwnedFd) -> Result<Self, SystemError> {
        for (option, name, wanted) in [
            (libc::SO_DOMAIN, "getsockopt SO_DOMAIN", libc::AF_NETLINK),
            (libc::SO_PROTOCOL, "getsockopt SO_PROTOCOL", libc::NETLINK_ROUTE),
        ] {
            if socket::int_option(fd.as_fd(), libc::SOL_SOCKET, option, name)? != wanted {
                return Err(SystemError::new(name, libc::EPROTOTYPE)
                    .with_hint("the file that was handed over is no socket of NETLINK_ROUTE"));
            }
        }
        // Each receive of ours says that it doesn't wait, so the file need not.
        Ok(Self { port_id: port_of(fd.as_fd())?, fd })
    }

    /// The same socket by another file descriptor, with nothing in it.
    pub fn again(&self) -> Result<Self, SystemError> {
        let copy = self.fd.try_clone();
        let fd = copy.map_err(|error| SystemError::from_io("fcntl F_DUPFD_CLOEXEC", &error))?;
        let socket = Self { fd, port_id: self.port_id };
        socket.discard()?;
        Ok(socket)
    }

    /// The port the kernel gave this socket: where answers are addressed to.
    #[must_use]
    pub fn port_id(&self) -> u32 {
        self.port_id
    }

    /// Switches an option; false when this kernel does not know it.
    pub fn set_option(&self, option: NetlinkOption, enabled: bool) -> Result<bool, SystemError> {
        let value = c_int::from(enabled);
        match socket::set_option(
            self.as_fd(),
            libc::SOL_NETLINK,
            option.number(),
            "setsockopt SOL_NETLINK",
            &value,
        ) {
            Ok(()) => Ok(true),
            Err(error) if error.errno() == libc::ENOPROTOOPT => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Joins a multicast group by its number (RTNLGRP_*), above 32 too.
    pub fn join_group(&self, group: u32) -> Result<(), SystemError> {
        self.membership(libc::NETLINK_ADD_MEMBERSHIP, "setsockopt NETLINK_ADD_MEMBERSHIP", group)
    }

    /// Leaves a multicast group.
    pub fn leave_group(&self, group: u32) -> Result<(), SystemError> {
        self.membership(libc::NETLINK_DROP_MEMBERSHIP, "setsockopt NETLINK_DROP_MEMBERSHIP", group)
    }

    fn membership(&self, option: c_int, name: &'static str, group: u32) -> Result<(), SystemError> {
        let group = group.cast_signed();
        socket::set_option(self.as_fd(), libc::SOL_NETLINK, option, name, &group)
    }

    /// Sets the size of the receive buffer, above the system's limit where allowed, and returns what
    /// the kernel counts with: twice of what it granted.
    pub fn set_receive_buffer(&self, bytes: u32) -> Result<u32, SystemError> {
        socket::set_receive_buffer(self.as_fd(), bytes)
    }

    /// Sets the classic BPF program that judges each datagram; an empty one takes it away.
    pub fn attach_filter(&self, program: &[BpfInstruction]) -> Result<(), SystemError> {
        if program.is_empty() {
            let name = "setsockopt SO_DETACH_FILTER";
            let none: c_int = 0;
            return match socket::set_option(
                self.as_fd(),
                libc::SOL_SOCKET,
                libc::SO_DETACH_FILTER,
                name,
                &none,
            ) {
                Err(error) if error.errno() != libc::ENOENT => Err(error),
                _ => Ok(()),
            };
        }
        let name = "setsockopt SO_ATTACH_FILTER";
        let mut instructions: Vec<libc::sock_filter> = program
            .iter()
            .map(|one| libc::sock_filter {
                code: one.code,
                jt: one.jump_true,
                jf: one.jump_false,
                k: one.operand,
            })
            .collect();
        let length =
            u16::try_from(instructions.len()).map_err(|_| SystemError::new(name, libc::EINVAL))?;
        let program = libc::sock_fprog { len: length, filter: instructions.as_mut_ptr() };
        socket::set_option(self.as_fd(), libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, name, &program)
    }

    /// Sends one datagram to the kernel.
    ///
    /// rtnetlink works it off during the call, under its lock: for threads that may wait.
    pub fn send(&self, bytes: &[u8]) -> Result<(), SystemError> {
        let mut kernel: libc::sockaddr_nl = empty_address();
        kernel.nl_family = family();
        // SAFETY: pointers and lengths are those of `bytes` and `kernel`, alive during the call.
        retry("sendto", || unsafe {
            libc::sendto(
                self.fd.as_raw_fd(),
                bytes.as_ptr().cast(),
                bytes.len(),
                0,
                (&raw const kernel).cast(),
                length_of::<libc::sockaddr_nl>(),
            )
        })?;
        Ok(())
    }

    /// Receives one datagram into `buffer`; nothing when none is there.
    pub fn receive(&self, buffer: &mut [u8]) -> Result<Option<Received>, SystemError> {
        // SAFETY: the pointer and length are those of `buffer`, which is borrowed for the call.
        unsafe { self.receive_at(buffer.as_mut_ptr(), buffer.len(), 0) }
    }

    /// [`Self::receive`] into memory that others may be looking at.
    pub fn receive_into(
        &self,
        buffer: crate::region::Region<'_, u8>,
    ) -> Result<Option<Received>, SystemError> {
        let length = buffer.len();
        let start =
            buffer.part(0, length).ok_or_else(|| SystemError::new("recvmsg", libc::EFAULT))?;
        // SAFETY: `part` gives the address of `length` bytes that the region vouches for.
        unsafe { self.receive_at(start, length, 0) }
    }

    /// Receives one whole datagram of any size; nothing when none is there.
    ///
    /// After an overrun (ENOBUFS) nothing is left to receive: what was queued is thrown away, because
    /// the kernel drops every answer to a socket that has lost something until that has read all.
    ///
    /// A receive continues a dump, under the RTNL lock: for threads that may wait.
    pub fn receive_owned(&self) -> Result<Option<(Vec<u8>, Received)>, SystemError> {
        let received = self.receive_scratch();
        if received.as_ref().is_err_and(is_overrun) {
            self.discard()?;
        }
        received
    }

    /// Reads and throws away all that is queued. It ends: the kernel adds nothing meanwhile.
    pub(crate) fn discard(&self) -> Result<(), SystemError> {
        loop {
            match self.receive(&mut []) {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(()),
                // One more of what is told already.
                Err(error) if is_overrun(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn receive_scratch(&self) -> Result<Option<(Vec<u8>, Received)>, SystemError> {
        SCRATCH.with_borrow_mut(|scratch| {
            // SAFETY: a length of 0: nothing is written.
            let peeked = unsafe {
                self.receive_at(scratch.as_mut_ptr(), 0, libc::MSG_PEEK | libc::MSG_TRUNC)
            }?;
            let Some(Received { length, .. }) = peeked else { return Ok(None) };
            let wanted = length.max(RECEIVE_BUFFER);
            if scratch.len() < wanted {
                scratch.resize(wanted, 0);
            }
            let received = self.receive(scratch)?;
            Ok(received.map(|received| (scratch[..received.length].to_vec(), received)))
        })
    }

    /// # Safety
    /// `length` bytes from `start` are mapped and writable during the call.
    unsafe fn receive_at(
        &self,
        start: *mut u8,
        length: usize,
        flags: c_int,
    ) -> Result<Option<Received>, SystemError> {
        let mut sender: libc::sockaddr_nl = empty_address();
        let mut part = libc::iovec { iov_base: start.cast(), iov_len: length };
        // Room for one int (the namespace id), aligned as a cmsghdr wants it.
        let mut control = [0_u64; 4];
        // SAFETY: msghdr is pointers and integers (and padding on musl): zero bytes are valid.
        let mut header: libc::msghdr = unsafe { mem::zeroed() };
        header.msg_iov = &raw mut part;
        header.msg_iovlen = 1;
        let result = raw(|| {
            header.msg_name = (&raw mut sender).cast();
            header.msg_namelen = length_of::<libc::sockaddr_nl>();
            header.msg_control = control.as_mut_ptr().cast();
            header.msg_controllen = size_of_val(&control) as _;
            // SAFETY: all that `header` points to lives in this function, or is the caller's by the
            // contract above; lengths are those of the memory pointed to.
            unsafe {
                libc::recvmsg(self.fd.as_raw_fd(), &raw mut header, flags | libc::MSG_DONTWAIT)
            }
        });
        let length = match result {
            Ok(length) => length.cast_unsigned(),
            Err(libc::EAGAIN) => return Ok(None),
            Err(errno) => return Err(SystemError::new("recvmsg", errno)),
        };
        Ok(Some(Received {
            length,
            port_id: sender.nl_pid,
            groups: sender.nl_groups,
            truncated: header.msg_flags & libc::MSG_TRUNC != 0,
            nsid: namespace_id(&header),
        }))
    }
}

impl AsFd for NetlinkSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

fn is_overrun(error: &SystemError) -> bool {
    error.errno() == libc::ENOBUFS
}

/// The port that a socket is bound to.
fn port_of(fd: BorrowedFd<'_>) -> Result<u32, SystemError> {
    let mut address: libc::sockaddr_nl = empty_address();
    let mut length = length_of::<libc::sockaddr_nl>();
    // SAFETY: `address` and `length` are writable and alive; `length` is the size of `address`.
    retry("getsockname", || unsafe {
        libc::getsockname(fd.as_raw_fd(), (&raw mut address).cast(), &raw mut length)
    })?;
    Ok(address.nl_pid)
}

/// `AF_NETLINK` in the type of `nl_family`.
fn family() -> libc::sa_family_t {
    libc::sa_family_t::try_from(libc::AF_NETLINK).unwrap_or_default()
}

/// The namespace id among the control messages of a received header.
fn namespace_id(header: &libc::msghdr) -> Option<i32> {
    // SAFETY: the kernel has filled the control buffer, and set its length, in the call before.
    let mut message = unsafe { libc::CMSG_FIRSTHDR(header) };
    while !message.is_null() {
        // SAFETY: FIRSTHDR and NXTHDR give a null pointer or a whole cmsghdr inside the buffer.
        let found = unsafe { &*message };
        if found.cmsg_level == libc::SOL_NETLINK && found.cmsg_type == libc::NETLINK_LISTEN_ALL_NSID
        {
            // SAFETY: this kind of message carries one int; the buffer was large enough for it,
            // and reading it as bytes asks for no alignment.
            let bytes =
                unsafe { std::slice::from_raw_parts(libc::CMSG_DATA(message), size_of::<c_int>()) };
            return socket::int_at(bytes);
        }
        // SAFETY: `message` is inside the buffer of `header`.
        message = unsafe { libc::CMSG_NXTHDR(header, message) };
    }
    None
}

#[cfg(test)]
mod tests {
    #[test]
    fn structures_have_the_sizes_of_the_kernel() {
        assert_eq!(size_of::<libc::sockaddr_nl>(), 12);
        assert_eq!(size_of::<libc::sock_filter>(), 8);
        assert_eq!(size_of::<libc::sock_fprog>(), 16);
        assert_eq!(size_of::<libc::msghdr>(), 56);
    }
}

//! `AF_PACKET` sockets: whole frames of one interface, in bursts.
//!
//! A burst is one system call: `recvmmsg` into slots of a slab, `sendmmsg` from descriptors (offset,
//! length) of it, as bursts of a TAP's queue have them, but without a virtio-net header.

use std::mem;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::ptr;

use libc::{c_int, c_uint};

use crate::error::SystemError;
use crate::file_request::FileRequest;
use crate::namespace::Namespace;
use crate::region::Region;
use crate::socket::{self, empty_address, length_of};
use crate::syscall::{raw, retry};

/// How many frames one system call moves at most.
pub const BURST_MAX: usize = 64;

/// Bytes in front of a received frame, for the VLAN tag that the kernel keeps beside it.
pub const TAG_ROOM: usize = 4;

/// The smallest slot of a receive: a cache line.
pub const SLOT_MIN: usize = 64;

/// Words of details a frame: its type with flags, its length on the wire.
pub const DETAILS: usize = 2;

/// In the first detail, beside the type: the checksum is left to whoever is to send it on.
pub const CHECKSUM_NOT_READY: u32 = 0x100;

/// Both MAC addresses: what stands in front of a VLAN tag.
const ADDRESSES: usize = 12;

// linux/if_packet.h: bits of tp_status
const TP_STATUS_CSUMNOTREADY: u32 = 1 << 3;
const TP_STATUS_VLAN_VALID: u32 = 1 << 4;
const TP_STATUS_VLAN_TPID_VALID: u32 = 1 << 6;

/// The `EtherType` of a tag whose own is not told (802.1Q).
const ETH_P_8021Q: u16 = 0x8100;

/// Room for a timestamp and for what `PACKET_AUXDATA` tells, in words: aligned as a cmsghdr wants it.
const CONTROL_WORDS: usize = 16;

/// How a socket is opened.
#[expect(clippy::struct_excessive_bools, reason = "options of the kernel, each on or off")]
#[derive(Clone, Copy, Debug, Default)]
pub struct PacketOptions {
    /// The interface.
    pub ifindex: u32,
    /// Whether it only sends: nothing is received, and nothing is copied for it.
    pub send_only: bool,
    /// Whether the interface is to take frames for other stations while the socket is open.
    pub promiscuous: bool,
    /// Whether frames that this machine sends are left out (`PACKET_IGNORE_OUTGOING`).
    pub ignore_outgoing: bool,
    /// Whether what is sent goes round the queueing discipline (`PACKET_QDISC_BYPASS`).
    pub qdisc_bypass: bool,
    /// The size of the receive buffer in bytes.
    pub receive_buffer: Option<u32>,
}

/// Where a burst of received frames goes.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// Where the frames are: one in each slot.
    pub slab: Region<'a, u8>,
    /// Offset and length of each.
    pub descriptors: Region<'a, u32>,
    /// [`DETAILS`] words of each: the type (`PACKET_*`) with [`CHECKSUM_NOT_READY`], the length on the
    /// wire, which is more than that of the descriptor when the slot was too small.
    pub details: Region<'a, u32>,
    /// When the kernel saw each: nanoseconds since 1970.
    pub timestamps: Region<'a, u64>,
}

/// What the kernel counted since it was last asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Frames that came, dropped ones included.
    pub packets: u32,
    /// Frames that found no room in the receive buffer.
    pub drops: u32,
}

/// A non-blocking socket that is bound to one interface.
#[derive(Debug)]
pub struct PacketSocket {
    fd: OwnedFd,
    ifindex: u32,
}

impl PacketSocket {
    /// A socket in `namespace`; with all options set before the first frame.
    ///
    /// The interface need not be up. Waits for the RTNL lock and for RCU.
    pub fn open(namespace: &Namespace, options: PacketOptions) -> Result<Self, SystemError> {
        // With protocol 0 nothing is received before it is bound.
        let (family, kind) = (libc::AF_PACKET, libc::SOCK_RAW);
        let file = FileRequest::Socket { family, kind, protocol: 0 };
        let fd = namespace.open_file(file).map_err(|error| {
            if error.errno() == libc::EPERM {
                return error.with_hint("packet sockets need CAP_NET_RAW: run as root");
            }
            error
        })?;
        let socket = Self { fd, ifindex: options.ifindex };
        if let Some(bytes) = options.receive_buffer {
            socket::set_receive_buffer(socket.as_fd(), bytes)?;
        }
        socket.switch_on(libc::SOL_SOCKET, libc::SO_TIMESTAMPNS, "setsockopt SO_TIMESTAMPNS")?;
        socket.switch_on(libc::SOL_PACKET, libc::PACKET_AUXDATA, "setsockopt PACKET_AUXDATA")?;
        if options.ignore_outgoing {
            let name = "setsockopt PACKET_IGNORE_OUTGOING";
            socket.switch_on(libc::SOL_PACKET, libc::PACKET_IGNORE_OUTGOING, name)?;
        }
        if options.qdisc_bypass {
            let name = "setsockopt PACKET_QDISC_BYPASS";
            socket.switch_on(libc::SOL_PACKET, libc::PACKET_QDISC_BYPASS, name)?;
        }
        let protocol = if options.send_only { 0 } else { libc::ETH_P_ALL };
        socket.bind(u16::try_from(protocol).unwrap_or_default())?;
        if options.promiscuous {
            let request = libc::packet_mreq {
                mr_ifindex: options.ifindex.cast_signed(),
                mr_type: 1, // PACKET_MR_PROMISC
                mr_alen: 0,
                mr_address: [0; 8],
            };
            socket::set_option(
                socket.as_fd(),
                libc::SOL_PACKET,
                libc::PACKET_ADD_MEMBERSHIP,
                "setsockopt PACKET_ADD_MEMBERSHIP",
                &request,
            )?;
        }
        Ok(socket)
    }

    /// Receives what is queued, one frame a slot of `slot` bytes, at most [`BURST_MAX`]; returns how
    /// many. A VLAN tag stands in the frame again.
    ///
    /// ENETDOWN is told once, when the interface goes down or was down at the start: the socket goes
    /// on when it comes up. ENODEV: the interface is gone. What was queued before is still there.
    pub fn rx_burst(&self, memory: Received<'_>, slot: usize) -> Result<usize, SystemError> {
        let Received { slab, descriptors, details, timestamps } = memory;
        let slot = slot.max(SLOT_MIN);
        let count = BURST_MAX
            .min(slab.len() / slot)
            .min(descriptors.len() / 2)
            .min(details.len() / DETAILS)
            .min(timestamps.len());
        let mut senders: [libc::sockaddr_ll; BURST_MAX] = [empty_address(); BURST_MAX];
        let mut controls = [[0_u64; CONTROL_WORDS]; BURST_MAX];
        let mut parts = [libc::iovec { iov_base: ptr::null_mut(), iov_len: 0 }; BURST_MAX];
        let mut headers = empty_headers();
        for index in 0..count {
            let Some(start) = slab.part(index * slot, slot) else { break };
            parts[index] = libc::iovec {
                iov_base: start.wrapping_add(TAG_ROOM).cast(),
                iov_len: slot - TAG_ROOM,
            };
            let header = &mut headers[index].msg_hdr;
            header.msg_iov = &raw mut parts[index];
            header.msg_iovlen = 1;
            header.msg_name = (&raw mut senders[index]).cast();
            header.msg_namelen = length_of::<libc::sockaddr_ll>();
            header.msg_control = controls[index].as_mut_ptr().cast();
            header.msg_controllen = size_of_val(&controls[index]) as _;
        }
        let flags = libc::MSG_DONTWAIT | libc::MSG_TRUNC;
        // SAFETY: all that the first `count` headers point to lives in this function, or is a part of
        // the slab that the region vouches for; lengths are those of the memory pointed to.
        let received = match raw(|| unsafe {
            libc::recvmmsg(
                self.fd.as_raw_fd(),
                headers.as_mut_ptr(),
                length_field(count),
                flags as _,
                ptr::null_mut(),
            )
        }) {
            Ok(received) => usize::try_from(received).unwrap_or(0),
            Err(libc::EAGAIN) => return Ok(0),
            Err(libc::ENETDOWN) if self.is_unbound() => return Err(gone("recvmmsg")),
            Err(errno) => return Err(SystemError::new("recvmmsg", errno)),
        };
        for index in 0..received {
            let about = About::read(&headers[index].msg_hdr);
            let wire = headers[index].msg_len as usize;
            let mut frame =
                Frame { offset: index * slot + TAG_ROOM, length: wire.min(slot - TAG_ROOM), wire };
            if let Some(tag) = about.tag.filter(|_| frame.length >= ADDRESSES) {
                frame.insert(slab, tag);
            }
            descriptors.store(2 * index, word(frame.offset));
            descriptors.store(2 * index + 1, word(frame.length));
            let flags = if about.checksum_not_ready { CHECKSUM_NOT_READY } else { 0 };
            details.store(DETAILS * index, u32::from(senders[index].sll_pkttype) | flags);
            details.store(DETAILS * index + 1, word(frame.wire));
            timestamps.store(index, about.nanoseconds);
        }
        Ok(received)
    }

    /// Sends the frames `from` to `from + count - 1`; returns how many went: less when there is no
    /// room for more now, or when the next one is refused, which the next call then tells.
    ///
    /// An error is returned only when none was sent. EINVAL: less than 14 bytes, or not inside the
    /// slab. EMSGSIZE: more than the MTU. ENOBUFS: dropped by the interface. ENETDOWN: it is down.
    /// ENODEV: it is gone.
    pub fn tx_burst(
        &self,
        slab: Region<'_, u8>,
        descriptors: Region<'_, u32>,
        from: usize,
        count: usize,
    ) -> Result<usize, SystemError> {
        let mut sent = 0;
        while sent < count {
            let wanted = BURST_MAX.min(count - sent);
            match self.send_some(slab, descriptors, from + sent, wanted) {
                Ok(some) => {
                    sent += some;
                    if some < wanted {
                        break;
                    }
                }
                Err(libc::EAGAIN) => break,
                Err(_) if sent > 0 => break,
                Err(libc::ENXIO) => return Err(gone("sendmmsg")),
                Err(errno) => return Err(SystemError::new("sendmmsg", errno)),
            }
        }
        Ok(sent)
    }

    fn send_some(
        &self,
        slab: Region<'_, u8>,
        descriptors: Region<'_, u32>,
        from: usize,
        count: usize,
    ) -> Result<usize, i32> {
        // Protocol 0: the kernel reads it from the frame, which has its header.
        let mut address = self.address(0);
        let mut parts = [libc::iovec { iov_base: ptr::null_mut(), iov_len: 0 }; BURST_MAX];
        let mut headers = empty_headers();
        let mut length = 0;
        while length < count {
            let frame = from + length;
            let part = descriptors.load(2 * frame).zip(descriptors.load(2 * frame + 1)).and_then(
                |(offset, size)| Some((slab.part(offset as usize, size as usize)?, size as usize)),
            );
            let Some((start, size)) = part else { break };
            parts[length] = libc::iovec { iov_base: start.cast(), iov_len: size };
            let header = &mut headers[length].msg_hdr;
            header.msg_iov = &raw mut parts[length];
            header.msg_iovlen = 1;
            header.msg_name = (&raw mut address).cast();
            header.msg_namelen = length_of::<libc::sockaddr_ll>();
            length += 1;
        }
        if length == 0 {
            return Err(libc::EINVAL);
        }
        // SAFETY: the first `length` headers point to `address`, to `parts`, and through these to
        // bytes of the slab that the region vouches for; the kernel only reads them.
        let sent = raw(|| unsafe {
            libc::sendmmsg(
                self.fd.as_raw_fd(),
                headers.as_mut_ptr(),
                length_field(length),
                libc::MSG_DONTWAIT as _,
            )
        })?;
        Ok(usize::try_from(sent).unwrap_or(0))
    }

    /// What the kernel counted since this was last asked, which sets its counters to 0.
    pub fn take_statistics(&self) -> Result<Statistics, SystemError> {
        let mut counted = libc::tpacket_stats { tp_packets: 0, tp_drops: 0 };
        let mut length = length_of::<libc::tpacket_stats>();
        // SAFETY: `counted` and `length` are writable and outlive the call; `length` is the size of
        // `counted`.
        retry("getsockopt PACKET_STATISTICS", || unsafe {
            libc::getsockopt(
                self.fd.as_raw_fd(),
                libc::SOL_PACKET,
                libc::PACKET_STATISTICS,
                (&raw mut counted).cast(),
                &raw mut length,
            )
        })?;
        Ok(Statistics { packets: counted.tp_packets, drops: counted.tp_drops })
    }

    fn switch_on(
        &self,
        level: c_int,
        option: c_int,
        name: &'static str,
    ) -> Result<(), SystemError> {
        let on: c_int = 1;
        socket::set_option(self.as_fd(), level, option, name, &on)
    }

    fn address(&self, protocol: u16) -> libc::sockaddr_ll {
        let mut address: libc::sockaddr_ll = empty_address();
        address.sll_family = u16::try_from(libc::AF_PACKET).unwrap_or_default();
        address.sll_protocol = protocol.to_be();
        address.sll_ifindex = self.ifindex.cast_signed();
        address
    }

    fn bind(&self, protocol: u16) -> Result<(), SystemError> {
        let address = self.address(protocol);
        // SAFETY: `address` is a sockaddr_ll of the length given, alive during the call.
        retry("bind", || unsafe {
            libc::bind(
                self.fd.as_raw_fd(),
                (&raw const address).cast(),
                length_of::<libc::sockaddr_ll>(),
            )
        })?;
        Ok(())
    }

    /// Whether the kernel has taken the interface from the socket, as it does when that is deleted.
    fn is_unbound(&self) -> bool {
        let mut address: libc::sockaddr_ll = empty_address();
        let mut length = length_of::<libc::sockaddr_ll>();
        // SAFETY: `address` and `length` are writable and alive; `length` is the size of `address`.
        let asked = raw(|| unsafe {
            libc::getsockname(self.fd.as_raw_fd(), (&raw mut address).cast(), &raw mut length)
        });
        asked.is_ok() && address.sll_ifindex != self.ifindex.cast_signed()
    }
}

impl AsFd for PacketSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// Where a received frame is.
struct Frame {
    offset: usize,
    length: usize,
    wire: usize,
}

impl Frame {
    /// Puts a VLAN tag behind the addresses, which move into the room in front.
    fn insert(&mut self, slab: Region<'_, u8>, tag: [u8; TAG_ROOM]) {
        let Some(start) = slab.part(self.offset - TAG_ROOM, TAG_ROOM + ADDRESSES) else { return };
        // SAFETY: `part` vouches for the bytes of the room and of the addresses behind it. They may
        // overlap, which `copy` allows; no reference to the shared bytes is made.
        unsafe {
            ptr::copy(start.add(TAG_ROOM), start, ADDRESSES);
            ptr::copy_nonoverlapping(tag.as_ptr(), start.add(ADDRESSES), TAG_ROOM);
        }
        self.offset -= TAG_ROOM;
        self.length += TAG_ROOM;
        self.wire += TAG_ROOM;
    }
}

/// What control messages tell of a frame.
#[derive(Default)]
struct About {
    nanoseconds: u64,
    checksum_not_ready: bool,
    tag: Option<[u8; TAG_ROOM]>,
}

impl About {
    fn read(header: &libc::msghdr) -> Self {
        let mut about = Self::default();
        // SAFETY: the kernel has filled the control buffer, and set its length, in the call before.
        let mut message = unsafe { libc::CMSG_FIRSTHDR(header) };
        while !message.is_null() {
            // SAFETY: FIRSTHDR and NXTHDR give a null pointer or a whole cmsghdr inside the buffer.
            let found = unsafe { &*message };
            // SAFETY: `message` is inside the buffer, and so are the data that it has.
            let data = unsafe { libc::CMSG_DATA(message) };
            match (found.cmsg_level, found.cmsg_type) {
                // The message of a timestamp has the number of the option.
                (libc::SOL_SOCKET, libc::SO_TIMESTAMPNS) => {
                    // SAFETY: it carries one timespec, for which the buffer has room.
                    let time = unsafe { ptr::read_unaligned(data.cast::<libc::timespec>()) };
                    about.nanoseconds = nanoseconds(time);
                }
                (libc::SOL_PACKET, libc::PACKET_AUXDATA) => {
                    // SAFETY: it carries one tpacket_auxdata, for which the buffer has room.
                    let data = unsafe { ptr::read_unaligned(data.cast::<libc::tpacket_auxdata>()) };
                    about.checksum_not_ready = data.tp_status & TP_STATUS_CSUMNOTREADY != 0;
                    about.tag = tag(&data);
                }
                _ => {}
            }
            // SAFETY: `message` is inside the buffer of `header`.
            message = unsafe { libc::CMSG_NXTHDR(header, message) };
        }
        about
    }
}

/// The VLAN tag as it stands on the wire.
fn tag(data: &libc::tpacket_auxdata) -> Option<[u8; TAG_ROOM]> {
    if data.tp_status & TP_STATUS_VLAN_VALID == 0 {
        return None;
    }
    let told = data.tp_status & TP_STATUS_VLAN_TPID_VALID != 0;
    let [kind_high, kind_low] = (if told { data.tp_vlan_tpid } else { ETH_P_8021Q }).to_be_bytes();
    let [high, low] = data.tp_vlan_tci.to_be_bytes();
    Some([kind_high, kind_low, high, low])
}

fn nanoseconds(time: libc::timespec) -> u64 {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    seconds.wrapping_mul(1_000_000_000).wrapping_add(u64::try_from(time.tv_nsec).unwrap_or(0))
}

fn empty_headers() -> [libc::mmsghdr; BURST_MAX] {
    // SAFETY: mmsghdr is pointers and integers (and padding on musl): zero bytes are valid.
    unsafe { mem::zeroed() }
}

/// A length of at most [`BURST_MAX`] as these system calls take it.
fn length_field(length: usize) -> c_uint {
    c_uint::try_from(length).unwrap_or(0)
}

/// A slab is far smaller than 4 GiB.
fn word(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn gone(syscall: &'static str) -> SystemError {
    SystemError::new(syscall, libc::ENODEV)
        .with_hint("the interface has been deleted or moved away")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_have_the_sizes_of_the_kernel() {
        assert_eq!(size_of::<libc::sockaddr_ll>(), 20);
        assert_eq!(size_of::<libc::tpacket_auxdata>(), 20);
        assert_eq!(size_of::<libc::tpacket_stats>(), 8);
        assert_eq!(size_of::<libc::packet_mreq>(), 16);
        assert_eq!(size_of::<libc::mmsghdr>(), 64);
    }

    #[test]
    fn puts_a_tag_back() {
        let mut bytes: Vec<u8> = (0..32).collect();
        let mut frame = Frame { offset: 4, length: 20, wire: 30 };
        frame.insert(Region::from(&mut bytes[..]), [0x81, 0, 0, 7]);
        assert_eq!((frame.offset, frame.length, frame.wire), (0, 24, 34));
        assert_eq!(bytes[..18], [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0x81, 0, 0, 7, 16, 17]);
    }
}

//! The ioctls of /dev/net/tun (`linux/if_tun.h`), each a function on a file of it.

use std::fs::File;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use libc::{c_int, c_short, c_ulong};

use crate::error::SystemError;
use crate::namespace::Namespace;
use crate::queue::HEADER;
use crate::syscall::{raw, retry};

/// How many bytes an interface name has at most.
pub(crate) const NAME_MAX: usize = libc::IFNAMSIZ - 1;

/// What each device of rtap is.
pub(crate) const BASE_FLAGS: c_int = libc::IFF_TAP | libc::IFF_NO_PI | libc::IFF_VNET_HDR;

/// What [`namespace_of`] asks by.
pub(crate) const GET_NAMESPACE: &str = "ioctl TUNGETDEVNETNS";

/// `linux/sockios.h`; libc's has another type than its `ioctl` takes on musl.
const SIOCGIFINDEX: libc::Ioctl = 0x8933;

/// TUNGETFEATURES: what the driver can do; refused when that is too little.
pub(crate) fn check_features(fd: BorrowedFd<'_>) -> Result<u32, SystemError> {
    let name = "ioctl TUNGETFEATURES";
    let mut features: c_int = 0;
    set_int(fd, libc::TUNGETFEATURES, name, &mut features)?;
    let wanted = BASE_FLAGS | libc::IFF_MULTI_QUEUE;
    if features & wanted == wanted {
        return Ok(features.cast_unsigned());
    }
    Err(SystemError::new(name, libc::EOPNOTSUPP)
        .with_hint("this kernel's tun driver lacks TAP, VNET_HDR or MULTI_QUEUE"))
}

/// TUNGETIFF: refused when the device of a file is not what rtap makes of one.
pub(crate) fn check_flags(fd: BorrowedFd<'_>, multi_queue: bool) -> Result<(), SystemError> {
    let (_, flags) = interface_of(fd)?;
    let wanted = BASE_FLAGS | if multi_queue { libc::IFF_MULTI_QUEUE } else { 0 };
    let mask = BASE_FLAGS | libc::IFF_MULTI_QUEUE;
    if flags & mask == wanted {
        return Ok(());
    }
    Err(SystemError::new("ioctl TUNGETIFF", libc::EINVAL).with_hint(
        "another process has this device open with other flags; rtap needs a TAP with NO_PI and VNET_HDR",
    ))
}

/// TUNSETIFF.
pub(crate) fn attach(fd: BorrowedFd<'_>, name: &[u8], flags: c_int) -> Result<(), SystemError> {
    let mut request = request_for(name)?;
    request.ifr_ifru.ifru_flags = flags_field(flags);
    interface_ioctl(fd, libc::TUNSETIFF, "ioctl TUNSETIFF", &mut request).map_err(|error| {
        match error.errno() {
            libc::EPERM => error
                .with_hint("TAP devices need CAP_NET_ADMIN in the namespace of the interface: run as root, or open it in a rootless namespace, NetworkNamespace.create({ rootless: true })"),
            libc::EBUSY => {
                error.with_hint("an interface of this name exists: choose another name, or adopt: true")
            }
            libc::EINVAL if flags & libc::IFF_TUN_EXCL != 0 => error.with_hint(
                "the name is not one the kernel takes (a slash, a space, '.'), or names an interface that is no TAP",
            ),
            _ => error,
        }
    })
}

/// TUNSETQUEUE: the file stays the device's, but gets no frames.
pub(crate) fn detach(fd: BorrowedFd<'_>) -> Result<(), SystemError> {
    let mut request = empty_request();
    request.ifr_ifru.ifru_flags = flags_field(libc::IFF_DETACH_QUEUE);
    interface_ioctl(fd, libc::TUNSETQUEUE, "ioctl TUNSETQUEUE", &mut request)
}

/// TUNSETVNETLE: virtio-net headers in the byte order of the host, whatever somebody who had the device
/// before has asked for.
pub(crate) fn set_host_order(fd: BorrowedFd<'_>) -> Result<(), SystemError> {
    let mut little_endian = c_int::from(cfg!(target_endian = "little"));
    set_int(fd, libc::TUNSETVNETLE, "ioctl TUNSETVNETLE", &mut little_endian)
}

/// TUNSETOFFLOAD, with the first of `sets` that the kernel grants.
pub(crate) fn set_offloads(fd: BorrowedFd<'_>, sets: &[u32]) -> Result<u32, SystemError> {
    let name = "ioctl TUNSETOFFLOAD";
    let mut refusal = SystemError::new(name, libc::EINVAL);
    for set in sets {
        match set_value(fd, libc::TUNSETOFFLOAD, name, c_ulong::from(*set)) {
            Ok(()) => return Ok(*set),
            Err(error) if error.errno() == libc::EINVAL => refusal = error,
            Err(error) => return Err(error),
        }
    }
    Err(refusal.with_hint(
        "this kernel does not do these offloads together: USO4 and USO6 come as a pair, all need the checksum, ECN needs TSO",
    ))
}

/// TUNGETIFF: name and flags of the device that a file belongs to. The name is bytes: as text, where they are no
/// UTF-8, it could be another interface's.
pub(crate) fn interface_of(fd: BorrowedFd<'_>) -> Result<(Vec<u8>, c_int), SystemError> {
    let mut request = empty_request();
    interface_ioctl(fd, libc::TUNGETIFF, "ioctl TUNGETIFF", &mut request)?;
    let name =
        request.ifr_name.iter().map(|byte| byte.to_ne_bytes()[0]).take_while(|b| *b != 0).collect();
    // SAFETY: the kernel has written the flags, and a c_short of any value is valid.
    let flags = unsafe { request.ifr_ifru.ifru_flags };
    Ok((name, c_int::from(flags.cast_unsigned())))
}

/// TUNGETVNETHDRSZ: how long the virtio-net header before each frame is, if there is one.
pub(crate) fn header_size(fd: BorrowedFd<'_>) -> Result<usize, SystemError> {
    let mut header: c_int = 0;
    let name = "ioctl TUNGETVNETHDRSZ";
    set_int(fd, libc::TUNGETVNETHDRSZ, name, &mut header)?;
    usize::try_from(header).map_err(|_| SystemError::new(name, libc::EINVAL))
}

/// Whether virtio-net headers are in the byte order of the host.
pub(crate) fn is_host_order(fd: BorrowedFd<'_>) -> Result<bool, SystemError> {
    let (mut little_endian, mut big_endian) = (0, 0);
    set_int(fd, libc::TUNGETVNETLE, "ioctl TUNGETVNETLE", &mut little_endian)?;
    // EINVAL: this kernel has no other order than the host's to choose, but for the one above.
    if set_int(fd, libc::TUNGETVNETBE, "ioctl TUNGETVNETBE", &mut big_endian).is_err() {
        big_endian = 0;
    }
    Ok(if cfg!(target_endian = "little") {
        little_endian != 0 || big_endian == 0
    } else {
        little_endian == 0
    })
}

/// SIOCGIFHWADDR, by a file of the device, or by a socket in the namespace of an interface of this name.
pub(crate) fn hardware_address(fd: BorrowedFd<'_>, name: &[u8]) -> Result<[u8; 6], SystemError> {
    let mut request = request_for(name)?;
    interface_ioctl(fd, libc::SIOCGIFHWADDR, "ioctl SIOCGIFHWADDR", &mut request)?;
    // SAFETY: the kernel has written the address, and a sockaddr of any bytes is valid.
    let address = unsafe { request.ifr_ifru.ifru_hwaddr };
    Ok(std::array::from_fn(|index| address.sa_data[index].to_ne_bytes()[0]))
}

/// TUNSETVNETHDRSZ: how long the virtio-net header before each frame is.
pub(crate) fn set_header_size(fd: BorrowedFd<'_>) -> Result<(), SystemError> {
    let mut header = c_int::try_from(HEADER).unwrap_or_default();
    set_int(fd, libc::TUNSETVNETHDRSZ, "ioctl TUNSETVNETHDRSZ", &mut header)
}

/// TUNSETCARRIER.
pub(crate) fn set_carrier(fd: BorrowedFd<'_>, up: bool) -> Result<(), SystemError> {
    set_int(fd, libc::TUNSETCARRIER, "ioctl TUNSETCARRIER", &mut c_int::from(up))
}

/// TUNSETPERSIST.
pub(crate) fn set_persist(fd: BorrowedFd<'_>, persistent: bool) -> Result<(), SystemError> {
    set_value(fd, libc::TUNSETPERSIST, "ioctl TUNSETPERSIST", persistent.into())
}

/// TUNSETOWNER.
pub(crate) fn set_owner(fd: BorrowedFd<'_>, user: u32) -> Result<(), SystemError> {
    set_value(fd, libc::TUNSETOWNER, "ioctl TUNSETOWNER", user.into())
}

/// TUNSETGROUP.
pub(crate) fn set_group(fd: BorrowedFd<'_>, group: u32) -> Result<(), SystemError> {
    set_value(fd, libc::TUNSETGROUP, "ioctl TUNSETGROUP", group.into())
}

/// SIOCGIFINDEX: the number of an interface, in the namespace of a socket of any kind.
pub(crate) fn index_of(socket: BorrowedFd<'_>, name: &[u8]) -> Result<u32, SystemError> {
    let mut request = request_for(name)?;
    interface_ioctl(socket, SIOCGIFINDEX, "ioctl SIOCGIFINDEX", &mut request)?;
    // SAFETY: the kernel has written the index, and a c_int of any value is valid.
    let index = unsafe { request.ifr_ifru.ifru_ifindex };
    Ok(index.cast_unsigned())
}

/// TUNGETDEVNETNS: the namespace that the device of a file is in now.
pub(crate) fn namespace_of(fd: BorrowedFd<'_>) -> Result<Namespace, SystemError> {
    // SAFETY: TUNGETDEVNETNS takes no argument; `fd` is open during the call.
    match raw(|| unsafe { libc::ioctl(fd.as_raw_fd(), libc::TUNGETDEVNETNS) }) {
        // SAFETY: the kernel has just made this file descriptor, and nobody else knows it.
        Ok(found) => Namespace::from_file(File::from(unsafe { OwnedFd::from_raw_fd(found) })),
        Err(errno) => Err(SystemError::new(GET_NAMESPACE, errno)),
    }
}

/// Whether TUNGETDEVNETNS is known here, whatever it says.
pub(crate) fn tells_namespace(fd: BorrowedFd<'_>) -> bool {
    namespace_of(fd).map_or_else(|error| error.errno() == libc::EPERM, |_| true)
}

fn request_for(name: &[u8]) -> Result<libc::ifreq, SystemError> {
    if name.is_empty() || name.len() > NAME_MAX || name.contains(&0) {
        return Err(SystemError::new("ioctl TUNSETIFF", libc::EINVAL)
            .with_hint("an interface name has 1 to 15 bytes, none of them 0"));
    }
    let mut request = empty_request();
    for (to, from) in request.ifr_name.iter_mut().zip(name) {
        *to = libc::c_char::from_ne_bytes([*from]);
    }
    Ok(request)
}

fn empty_request() -> libc::ifreq {
    // SAFETY: an ifreq is a name and a union of integers, addresses and a pointer: zero is valid.
    unsafe { std::mem::zeroed() }
}

/// The low 16 bits, which is where the flags of `tun` are (`IFF_TUN_EXCL` is the sign bit).
fn flags_field(flags: c_int) -> c_short {
    let [low, high, ..] = flags.to_le_bytes();
    c_short::from_le_bytes([low, high])
}

fn interface_ioctl(
    fd: BorrowedFd<'_>,
    request: libc::Ioctl,
    name: &'static str,
    argument: &mut libc::ifreq,
) -> Result<(), SystemError> {
    // SAFETY: every request that is given here reads or writes one ifreq; it lives during the call.
    retry(name, || unsafe { libc::ioctl(fd.as_raw_fd(), request, &raw mut *argument) })?;
    Ok(())
}

fn set_int(
    fd: BorrowedFd<'_>,
    request: libc::Ioctl,
    name: &'static str,
    argument: &mut c_int,
) -> Result<(), SystemError> {
    // SAFETY: every request that is given here reads or writes one int; it lives during the call.
    retry(name, || unsafe { libc::ioctl(fd.as_raw_fd(), request, &raw mut *argument) })?;
    Ok(())
}

fn set_value(
    fd: BorrowedFd<'_>,
    request: libc::Ioctl,
    name: &'static str,
    argument: c_ulong,
) -> Result<(), SystemError> {
    // SAFETY: every request that is given here takes its argument by value.
    retry(name, || unsafe { libc::ioctl(fd.as_raw_fd(), request, argument) })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_have_the_sizes_of_the_kernel() {
        assert_eq!(size_of::<libc::ifreq>(), 40);
    }

    #[test]
    fn flags_fit_a_short() {
        let all = BASE_FLAGS | libc::IFF_MULTI_QUEUE | libc::IFF_TUN_EXCL;
        // linux/if_tun.h: TAP 2, MULTI_QUEUE 0x100, NO_PI 0x1000, VNET_HDR 0x4000, TUN_EXCL 0x8000.
        assert_eq!(flags_field(all).cast_unsigned(), 0xd102);
    }

    #[test]
    fn refuses_names_that_do_not_fit() {
        for name in ["", "sixteen-bytes-xx", "a\0b"] {
            assert_eq!(
                request_for(name.as_bytes()).err().map(|error| error.code()),
                Some("EINVAL")
            );
        }
        assert!(request_for(b"fifteen-bytes-x").is_ok());
    }
}

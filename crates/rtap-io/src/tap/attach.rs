//! Devices that somebody else has opened: this process has files of their queues, and no more.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};
use std::sync::{Arc, Mutex};

use super::{Features, Identity, Open, Place, TapDevice, identity_of, packet_information};
use crate::device_file::DeviceFile;
use crate::error::SystemError;
use crate::namespace::{Namespace, NamespaceTarget};
use crate::netlink_socket::NetlinkSocket;
use crate::other_header::HEADER_MAX;
use crate::own_file::{self, Claim, OwnFile, is_same};
use crate::tun;

/// What the identity of an interface is compared by, for errors.
const VERIFY: &str = "verify the identity of the interface";

/// The files of the queues.
#[derive(Debug)]
pub enum Files {
    /// By their numbers, from outside: they become this process's own when the device is attached, and
    /// are not touched before.
    Numbers(Vec<RawFd>),
    /// Received: they are closed when the device is not attached.
    Received(Vec<OwnedFd>),
}

/// What device it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The interface's number.
    pub ifindex: u32,
    /// The inode of its network namespace.
    pub namespace: u64,
}

/// How to attach.
#[derive(Debug, Default)]
pub struct AttachOptions {
    /// Where the interface is; looked up by the file when nothing is given.
    pub namespace: Option<NamespaceTarget>,
    /// A socket there, for who may not open one.
    pub requests: Option<NetlinkSocket>,
    /// What it is to be, if that is known.
    pub expected: Option<Expected>,
    /// Sets of `TUN_F_*` flags to ask for, the best first; nothing: it stays as it is.
    pub offloads: Option<Vec<u32>>,
    /// What it is, as whoever opened the device says.
    pub granted: u32,
}

/// What comes with queues that another process hands over, behind their files, in this order.
const COMPANIONS: usize = 3;

impl TapDevice {
    /// Attaches to the device that another process has handed queues of over: so many, and behind them
    /// the files of the interface's network namespace, of a socket to ask rtnetlink with there, and of one
    /// to subscribe with. The latter is returned when it is needed: this process is in another namespace.
    ///
    /// EPROTO when they are not that many, or not such files; else as [`TapDevice::attach`].
    pub fn attach_received(
        mut files: Vec<OwnedFd>,
        queues: usize,
        expected: Expected,
        offloads: Option<Vec<u32>>,
        granted: u32,
    ) -> Result<(Self, Option<NetlinkSocket>), SystemError> {
        if queues == 0 || files.len() != queues + COMPANIONS {
            return Err(SystemError::new("recvmsg", libc::EPROTO).with_hint(
                "not as many files came as were announced: this process has too few left (ulimit -n), or the other one is not rtap's",
            ));
        }
        let mut companions = files.split_off(queues).into_iter();
        let (Some(namespace), Some(requests), Some(subscription)) =
            (companions.next(), companions.next(), companions.next())
        else {
            return Err(SystemError::panicked());
        };
        let namespace = Namespace::received(namespace)?;
        let is_here = Namespace::current()?.inode() == namespace.inode();
        let (requests, subscription) = if is_here {
            (None, None)
        } else {
            let subscription = NetlinkSocket::received(subscription)?;
            (Some(NetlinkSocket::received(requests)?), Some(subscription))
        };
        let options = AttachOptions {
            namespace: Some(NamespaceTarget::Open(namespace)),
            requests,
            expected: Some(expected),
            offloads,
            granted,
        };
        Ok((Self::attach(Files::Received(files), options)?, subscription))
    }

    /// Attaches to the device that these files are queues of; closing it leaves the device to the others.
    ///
    /// Each file is checked before anything is changed: EBADF when it is not open, EBUSY when it is ours
    /// already, ENOTTY when it is no TUN or TAP, EBADFD when it has no interface (any more), EINVAL when it
    /// is a TUN, has no `IFF_NO_PI` or is detached, when they are not all of one device, or two are one
    /// queue; ESTALE when it is not the expected one; ENODEV when the interface is not where it is looked
    /// for.
    pub fn attach(files: Files, options: AttachOptions) -> Result<Self, SystemError> {
        let held = Held::from(files)?;
        let borrowed = held.files();
        let (place, identity, header, features) =
            check(&borrowed, options.namespace, options.requests, options.expected)?;
        let granted = match &options.offloads {
            Some(sets) => grant_by(borrowed[0], header, sets)?,
            None if header == 0 => 0,
            None => options.granted,
        };
        // From here on nothing fails.
        for file in borrowed {
            own_file::prepare(file);
        }
        let own = |file| Arc::new(DeviceFile::with_header(file, header));
        let queues: Vec<Arc<DeviceFile>> = held.take().into_iter().map(own).collect();
        let (namespace_inode, ifindex) = (place.namespace.inode(), identity.ifindex);
        let anchor = Arc::clone(&queues[0]);
        let open = Open { place, ifindex, anchor, queues, offloads: granted, made: false };
        Ok(Self {
            identity,
            multi_queue: false,
            features,
            namespace_inode,
            engine: Arc::default(),
            open: Mutex::new(Some(open)),
        })
    }
}

/// Files that are looked at, and taken when nothing speaks against it.
enum Held {
    Given(Claim),
    Received(Vec<OwnedFd>),
}

impl Held {
    fn from(files: Files) -> Result<Self, SystemError> {
        match files {
            Files::Numbers(numbers) => {
                if (1..numbers.len()).any(|at| numbers[..at].contains(&numbers[at])) {
                    return Err(SystemError::new("attach", libc::EINVAL)
                        .with_hint("the same file is given twice"));
                }
                Claim::new(numbers).map(Self::Given)
            }
            Files::Received(owned) => Ok(Self::Received(owned)),
        }
    }

    fn files(&self) -> Vec<BorrowedFd<'_>> {
        match self {
            Self::Given(claim) => claim.files(),
            Self::Received(owned) => owned.iter().map(AsFd::as_fd).collect(),
        }
    }

    fn take(self) -> Vec<OwnFile> {
        match self {
            Self::Given(claim) => claim.take(),
            Self::Received(owned) => owned.into_iter().map(OwnFile::from).collect(),
        }
    }
}

/// Checks files that are to be queues of one device, and finds out which one that is; changes nothing.
fn check(
    files: &[BorrowedFd<'_>],
    target: Option<NamespaceTarget>,
    requests: Option<NetlinkSocket>,
    expected: Option<Expected>,
) -> Result<(Place, Identity, usize, Features), SystemError> {
    let Some(first) = files.first().copied() else {
        return Err(SystemError::new("attach", libc::EINVAL).with_hint("there are no files"));
    };
    let mut headers = files.iter().map(|file| check_file(*file));
    let header = headers.next().unwrap_or(Ok(0))?;
    headers.try_for_each(|header| header.map(drop))?;
    if files.iter().enumerate().any(|(at, file)| files[..at].iter().any(|one| is_same(*one, *file)))
    {
        return refuse(
            "two of the files are one queue: one is a copy (dup) of the other, and each queue has a file of its own",
        );
    }
    let place = find_place(first, target, requests)?;
    if expected.is_some_and(|expected| expected.namespace != place.namespace.inode()) {
        return Err(stale());
    }
    let identity = identity_of(first, &place).map_err(elsewhere)?;
    if expected.is_some_and(|expected| expected.ifindex != identity.ifindex) {
        return Err(stale());
    }
    if packet_information::is_there(&place.requests, identity.ifindex)? {
        return refuse(
            "four more bytes come with each frame: open the device with IFF_NO_PI (`ip tuntap` does)",
        );
    }
    for other in &files[1..] {
        if identity_of(*other, &place).map_err(elsewhere)?.ifindex != identity.ifindex {
            return Err(SystemError::new(VERIFY, libc::EINVAL)
                .with_hint("the files are of different devices: attach to each for itself"));
        }
    }
    let features =
        Features { flags: tun::check_features(first)?, namespace: tun::tells_namespace(first) };
    Ok((place, identity, header, features))
}

/// Checks one file; the length of the header that its device has.
fn check_file(fd: BorrowedFd<'_>) -> Result<usize, SystemError> {
    let (_, flags) = tun::interface_of(fd).map_err(|error| match error.errno() {
        libc::EBADFD => error.with_hint(
            "no interface is attached to the file: TUNSETIFF comes first, or the interface is gone",
        ),
        errno => SystemError::new(
            error.syscall().to_owned(),
            if errno == libc::EBADF { errno } else { libc::ENOTTY },
        )
        .with_hint("the file is not one of /dev/net/tun"),
    })?;
    if flags & libc::IFF_TAP == 0 {
        return refuse(
            "the interface is a TUN, which has packets and no frames: rtap needs a TAP (IFF_TAP)",
        );
    }
    if flags & libc::IFF_DETACH_QUEUE != 0 {
        return refuse(
            "the queue is detached and gets no frames: attach it (TUNSETQUEUE, IFF_ATTACH_QUEUE) before",
        );
    }
    if flags & libc::IFF_VNET_HDR == 0 {
        return Ok(0);
    }
    let header = tun::header_size(fd)?;
    if header > HEADER_MAX {
        return refuse("the virtio-net header is longer than 64 bytes: set it by TUNSETVNETHDRSZ");
    }
    if !tun::is_host_order(fd)? {
        return refuse(
            "virtio-net headers are in the other byte order than the host's: TUNSETVNETLE or TUNSETVNETBE sets it",
        );
    }
    Ok(header)
}

fn refuse<T>(hint: &'static str) -> Result<T, SystemError> {
    Err(SystemError::new("ioctl TUNGETIFF", libc::EINVAL).with_hint(hint))
}

/// Where the interface is: as is said, or by the file, or, if that doesn't tell, where this process is.
fn find_place(
    file: BorrowedFd<'_>,
    target: Option<NamespaceTarget>,
    requests: Option<NetlinkSocket>,
) -> Result<Place, SystemError> {
    if let Some(target) = target {
        return place_in(target.resolve()?, requests);
    }
    let here = Namespace::current()?;
    match tun::namespace_of(file) {
        Ok(namespace) if namespace.inode() == here.inode() => place_in(here, requests),
        Ok(namespace) => place_in(namespace, requests),
        // Not told: it is here if an interface of its name and hardware address is.
        Err(_) => {
            let place = place_in(here, requests)?;
            let (name, _) = tun::interface_of(file)?;
            let socket = place.requests.as_fd();
            let found = tun::hardware_address(socket, &name).map_err(elsewhere)?;
            if found == tun::hardware_address(file, &name)? {
                return Ok(place);
            }
            Err(elsewhere(SystemError::new(VERIFY, libc::ENODEV)))
        }
    }
}

fn place_in(namespace: Namespace, requests: Option<NetlinkSocket>) -> Result<Place, SystemError> {
    match requests {
        Some(requests) => Ok(Place { namespace, requests: Arc::new(requests) }),
        None => Place::open(namespace),
    }
}

/// What TUNSETOFFLOAD grants of these sets.
pub(super) fn grant(file: &DeviceFile, sets: &[u32]) -> Result<u32, SystemError> {
    grant_by(file.as_fd(), file.header(), sets)
}

fn grant_by(fd: BorrowedFd<'_>, header: usize, sets: &[u32]) -> Result<u32, SystemError> {
    if header != 0 {
        return tun::set_offloads(fd, sets);
    }
    if sets.contains(&0) {
        return tun::set_offloads(fd, &[0]);
    }
    Err(SystemError::new("ioctl TUNSETOFFLOAD", libc::EINVAL).with_hint(
        "the device has no virtio-net header (IFF_VNET_HDR), which would say what is left to be done in a frame",
    ))
}

/// Why a device with another header than ours has no ring.
pub(super) fn no_ring() -> SystemError {
    SystemError::new("io_uring", libc::EOPNOTSUPP).with_hint(
        "the device's virtio-net header has another length than 10 bytes: frames are read and written in parts",
    )
}

fn stale() -> SystemError {
    SystemError::new(VERIFY, libc::ESTALE).with_hint(
        "the queue is of another interface than was said: it was moved meanwhile, or who hands it over is not to be trusted",
    )
}

fn elsewhere(error: SystemError) -> SystemError {
    match error.errno() {
        libc::ENODEV => error.with_hint(
            "the interface is in another network namespace, which this process may not ask for: say which by netns",
        ),
        _ => error,
    }
}

//! TAP devices: opening, adopting, their queues, their end.

mod attach;
mod packet_information;
mod queueing;

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::device_file::DeviceFile;
use crate::engine::{EngineChoice, EngineKind};
use crate::error::SystemError;
use crate::file_request::FileRequest;
use crate::namespace::{Namespace, NamespaceTarget};
use crate::netlink_socket::NetlinkSocket;
use crate::queue::HEADER;
use crate::tun;

pub use attach::{AttachOptions, Expected, Files};

/// How often a step that lost a race with a rename is tried.
const ATTEMPTS: usize = 4;

/// What device to open.
#[derive(Clone, Debug)]
pub struct TapOptions {
    /// 1 to 15 bytes; the kernel puts a number in the place of `%d`.
    pub name: String,
    /// How many queue pairs.
    pub queues: usize,
    /// The namespace the interface is or comes to be in.
    pub namespace: NamespaceTarget,
    /// Whether to join an existing device, and only that, instead of creating one.
    pub adopt: bool,
    /// Sets of `TUN_F_*` flags, the best first; see [`TapDevice::set_offloads`].
    pub offloads: Vec<u32>,
}

/// An interface's name and number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The name at this moment, with a replacement character for what is no UTF-8.
    pub name: String,
    /// The number, which a rename leaves.
    pub ifindex: u32,
}

/// What the driver of this kernel can do, found by asking it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    /// `IFF_*` flags (TUNGETFEATURES).
    pub flags: u32,
    /// Whether it tells the namespace of a device (TUNGETDEVNETNS), so that it can be followed.
    pub namespace: bool,
}

/// An open TAP device. Every operation is for threads that may wait.
#[derive(Debug)]
pub struct TapDevice {
    identity: Identity,
    multi_queue: bool,
    features: Features,
    namespace_inode: u64,
    engine: Arc<EngineChoice>,
    open: Mutex<Option<Open>>,
}

#[derive(Debug)]
struct Open {
    place: Place,
    /// The interface's number there.
    ifindex: u32,
    /// Keeps the device alive: a detached queue, or the one queue of a single-queue device.
    anchor: Arc<DeviceFile>,
    queues: Vec<Arc<DeviceFile>>,
    /// What the kernel was last granted to leave undone.
    offloads: u32,
    /// Whether rtap made the interface, and so sees to its queueing discipline.
    made: bool,
}

/// Where a device was opened, or followed to: what is asked for its number, and where its queues are
/// opened.
#[derive(Clone, Debug)]
struct Place {
    namespace: Namespace,
    /// A socket in it: to ask for ifindexes there, and for whatever the device's user asks rtnetlink.
    requests: Arc<NetlinkSocket>,
}

impl Place {
    fn open(namespace: Namespace) -> Result<Self, SystemError> {
        let requests = NetlinkSocket::open_in(&namespace, &[], None)?;
        Ok(Self { namespace, requests: Arc::new(requests) })
    }
}

impl TapDevice {
    /// Opens a device with all its queues; on failure everything that was opened is closed again.
    pub fn open(options: &TapOptions) -> Result<Self, SystemError> {
        let namespace = options.namespace.resolve()?;
        let namespace_inode = namespace.inode();
        let (identity, multi_queue, features, open) = open_in(namespace, options)?;
        let (engine, open) = (Arc::default(), Mutex::new(Some(open)));
        Ok(Self { identity, multi_queue, features, namespace_inode, engine, open })
    }

    /// How long the header is that the kernel has before each frame: [`HEADER`], unless somebody else made the device.
    #[must_use]
    pub fn header(&self) -> usize {
        self.parts().map_or(HEADER, |(_, _, anchor)| anchor.header())
    }

    /// Name and ifindex when the device was opened.
    #[must_use]
    pub fn identity_at_open(&self) -> &Identity {
        &self.identity
    }

    /// Whether the device can have more than one queue (and then has a detached one, too).
    #[must_use]
    pub fn multi_queue(&self) -> bool {
        self.multi_queue
    }

    /// What the driver can do.
    #[must_use]
    pub fn features(&self) -> Features {
        self.features
    }

    /// The inode of the namespace it was opened in.
    #[must_use]
    pub fn namespace_inode(&self) -> u64 {
        self.namespace_inode
    }

    /// The files of the queues at present; none when closed.
    #[must_use]
    pub fn queues(&self) -> Vec<Arc<DeviceFile>> {
        self.lock().as_ref().map(|open| open.queues.clone()).unwrap_or_default()
    }

    /// The device's own file: it reports POLLERR when the interface is gone.
    pub fn anchor(&self) -> Result<Arc<DeviceFile>, SystemError> {
        Ok(self.parts()?.2)
    }

    /// A socket to ask rtnetlink with, in the namespace where the device was opened, or followed to.
    pub fn requests(&self) -> Result<Arc<NetlinkSocket>, SystemError> {
        Ok(self.parts()?.0.requests)
    }

    /// Closes all queues and opens `count` new ones.
    ///
    /// Whoever holds clones of the old files drops them before, or they stay open. On failure there
    /// are no queues. A single-queue device keeps its one queue, and an attached one those it was given.
    pub fn set_queues(&self, count: usize) -> Result<(), SystemError> {
        let (place, ifindex, anchor) = self.parts()?;
        let made = self.lock().as_ref().is_some_and(|open| open.made);
        if !self.multi_queue {
            return if count == self.queues().len() { Ok(()) } else { Err(single_queue()) };
        }
        let old = self.lock().as_mut().map(|open| std::mem::take(&mut open.queues));
        drop(old);
        let files = place.namespace.open_files(&vec![FileRequest::Tun; count])?;
        let queues = join(&place, anchor.as_fd(), ifindex, files)?;
        match self.lock().as_mut() {
            Some(open) => open.queues = queues,
            None => return Err(closed()),
        }
        // It works with whatever discipline there is.
        if made || count > 1 {
            let _ = queueing::suit(&place.namespace, ifindex, count);
        }
        Ok(())
    }

    /// Name and ifindex now; EBADFD when the interface is gone, ENODEV when it was moved to another
    /// namespace and not followed there.
    pub fn identity(&self) -> Result<Identity, SystemError> {
        let (place, _, anchor) = self.parts()?;
        identity_of(anchor.as_fd(), &place)
    }

    /// Goes where the interface is now: its queues are opened there from then on, and it is asked for
    /// there. Returns that namespace, and the identity in it; nothing changes when it is where it was.
    ///
    /// EBADFD when the interface is gone, EPERM without the right to go there; the device is left as it
    /// was then. The files of its queues work on in any case.
    pub fn follow(&self) -> Result<(Namespace, Identity), SystemError> {
        let (place, _, anchor) = self.parts()?;
        let before = place.namespace.inode();
        let (place, identity) = find(anchor.as_fd(), place)?;
        let namespace = place.namespace.clone();
        let requests = Arc::clone(&place.requests);
        let (left, one) = match self.lock().as_mut() {
            Some(open) => {
                open.ifindex = identity.ifindex;
                let one = open.made && self.multi_queue && open.queues.len() == 1;
                (std::mem::replace(&mut open.place, place), one)
            }
            None => return Err(closed()),
        };
        drop(left);
        // Its discipline was left behind. Nobody has this socket yet.
        if one && namespace.inode() != before {
            queueing::use_one(&requests, identity.ifindex);
        }
        Ok((namespace, identity))
    }

    /// What the kernel may leave undone in frames to us, as `TUN_F_*` flags; none when closed.
    #[must_use]
    pub fn offloads(&self) -> u32 {
        self.lock().as_ref().map(|open| open.offloads).unwrap_or_default()
    }

    /// Lets the kernel leave work undone in frames to us (TUNSETOFFLOAD): the first of `sets` that it
    /// grants. Returns that; EINVAL when it grants none, and nothing has changed then.
    ///
    /// It holds for the whole device, whoever else has it open.
    pub fn set_offloads(&self, sets: &[u32]) -> Result<u32, SystemError> {
        let anchor = self.parts()?.2;
        let granted = attach::grant(&anchor, sets)?;
        if let Some(open) = self.lock().as_mut() {
            open.offloads = granted;
        }
        Ok(granted)
    }

    /// The engine of its queues: [`EngineKind::Syscall`] from the start.
    #[must_use]
    pub fn engine(&self) -> &Arc<EngineChoice> {
        &self.engine
    }

    /// Chooses another engine. Where that doesn't work the device has the one that works everywhere;
    /// [`EngineChoice::refusal`] says why. Fails with EBADFD when the interface is gone.
    pub fn set_engine(&self, wanted: EngineKind) -> Result<(), SystemError> {
        let anchor = self.parts()?.2;
        if anchor.header() != HEADER {
            self.engine.settle(wanted, attach::no_ring());
            return Ok(());
        }
        self.engine.choose(wanted, anchor.as_fd())
    }

    /// Raises or drops the carrier.
    pub fn set_carrier(&self, up: bool) -> Result<(), SystemError> {
        tun::set_carrier(self.parts()?.2.as_fd(), up)
    }

    /// Lets the interface outlive its last file descriptor, or end with that.
    pub fn set_persist(&self, persistent: bool) -> Result<(), SystemError> {
        tun::set_persist(self.parts()?.2.as_fd(), persistent)
    }

    /// Lets a user, a group, or both open the device without `CAP_NET_ADMIN`. What isn't given stays.
    pub fn set_owner(&self, user: Option<u32>, group: Option<u32>) -> Result<(), SystemError> {
        let anchor = self.parts()?.2;
        if let Some(user) = user {
            tun::set_owner(anchor.as_fd(), user)?;
        }
        if let Some(group) = group {
            tun::set_group(anchor.as_fd(), group)?;
        }
        Ok(())
    }

    /// Closes everything; the interface is gone after that, unless it is persistent or somebody else
    /// has it open. Nothing happens the second time.
    pub fn close(&self) {
        let open = self.lock().take();
        drop(open);
    }

    fn parts(&self) -> Result<(Place, u32, Arc<DeviceFile>), SystemError> {
        let guard = self.lock();
        let open = guard.as_ref().ok_or_else(closed)?;
        Ok((open.place.clone(), open.ifindex, Arc::clone(&open.anchor)))
    }

    /// Held for moments only: a JavaScript thread takes this lock, too.
    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open_in(
    namespace: Namespace,
    options: &TapOptions,
) -> Result<(Identity, bool, Features, Open), SystemError> {
    // All at once: going to another namespace takes longer than opening a file there.
    let mut requests = vec![FileRequest::Tun; 1 + options.queues];
    requests.push(NetlinkSocket::FILE);
    let mut files = namespace.open_files(&requests)?;
    let (Some(socket), Some(first)) = (files.pop(), files.pop()) else {
        return Err(SystemError::panicked());
    };
    let requests = Arc::new(NetlinkSocket::bound(socket, &[], None)?);
    let place = Place { namespace, requests };
    let expected = if options.adopt {
        Some(tun::index_of(place.requests.as_fd(), options.name.as_bytes()).map_err(|error| {
            error.with_hint(
                "there is no interface of this name to adopt; leave out adopt to create it",
            )
        })?)
    } else {
        None
    };
    let flags = tun::check_features(first.as_fd())?;
    let multi_queue = attach_first(first.as_fd(), options)?;
    tun::check_flags(first.as_fd(), multi_queue)?;
    let identity = identity_of(first.as_fd(), &place)?;
    if expected.is_some_and(|expected| expected != identity.ifindex) {
        return Err(SystemError::new("ioctl TUNSETIFF", libc::ENODEV)
            .with_hint("the interface to adopt went away meanwhile"));
    }
    tun::set_header_size(first.as_fd())?;
    tun::set_host_order(first.as_fd())?;
    let offloads = tun::set_offloads(first.as_fd(), &options.offloads)?;
    let queues = if multi_queue {
        tun::detach(first.as_fd())?;
        join(&place, first.as_fd(), identity.ifindex, files)?
    } else {
        Vec::new()
    };
    let anchor = Arc::new(DeviceFile::from(first));
    let queues = if multi_queue { queues } else { vec![Arc::clone(&anchor)] };
    let ifindex = identity.ifindex;
    let features = Features { flags, namespace: tun::tells_namespace(anchor.as_fd()) };
    let made = !options.adopt;
    // The last step: what fails before it leaves an adopted interface with the discipline that it had.
    match (made, options.queues) {
        (true, 1) => queueing::use_one(&place.requests, ifindex),
        // It may have been rtap's before.
        (false, 2..) => queueing::use_many(&place.requests, ifindex),
        _ => {}
    }
    Ok((identity, multi_queue, features, Open { place, ifindex, anchor, queues, offloads, made }))
}

/// Creates the device, or joins the one to adopt; returns whether it has several queues.
fn attach_first(fd: BorrowedFd<'_>, options: &TapOptions) -> Result<bool, SystemError> {
    let several = tun::BASE_FLAGS | libc::IFF_MULTI_QUEUE;
    let name = options.name.as_bytes();
    if !options.adopt {
        tun::attach(fd, name, several | libc::IFF_TUN_EXCL)?;
        return Ok(true);
    }
    match tun::attach(fd, name, several) {
        Ok(()) => Ok(true),
        // The kernel's word for "it was made without IFF_MULTI_QUEUE", and for "it is no TAP". Attaching would
        // change its flags, so it isn't done in vain.
        Err(error) if error.errno() == libc::EINVAL && options.queues != 1 => {
            Err(error.with_hint(
                "the interface is no TAP device with several queues: `ip tuntap add ... mode tap multi_queue` makes one",
            ))
        }
        Err(error) if error.errno() == libc::EINVAL => {
            tun::attach(fd, name, tun::BASE_FLAGS).map_err(|error| match error.errno() {
                libc::EINVAL => error.with_hint("the interface of this name is not a TAP device"),
                libc::EBUSY => error.with_hint(
                    "another process has this single-queue device open: end it, or choose another name",
                ),
                _ => error,
            })?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Makes queues of the device that `anchor` belongs to of `files`, which are of /dev/net/tun.
fn join(
    place: &Place,
    anchor: BorrowedFd<'_>,
    ifindex: u32,
    files: Vec<OwnedFd>,
) -> Result<Vec<Arc<DeviceFile>>, SystemError> {
    let join = |fd| Ok(Arc::new(DeviceFile::from(join_one(place, anchor, ifindex, fd)?)));
    files.into_iter().map(join).collect()
}

fn join_one(
    place: &Place,
    anchor: BorrowedFd<'_>,
    ifindex: u32,
    mut fd: OwnedFd,
) -> Result<OwnedFd, SystemError> {
    for _ in 0..ATTEMPTS {
        let (name, _) = tun::interface_of(anchor)?;
        check_place(anchor, place)?;
        tun::attach(fd.as_fd(), &name, tun::BASE_FLAGS | libc::IFF_MULTI_QUEUE)?;
        // The name may have been another device's, or nobody's, by then: what was joined or made in
        // that case goes with `fd`.
        if identity_of(fd.as_fd(), place)?.ifindex == ifindex {
            return Ok(fd);
        }
        fd = place.namespace.open_file(FileRequest::Tun)?;
    }
    Err(SystemError::new("ioctl TUNSETIFF", libc::ENODEV).with_hint(
        "the interface was moved to another network namespace, or is renamed all the time",
    ))
}

/// Refuses with ENODEV when the device that a file belongs to is not where it is thought to be: its
/// name is nobody's, or somebody else's, there.
fn check_place(fd: BorrowedFd<'_>, place: &Place) -> Result<(), SystemError> {
    match tun::namespace_of(fd) {
        Ok(namespace) if namespace.inode() == place.namespace.inode() => Ok(()),
        Ok(_) => Err(SystemError::new(tun::GET_NAMESPACE, libc::ENODEV)
            .with_hint("the interface was moved to another network namespace")),
        // Older kernels, those without namespaces, and those that want CAP_NET_ADMIN for it: names
        // and numbers have to do.
        Err(error)
            if matches!(
                error.errno(),
                libc::ENOTTY | libc::EINVAL | libc::EOPNOTSUPP | libc::EPERM
            ) =>
        {
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// The place where the device that a file belongs to is now, `place` or another one, and its identity
/// there.
fn find(fd: BorrowedFd<'_>, mut place: Place) -> Result<(Place, Identity), SystemError> {
    for _ in 0..ATTEMPTS {
        match identity_of(fd, &place) {
            Ok(identity) => return Ok((place, identity)),
            Err(error) if error.errno() == libc::ENODEV => {}
            Err(error) => return Err(error),
        }
        let namespace = tun::namespace_of(fd).map_err(|error| match error.errno() {
            libc::EPERM => error.with_hint(
                "the interface is in a network namespace where this process has no CAP_NET_ADMIN: run as root",
            ),
            libc::ENOTTY | libc::EINVAL | libc::EOPNOTSUPP => error.with_hint(
                "this kernel does not tell where the interface is now: following it needs Linux 5.2 or later",
            ),
            _ => error,
        })?;
        place = Place::open(namespace)?;
    }
    Err(SystemError::new(tun::GET_NAMESPACE, libc::ENODEV)
        .with_hint("the interface is moved or renamed all the time"))
}

/// The identity of the device that a file belongs to.
fn identity_of(fd: BorrowedFd<'_>, place: &Place) -> Result<Identity, SystemError> {
    let mut last = SystemError::new("ioctl SIOCGIFINDEX", libc::ENODEV);
    for _ in 0..ATTEMPTS {
        let (name, _) = tun::interface_of(fd)?;
        let found = tun::index_of(place.requests.as_fd(), &name);
        check_place(fd, place)?;
        // Asked by a name that was no longer its own, the answer is somebody else's.
        if tun::interface_of(fd)?.0 == name {
            let name = String::from_utf8_lossy(&name).into_owned();
            return Ok(Identity { name, ifindex: found? });
        }
        if let Err(error) = found {
            last = error;
        }
    }
    Err(last)
}

fn closed() -> SystemError {
    SystemError::new("use of a closed TAP device", libc::EBADF)
}

fn single_queue() -> SystemError {
    SystemError::new("ioctl TUNSETIFF", libc::EINVAL).with_hint(
        "the device was made without IFF_MULTI_QUEUE and has one queue; `ip tuntap add ... multi_queue` makes one with several",
    )
}

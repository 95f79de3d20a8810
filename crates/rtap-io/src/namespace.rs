//! Network namespaces.
//!
//! Nothing of the process ever *enters* one for good: a short-lived thread does, or a helper process
//! where that takes a user namespace, makes what is wanted there (a file, a process), and ends.

mod named;
pub(crate) mod rootless;

use std::fs::{self, File, OpenOptions};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use crate::control;
use crate::error::SystemError;
use crate::file_request::FileRequest;
use crate::helper_process;
use crate::own_file;
use crate::syscall::{raw, retry};

/// `NSFS_MAGIC` of `linux/magic.h`; libc's, and the field it is in, are of a type that differs between C libraries.
const NAMESPACE_FILES: u64 = 0x6e73_6673;

const OWN_USER: &str = "/proc/thread-self/ns/user";
const OWN: &str = "/proc/thread-self/ns/net";
/// Where the open files of this process are, by their numbers.
const OWN_FILES: &str = "/proc/self/fd";

/// A network namespace, kept alive by a file descriptor of it.
#[derive(Clone, Debug)]
pub struct Namespace {
    fd: Arc<OwnedFd>,
    inode: u64,
}

/// Which namespace somebody means.
#[derive(Clone, Debug, Default)]
pub enum NamespaceTarget {
    /// The one the calling thread is in.
    #[default]
    Current,
    /// One that is open already.
    Open(Namespace),
    /// A file of a namespace: `/run/netns/NAME`, `/proc/PID/ns/net`.
    Path(PathBuf),
}

impl NamespaceTarget {
    /// Opens what is meant.
    pub fn resolve(&self) -> Result<Namespace, SystemError> {
        match self {
            Self::Current => Namespace::current(),
            Self::Open(namespace) => Ok(namespace.clone()),
            Self::Path(path) => Namespace::open(path),
        }
    }
}

impl Namespace {
    /// A new, anonymous namespace: it ends with the last file descriptor, socket or process in it.
    ///
    /// EPERM without `CAP_SYS_ADMIN`.
    pub fn create() -> Result<Self, SystemError> {
        on_thread(|| {
            // SAFETY: unshare takes no memory; it changes the namespace of this thread only.
            retry("unshare CLONE_NEWNET", || unsafe { libc::unshare(libc::CLONE_NEWNET) }).map_err(
                |error| match error.errno() {
                    libc::EPERM => error.with_hint(
                        "a network namespace needs CAP_SYS_ADMIN: run as root, or give rootless: true, which needs user namespaces and a /dev/net/tun that everybody may open",
                    ),
                    _ => error,
                },
            )?;
            Self::current()
        })
    }

    /// A new, anonymous namespace in a user namespace of its own, in which root is the caller: needs no
    /// privilege where the system allows user namespaces.
    ///
    /// EPERM, EACCES, ENOSPC where it doesn't; the hint says what forbids it.
    pub fn create_rootless() -> Result<Self, SystemError> {
        Self::from_file(File::from(rootless::create()?))
    }

    /// Gives the namespace a name, as `ip netns` has them, by which it outlives this process.
    ///
    /// EEXIST when the name is taken, EINVAL when none can have it; EPERM, EACCES without `CAP_SYS_ADMIN`.
    pub fn bind(&self, name: &str) -> Result<(), SystemError> {
        named::bind(self, name)
    }

    /// Takes the name of a namespace away; it ends when nothing else keeps it.
    ///
    /// ENOENT when there is none; EPERM without `CAP_SYS_ADMIN`.
    pub fn delete(name: &str) -> Result<(), SystemError> {
        named::delete(name)
    }

    /// The namespace of the calling thread.
    pub fn current() -> Result<Self, SystemError> {
        Self::open(Path::new(OWN))
    }

    /// The namespace whose file `path` is; EINVAL when the file is something else, EBADF when the path is that of an
    /// open file of this process that isn't open.
    pub fn open(path: &Path) -> Result<Self, SystemError> {
        let name = || format!("open {}", path.display());
        let other = || {
            SystemError::new(name(), libc::EINVAL).with_hint(
                "the file is not one of a network namespace, such as /run/netns/NAME or /proc/PID/ns/net",
            )
        };
        // What it is is seen once it is open: a pipe without a writer would be waited for until then, and a
        // terminal become this process's own.
        let flags = libc::O_NONBLOCK | libc::O_NOCTTY;
        let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
        let file = opened.map_err(|error| {
            let error = SystemError::from_io(name(), &error);
            match error.errno() {
                libc::ENOENT if is_closed(path) => {
                    SystemError::new(name(), libc::EBADF).with_hint(own_file::NOT_OPEN)
                }
                libc::ENOENT => error.with_hint(
                    "there is no such namespace: `ip netns add NAME` makes /run/netns/NAME, and a process has one while it runs",
                ),
                // A socket, which can't be opened.
                libc::ENXIO => other(),
                _ => error,
            }
        })?;
        if is_network_namespace(&file) { Self::from_file(file) } else { Err(other()) }
    }

    /// The namespace whose open file another process has handed over; EPROTO when it is something else.
    pub fn received(fd: OwnedFd) -> Result<Self, SystemError> {
        let file = File::from(fd);
        if is_network_namespace(&file) {
            return Self::from_file(file);
        }
        Err(SystemError::new("ioctl NS_GET_NSTYPE", libc::EPROTO)
            .with_hint("the file that was handed over is not one of a network namespace"))
    }

    /// The namespace that an open file is one of.
    pub(crate) fn from_file(file: File) -> Result<Self, SystemError> {
        let inode = file.metadata().map_err(|error| SystemError::from_io("fstat", &error))?.ino();
        Ok(Self { fd: Arc::new(file.into()), inode })
    }

    /// The same namespace by a file descriptor of its own: what keeps a path in /proc valid while
    /// somebody else lets go of theirs.
    pub fn try_clone(&self) -> Result<Self, SystemError> {
        let copy = self.fd.try_clone();
        let fd = copy.map_err(|error| SystemError::from_io("fcntl F_DUPFD_CLOEXEC", &error))?;
        Ok(Self { fd: Arc::new(fd), inode: self.inode })
    }

    /// The number that tells this namespace from others as long as both exist (`ls -l /proc/self/ns/net`).
    #[must_use]
    pub fn inode(&self) -> u64 {
        self.inode
    }

    /// Opens files in this namespace: all, or none.
    ///
    /// Directly when the calling thread is in it (which needs no privilege), else on a thread that
    /// enters it and ends, or by a helper process that enters its user namespace before. For threads that
    /// may wait.
    pub(crate) fn open_files(&self, requests: &[FileRequest]) -> Result<Vec<OwnedFd>, SystemError> {
        // Of its full size from the start: a helper process may not allocate.
        let mut files = Vec::with_capacity(requests.len());
        if Self::current()?.inode == self.inode {
            open_all(requests, &mut files)?;
            return Ok(files);
        }
        on_thread(|| match self.enter()? {
            Entered::Thread => open_all(requests, &mut files),
            Entered::Not(user) => helper_process::run(0, || {
                rootless::join(user.as_fd(), self.as_fd())?;
                open_all(requests, &mut files)
            })
            .map_err(rootless::not_ours),
        })?;
        Ok(files)
    }

    /// Opens one file in this namespace, as [`Namespace::open_files`] does.
    pub(crate) fn open_file(&self, request: FileRequest) -> Result<OwnedFd, SystemError> {
        self.open_files(&[request])?.pop().ok_or_else(SystemError::panicked)
    }

    /// Whether it belongs to another user namespace than this process does: one below, as that of a
    /// rootless namespace is.
    pub fn is_rootless(&self) -> Result<bool, SystemError> {
        Ok(self.other_user_namespace()?.is_some())
    }

    /// Moves the calling thread into this namespace, or says that it takes a process in its user namespace.
    pub(crate) fn enter(&self) -> Result<Entered, SystemError> {
        // SAFETY: setns takes no memory; the file descriptor is open as long as `self`.
        match retry("setns", || unsafe { libc::setns(self.fd.as_raw_fd(), libc::CLONE_NEWNET) }) {
            Ok(_) => Ok(Entered::Thread),
            Err(error) if error.errno() == libc::EPERM => {
                match self.other_user_namespace()? {
                    Some(user) => Ok(Entered::Not(user)),
                    None => Err(error
                        .with_hint("another network namespace needs CAP_SYS_ADMIN: run as root")),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// The user namespace that this namespace belongs to, when it is one below this process's own.
    fn other_user_namespace(&self) -> Result<Option<OwnedFd>, SystemError> {
        let name = "ioctl NS_GET_USERNS";
        // SAFETY: NS_GET_USERNS takes no argument; the file descriptor is open as long as `self`.
        let fd = match raw(|| unsafe { libc::ioctl(self.fd.as_raw_fd(), libc::NS_GET_USERNS) }) {
            Ok(fd) => fd,
            // It is above this process's own, or beside it; or the kernel, or an emulator of one, doesn't know the
            // question.
            Err(libc::EPERM | libc::ENOTTY | libc::ENOSYS) => return Ok(None),
            Err(errno) => return Err(SystemError::new(name, errno)),
        };
        // SAFETY: the kernel has just made this file descriptor, and nobody else knows it.
        let user = File::from(unsafe { OwnedFd::from_raw_fd(fd) });
        let found = user.metadata().map_err(|error| SystemError::from_io("fstat", &error))?.ino();
        let own = fs::metadata(OWN_USER).map_err(|error| SystemError::from_io("stat", &error))?;
        Ok(if found == own.ino() { None } else { Some(user.into()) })
    }
}

impl AsFd for Namespace {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// Whether a path is that of a file of this process, by its number, and there is none of this number.
fn is_closed(path: &Path) -> bool {
    let number = path.strip_prefix(OWN_FILES).ok().and_then(Path::to_str);
    number.and_then(|number| number.parse().ok()).is_some_and(|number| !own_file::is_open(number))
}

/// Whether a file is one of the file system that namespaces are in, of whatever kind.
fn is_namespace(file: &File) -> bool {
    // SAFETY: a statfs is integers: zero is valid.
    let mut found: libc::statfs = unsafe { std::mem::zeroed() };
    // SAFETY: `found` lives during the call, `file` is open.
    let told = retry("fstatfs", || unsafe { libc::fstatfs(file.as_raw_fd(), &raw mut found) });
    told.is_ok() && u64::try_from(found.f_type) == Ok(NAMESPACE_FILES)
}

fn is_network_namespace(file: &File) -> bool {
    // SAFETY: NS_GET_NSTYPE takes no argument; `file` is open during the call.
    let kind = retry("ioctl NS_GET_NSTYPE", || unsafe {
        libc::ioctl(file.as_raw_fd(), libc::NS_GET_NSTYPE)
    });
    match kind {
        Ok(kind) => kind == libc::CLONE_NEWNET,
        // Emulators of system calls don't know the question; setns refuses what is of another kind.
        Err(error) => matches!(error.errno(), libc::ENOTTY | libc::ENOSYS) && is_namespace(file),
    }
}

/// What came of [`Namespace::enter`].
pub(crate) enum Entered {
    /// The thread is there.
    Thread,
    /// It is where it was: a process has to join this user namespace first.
    Not(OwnedFd),
}

/// Opens files in the namespace of the caller; `files` has room for them.
fn open_all(requests: &[FileRequest], files: &mut Vec<OwnedFd>) -> Result<(), SystemError> {
    for request in requests {
        files.push(request.open()?);
    }
    Ok(())
}

/// Runs `task` on a thread of its own, and waits for the thread's end.
fn on_thread<T: Send>(
    task: impl FnOnce() -> Result<T, SystemError> + Send,
) -> Result<T, SystemError> {
    control::pin_module();
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .name("rtap-netns".to_owned())
            .spawn_scoped(scope, || {
                control::enter_thread();
                task()
            })
            .map_err(|error| SystemError::from_io("clone", &error))?;
        thread.join().unwrap_or_else(|_| Err(SystemError::panicked()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in for `NS_GET_NSTYPE` where that is not known.
    #[test]
    fn files_of_namespaces_are_told_from_others() {
        let is = |path: &str| File::open(path).is_ok_and(|file| is_namespace(&file));
        assert!(is(OWN));
        assert!(!is("/proc/self/status"));
        assert!(!is("/dev/null"));
    }

    #[test]
    fn a_file_that_is_not_open_is_told_from_a_path_that_is_not_there() {
        let code = |path: &str| Namespace::open(Path::new(path)).map_err(|error| error.code());
        assert_eq!(code("/proc/self/fd/99999").err(), Some("EBADF"));
        assert_eq!(code("/proc/self/fd/none").err(), Some("ENOENT"));
        assert_eq!(code("/run/netns/rtap-none").err(), Some("ENOENT"));
        let open = File::open("/dev/null").expect("a file");
        let path = format!("{OWN_FILES}/{}", open.as_raw_fd());
        assert_eq!(code(&path).err(), Some("EINVAL"), "no namespace");
    }

    /// As an old kernel or an emulator answers to `NS_GET_USERNS`.
    #[test]
    fn where_nobody_knows_the_user_namespace_there_is_no_other() {
        let file = File::open("/dev/null").expect("a file");
        let asked = Namespace::from_file(file).expect("a file").is_rootless();
        assert_eq!(asked, Ok(false));
    }
}

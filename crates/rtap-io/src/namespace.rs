//! Network namespaces.
//!
//! Nothing of the process ever *enters* one for good: a short-lived thread does, makes what is
//! wanted there (a file descriptor, a process), and ends.

use std::fs::File;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use crate::control;
use crate::error::SystemError;
use crate::file_request::FileRequest;
use crate::syscall::retry;

const OWN: &str = "/proc/thread-self/ns/net";

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
    pub fn create() -> Result<Self, SystemError> {
        on_thread(|| {
            // SAFETY: unshare takes no memory; it changes the namespace of this thread only.
            retry("unshare CLONE_NEWNET", || unsafe { libc::unshare(libc::CLONE_NEWNET) })
                .map_err(needs_admin)?;
            Self::current()
        })
    }

    /// The namespace of the calling thread.
    pub fn current() -> Result<Self, SystemError> {
        Self::open(Path::new(OWN))
    }

    /// The namespace whose file `path` is; EINVAL when the file is something else.
    pub fn open(path: &Path) -> Result<Self, SystemError> {
        let name = || format!("open {}", path.display());
        let file = File::open(path).map_err(|error| {
            let error = SystemError::from_io(name(), &error);
            match error.errno() {
                libc::ENOENT => error.with_hint(
                    "there is no such namespace: `ip netns add NAME` makes /run/netns/NAME, and a process has one while it runs",
                ),
                _ => error,
            }
        })?;
        // SAFETY: NS_GET_NSTYPE takes no argument; `file` is open during the call.
        let kind = retry("ioctl NS_GET_NSTYPE", || unsafe {
            libc::ioctl(file.as_raw_fd(), libc::NS_GET_NSTYPE)
        });
        if kind != Ok(libc::CLONE_NEWNET) {
            return Err(SystemError::new(name(), libc::EINVAL).with_hint(
                "the file is not one of a network namespace, such as /run/netns/NAME or /proc/PID/ns/net",
            ));
        }
        Self::from_file(file)
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
    /// enters it and ends. For threads that may wait.
    pub(crate) fn open_files(&self, requests: &[FileRequest]) -> Result<Vec<OwnedFd>, SystemError> {
        if Self::current()?.inode == self.inode {
            return open_all(requests);
        }
        on_thread(|| {
            self.enter()?;
            open_all(requests)
        })
    }

    /// Opens one file in this namespace, as [`Namespace::open_files`] does.
    pub(crate) fn open_file(&self, request: FileRequest) -> Result<OwnedFd, SystemError> {
        self.open_files(&[request])?.pop().ok_or_else(SystemError::panicked)
    }

    /// Moves the calling thread into this namespace.
    pub(crate) fn enter(&self) -> Result<(), SystemError> {
        // SAFETY: setns takes no memory; the file descriptor is open as long as `self`.
        retry("setns", || unsafe { libc::setns(self.fd.as_raw_fd(), libc::CLONE_NEWNET) })
            .map_err(needs_admin)?;
        Ok(())
    }
}

impl AsFd for Namespace {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

fn open_all(requests: &[FileRequest]) -> Result<Vec<OwnedFd>, SystemError> {
    requests.iter().map(|request| request.open()).collect()
}

fn needs_admin(error: SystemError) -> SystemError {
    if error.errno() == libc::EPERM {
        return error.with_hint("another network namespace needs CAP_SYS_ADMIN: run as root");
    }
    error
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

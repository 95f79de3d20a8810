//! Sockets that queues are handed over by: Unix sockets that keep messages apart (`SOCK_SEQPACKET`).
//!
//! Nothing here waits: a socket that has nothing to give says so.

use std::fs;
use std::mem;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{self, Path, PathBuf};

use libc::c_int;

use crate::error::SystemError;
use crate::file_request::FileRequest;
use crate::own_file::{self, Claim, OwnFile};
use crate::rights;
use crate::socket::{self, Address, empty_address, length_of};
use crate::syscall::{raw, retry};

/// How many connections wait to be accepted.
const BACKLOG: c_int = 128;

/// The longest message that is taken.
pub const MESSAGE_MAX: usize = 64 * 1024;

/// Where to listen, or to connect to.
#[derive(Clone, Debug)]
pub enum Where {
    /// A socket in the file system.
    Path(PathBuf),
    /// A name that is in no file system (unix(7)): in the network namespace of the process.
    Abstract(Vec<u8>),
    /// An open socket, by its number: it becomes this process's own when it is taken, and is left as it
    /// is when not.
    Number(RawFd),
}

/// Who is at the other end of a connection, as the kernel vouches (`SO_PEERCRED`): who connected, or who
/// made a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its process, 0 when this process can't see it.
    pub pid: i32,
    /// Its effective user.
    pub uid: u32,
    /// Its effective group.
    pub gid: u32,
}

/// What is received.
#[derive(Debug)]
pub enum Received {
    /// Nothing yet.
    Nothing,
    /// The other side has ended.
    End,
    /// A message and what came with it. One of more than [`MESSAGE_MAX`] bytes is cut to one byte more.
    Message(Vec<u8>, Vec<OwnedFd>),
}

impl Address for libc::sockaddr_un {}

/// A socket that listens, or one connection that was given instead.
#[derive(Debug)]
pub struct Listener {
    fd: OwnFile,
    /// The socket's file, as long as it is ours to remove: device and inode tell.
    file: Option<(PathBuf, u64, u64)>,
}

impl Listener {
    /// Listens. A path's file gets this mode at once, and goes with the listener; a file that a process
    /// has left that doesn't listen any more is replaced. EADDRINUSE when somebody listens there.
    pub fn open(place: &Where, mode: u32) -> Result<Self, SystemError> {
        match place {
            Where::Number(number) => {
                let fd = take(*number, |fd| {
                    if is_listening(fd)? {
                        return Ok(());
                    }
                    Err(SystemError::new("getsockopt SO_ACCEPTCONN", libc::EINVAL)
                        .with_hint("the socket does not listen: listen(2) comes before"))
                })?;
                Ok(Self { fd, file: None })
            }
            Where::Abstract(_) => {
                let fd = open()?;
                bind(fd.as_fd(), place)?;
                listen(fd.as_fd())?;
                Ok(Self { fd, file: None })
            }
            Where::Path(path) => {
                let fd = open()?;
                // Its file goes with the listener, wherever this process is by then.
                let whole =
                    path::absolute(path).map_err(|error| SystemError::from_io("getcwd", &error))?;
                // The file is made with the mode of the socket, so that it is never open to more.
                // SAFETY: fchmod of an open file with integers.
                retry("fchmod", || unsafe {
                    libc::fchmod(fd.as_fd().as_raw_fd(), mode as libc::mode_t)
                })?;
                match bind(fd.as_fd(), place) {
                    Err(error) if error.errno() == libc::EADDRINUSE && is_left_behind(path) => {
                        fs::remove_file(path)
                            .map_err(|error| SystemError::from_io("unlink", &error))?;
                        bind(fd.as_fd(), place)?;
                    }
                    result => result?,
                }
                let listener = Self { file: identity_of(&whole), fd };
                // What the process's umask has taken from it.
                fs::set_permissions(path, fs::Permissions::from_mode(mode))
                    .map_err(|error| SystemError::from_io("chmod", &error))?;
                listen(listener.fd.as_fd())?;
                Ok(listener)
            }
        }
    }

    /// The next connection; nothing when nobody waits.
    pub fn accept(&self) -> Result<Option<Connection>, SystemError> {
        let flags = libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
        let null = std::ptr::null_mut();
        // SAFETY: no address is asked for.
        let result = raw(|| unsafe {
            libc::accept4(self.fd.as_fd().as_raw_fd(), null, std::ptr::null_mut(), flags)
        });
        match result {
            // SAFETY: the kernel has just made this file descriptor, and nobody else knows it.
            Ok(fd) => Connection::new(unsafe { OwnedFd::from_raw_fd(fd) }.into()).map(Some),
            // It was gone before it was accepted.
            Err(libc::EAGAIN | libc::ECONNABORTED) => Ok(None),
            Err(errno) => Err(SystemError::new("accept4", errno)),
        }
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let Some((path, device, inode)) = self.file.take() else { return };
        // Another one may have been put in its place.
        if identity_of(&path).is_some_and(|(_, d, i)| (d, i) == (device, inode)) {
            let _ = fs::remove_file(path);
        }
    }
}

/// A connection to another process.
#[derive(Debug)]
pub struct Connection {
    fd: OwnFile,
    peer: Peer,
}

impl Connection {
    /// Connects, or takes a connection that was given.
    pub fn open(place: &Where) -> Result<Self, SystemError> {
        if let Where::Number(number) = place {
            return Self::new(take(*number, |fd| {
                if !is_listening(fd)? {
                    return Ok(());
                }
                Err(SystemError::new("getsockopt SO_ACCEPTCONN", libc::EINVAL)
                    .with_hint("the socket listens, and is no connection"))
            })?);
        }
        let fd = open()?;
        let (address, length) = address_of(place)?;
        // SAFETY: `address` is a sockaddr_un of the length given, alive during the call.
        let connected = raw(|| unsafe {
            libc::connect(fd.as_fd().as_raw_fd(), (&raw const address).cast(), length)
        });
        connected.map_err(|errno| {
            let error = SystemError::new("connect", errno);
            match errno {
                libc::ECONNREFUSED => {
                    error.with_hint("nobody listens there any more: share() makes the socket anew")
                }
                libc::ENOENT => error.with_hint("nobody shares a device there"),
                libc::EPROTOTYPE => error
                    .with_hint("the socket there is not a SOCK_SEQPACKET one: it is not rtap's"),
                libc::EAGAIN => error.with_hint("too many wait there: try again"),
                _ => error,
            }
        })?;
        Self::new(fd)
    }

    fn new(fd: OwnFile) -> Result<Self, SystemError> {
        let mut found = libc::ucred { pid: 0, uid: 0, gid: 0 };
        let mut length = length_of::<libc::ucred>();
        // SAFETY: `found` and `length` are writable and alive; `length` is the size of `found`.
        retry("getsockopt SO_PEERCRED", || unsafe {
            libc::getsockopt(
                fd.as_fd().as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_PEERCRED,
                (&raw mut found).cast(),
                &raw mut length,
            )
        })?;
        Ok(Self { fd, peer: Peer { pid: found.pid, uid: found.uid, gid: found.gid } })
    }

    /// Who is at the other end.
    #[must_use]
    pub fn peer(&self) -> Peer {
        self.peer
    }

    /// Sends a message with files. EAGAIN when the other side doesn't read, EPIPE when it has ended.
    pub fn send(&self, bytes: &[u8], files: &[BorrowedFd<'_>]) -> Result<(), SystemError> {
        rights::send(self.fd.as_fd(), bytes, files)
    }

    /// Receives what is there.
    pub fn receive(&self) -> Result<Received, SystemError> {
        let mut buffer = vec![0; MESSAGE_MAX + 1];
        let mut received = rights::receive(self.fd.as_fd(), &mut buffer);
        // It ended without having read all, which is told once, and before what it had to say.
        if received.as_ref().is_err_and(|error| error.errno() == libc::ECONNRESET) {
            received = rights::receive(self.fd.as_fd(), &mut buffer);
        }
        match received {
            Ok((0, files)) if files.is_empty() => Ok(Received::End),
            Ok((length, files)) => {
                buffer.truncate(length);
                Ok(Received::Message(buffer, files))
            }
            Err(error) if error.errno() == libc::EAGAIN => Ok(Received::Nothing),
            Err(error) => Err(error),
        }
    }
}

impl AsFd for Connection {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

fn open() -> Result<OwnFile, SystemError> {
    let (family, kind) = (libc::AF_UNIX, libc::SOCK_SEQPACKET);
    FileRequest::Socket { family, kind, protocol: 0 }.open().map(OwnFile::from)
}

fn listen(fd: BorrowedFd<'_>) -> Result<(), SystemError> {
    // SAFETY: listen takes no memory.
    retry("listen", || unsafe { libc::listen(fd.as_fd().as_raw_fd(), BACKLOG) })?;
    Ok(())
}

fn bind(fd: BorrowedFd<'_>, place: &Where) -> Result<(), SystemError> {
    let (address, length) = address_of(place)?;
    // SAFETY: `address` is a sockaddr_un of the length given, alive during the call.
    retry("bind", || unsafe {
        libc::bind(fd.as_fd().as_raw_fd(), (&raw const address).cast(), length)
    })
    .map_err(|error| match error.errno() {
        libc::EADDRINUSE => error.with_hint("somebody listens there, or the file is no socket"),
        _ => error,
    })?;
    Ok(())
}

/// The address, and how many of its bytes count.
fn address_of(place: &Where) -> Result<(libc::sockaddr_un, libc::socklen_t), SystemError> {
    let (name, at) = match place {
        Where::Path(path) => (path.as_os_str().as_bytes(), 0),
        Where::Abstract(name) => (name.as_slice(), 1),
        Where::Number(_) => (&[][..], 0),
    };
    let mut address: libc::sockaddr_un = empty_address();
    address.sun_family = libc::sa_family_t::try_from(libc::AF_UNIX).unwrap_or_default();
    // A path ends with a NUL, an abstract name begins with one.
    if name.len() + 1 > address.sun_path.len() {
        return Err(SystemError::new("bind", libc::ENAMETOOLONG)
            .with_hint("the address of a Unix socket has at most 107 bytes"));
    }
    for (to, from) in address.sun_path[at..].iter_mut().zip(name) {
        *to = libc::c_char::from_ne_bytes([*from]);
    }
    let length = mem::offset_of!(libc::sockaddr_un, sun_path) + name.len() + 1;
    Ok((address, libc::socklen_t::try_from(length).unwrap_or_default()))
}

/// Whether a path's socket is one that nobody listens to any more.
fn is_left_behind(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket())
        && Connection::open(&Where::Path(path.to_owned()))
            .is_err_and(|error| error.errno() == libc::ECONNREFUSED)
}

fn identity_of(path: &Path) -> Option<(PathBuf, u64, u64)> {
    let found = fs::symlink_metadata(path).ok()?;
    Some((path.to_owned(), found.dev(), found.ino()))
}

/// Makes a socket that was given by its number this process's own, if it is what it has to be.
fn take(
    number: RawFd,
    check: impl FnOnce(BorrowedFd<'_>) -> Result<(), SystemError>,
) -> Result<OwnFile, SystemError> {
    let claim = Claim::new(vec![number])?;
    let fd = claim.files()[0];
    let is = |option, name, wanted| {
        socket::int_option(fd, libc::SOL_SOCKET, option, name).is_ok_and(|found| found == wanted)
    };
    if !is(libc::SO_DOMAIN, "getsockopt SO_DOMAIN", libc::AF_UNIX)
        || !is(libc::SO_TYPE, "getsockopt SO_TYPE", libc::SOCK_SEQPACKET)
    {
        return Err(SystemError::new("getsockopt SO_TYPE", libc::ENOTSOCK)
            .with_hint("the file is no Unix socket of type SOCK_SEQPACKET"));
    }
    check(fd)?;
    own_file::prepare(fd);
    claim.take().pop().ok_or_else(SystemError::panicked)
}

fn is_listening(fd: BorrowedFd<'_>) -> Result<bool, SystemError> {
    let name = "getsockopt SO_ACCEPTCONN";
    Ok(socket::int_option(fd, libc::SOL_SOCKET, libc::SO_ACCEPTCONN, name)? != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn temporary(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("rtap-handover-{}-{name}", std::process::id()))
    }

    fn pair(place: &Where) -> (Listener, Connection, Connection) {
        let listener = Listener::open(place, 0o600).expect("a listener");
        let theirs = Connection::open(place).expect("a connection");
        let ours = listener.accept().expect("no failure").expect("somebody");
        (listener, ours, theirs)
    }

    #[test]
    fn messages_and_files_go_over() {
        let place = Where::Abstract(format!("rtap-test-{}", std::process::id()).into_bytes());
        let (listener, ours, theirs) = pair(&place);
        assert!(listener.accept().expect("no failure").is_none(), "one only");
        assert!(matches!(theirs.receive(), Ok(Received::Nothing)));
        let file = fs::File::open("/dev/null").expect("a file");
        ours.send(b"one", &[file.as_fd(), file.as_fd()]).expect("sent");
        ours.send(b"two", &[]).expect("sent");
        for (expected, count) in [(&b"one"[..], 2), (b"two", 0)] {
            match theirs.receive().expect("received") {
                Received::Message(bytes, files) => {
                    assert_eq!((bytes.as_slice(), files.len()), (expected, count));
                }
                other => panic!("{other:?}"),
            }
        }
        // What was said last is heard, though the other side has not read all.
        theirs.send(b"unread", &[]).expect("sent");
        ours.send(b"last", &[]).expect("sent");
        drop(ours);
        match theirs.receive().expect("received") {
            Received::Message(bytes, _) => assert_eq!(bytes, b"last"),
            other => panic!("{other:?}"),
        }
        assert!(matches!(theirs.receive(), Ok(Received::End)));
        assert_eq!(theirs.send(b"x", &[]).expect_err("ended").code(), "EPIPE");
    }

    #[test]
    fn tells_who_is_there() {
        let place = Where::Abstract(format!("rtap-peer-{}", std::process::id()).into_bytes());
        let (_listener, ours, _theirs) = pair(&place);
        // SAFETY: they take nothing.
        let (uid, gid) = unsafe { (libc::geteuid(), libc::getegid()) };
        let pid = i32::try_from(std::process::id()).expect("a small number");
        assert_eq!(ours.peer(), Peer { pid, uid, gid });
    }

    #[test]
    fn a_path_has_its_mode_and_goes_with_the_listener() {
        let path = temporary("mode");
        let place = Where::Path(path.clone());
        for mode in [0o600, 0o666] {
            let listener = Listener::open(&place, mode).expect("a listener");
            let found = fs::metadata(&path).expect("a file");
            assert_eq!(found.permissions().mode() & 0o777, mode);
            let busy = Listener::open(&place, mode).expect_err("somebody listens");
            assert_eq!(busy.code(), "EADDRINUSE");
            drop(listener);
            assert!(!path.exists());
        }
    }

    #[test]
    fn a_path_that_was_left_behind_is_used_again_and_another_file_is_not() {
        let path = temporary("stale");
        let place = Where::Path(path.clone());
        let mut listener = Listener::open(&place, 0o600).expect("a listener");
        // As after a SIGKILL.
        listener.file = None;
        drop(listener);
        assert!(path.exists());
        assert_eq!(Connection::open(&place).expect_err("nobody").code(), "ECONNREFUSED");
        let listener = Listener::open(&place, 0o600).expect("a listener");
        // Somebody puts another file there: it is not ours to remove.
        fs::remove_file(&path).expect("removed");
        fs::write(&path, "a file").expect("written");
        drop(listener);
        assert!(path.exists());
        assert_eq!(Listener::open(&place, 0o600).expect_err("a file").code(), "EADDRINUSE");
        assert_eq!(fs::read_to_string(&path).expect("read"), "a file");
        fs::remove_file(&path).expect("removed");
    }

    #[test]
    fn a_relative_path_goes_wherever_the_process_is_by_then() {
        let place = Where::Path(format!("rtap-handover-{}", std::process::id()).into());
        let listener = Listener::open(&place, 0o600).expect("a listener");
        assert!(
            listener.file.as_ref().is_some_and(|(path, ..)| path.is_absolute() && path.exists())
        );
    }

    #[test]
    fn a_number_is_taken_only_when_it_is_what_it_has_to_be() {
        let file = fs::File::open("/dev/null").expect("a file");
        let error = Connection::open(&Where::Number(file.as_raw_fd())).expect_err("no socket");
        assert_eq!(error.code(), "ENOTSOCK");
        assert!(file.metadata().is_ok(), "it is as it was");
        assert_eq!(Connection::open(&Where::Number(99_999)).expect_err("none").code(), "EBADF");
        let place = Where::Abstract(format!("rtap-number-{}", std::process::id()).into_bytes());
        let (listener, ours, theirs) = pair(&place);
        let copy = |of: BorrowedFd<'_>| of.try_clone_to_owned().expect("a copy");
        let listening = copy(listener.as_fd());
        let error = Connection::open(&Where::Number(listening.as_raw_fd())).expect_err("listens");
        assert_eq!(error.code(), "EINVAL");
        let connected = copy(ours.as_fd());
        let error = Listener::open(&Where::Number(connected.as_raw_fd()), 0).expect_err("does not");
        assert_eq!(error.code(), "EINVAL");
        let error = Connection::open(&Where::Number(ours.as_raw_fd())).expect_err("ours");
        assert_eq!(error.code(), "EBUSY");
        let number = copy(theirs.as_fd());
        let taken = Connection::open(&Where::Number(std::os::fd::IntoRawFd::into_raw_fd(number)));
        taken.expect("a connection").send(b"x", &[]).expect("sent");
        assert!(matches!(ours.receive(), Ok(Received::Message(..))));
    }

    #[test]
    fn an_address_has_a_length() {
        let place = Where::Abstract(vec![b'x'; 108]);
        assert_eq!(Listener::open(&place, 0).expect_err("too long").code(), "ENAMETOOLONG");
    }

    impl AsRawFd for Listener {
        fn as_raw_fd(&self) -> RawFd {
            self.fd.as_fd().as_raw_fd()
        }
    }

    impl AsRawFd for Connection {
        fn as_raw_fd(&self) -> RawFd {
            self.fd.as_fd().as_raw_fd()
        }
    }
}

//! Queues that go to other processes.

use std::cell::RefCell;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::sync::Arc;

use napi::bindgen_prelude::{ClassInstance, Uint8Array};
use napi::{Env, Result};
use napi_derive::napi;
use rtap_io::control;
use rtap_io::handover::{self as io, Received, Where};
use rtap_io::node::{View, throw};

use crate::namespace::Namespace;
use crate::netlink::NetlinkSocket;
use crate::poll::pollable;
use crate::queue::Queue;

/// Where to listen, or to connect to: one of the three.
#[napi(object)]
pub struct HandoverAddress {
    /// A path.
    pub path: Option<String>,
    /// An abstract name.
    pub name: Option<String>,
    /// The number of an open socket.
    pub fd: Option<i32>,
}

impl From<HandoverAddress> for Where {
    fn from(address: HandoverAddress) -> Self {
        match address {
            HandoverAddress { path: Some(path), .. } => Self::Path(PathBuf::from(path)),
            HandoverAddress { name: Some(name), .. } => Self::Abstract(name.into_bytes()),
            HandoverAddress { fd, .. } => Self::Number(fd.unwrap_or(-1)),
        }
    }
}

/// Who is at the other end.
#[napi(object)]
pub struct HandoverPeer {
    /// Process.
    pub pid: i32,
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

/// A socket that listens.
#[napi]
pub struct HandoverListener {
    listener: RefCell<Option<Arc<io::Listener>>>,
}

#[napi]
impl HandoverListener {
    /// The next connection; null when nobody waits.
    #[napi]
    pub fn accept(&self, env: &Env) -> Result<Option<HandoverConnection>> {
        let found = self.get(env)?.accept().map_err(|failure| throw::system(env, &failure))?;
        Ok(found.map(HandoverConnection::new))
    }
}

pollable!(HandoverListener, listener: io::Listener);

/// A message.
#[napi(object, object_from_js = false)]
pub struct HandoverMessage {
    /// What it says; undefined: the other side has ended.
    pub bytes: Option<Uint8Array>,
    /// What came with it.
    pub files: ReceivedFiles,
}

/// Files that came with a message. What is not taken is closed.
#[napi]
pub struct ReceivedFiles {
    files: RefCell<Vec<OwnedFd>>,
}

impl ReceivedFiles {
    pub(crate) fn take(&self) -> Vec<OwnedFd> {
        self.files.take()
    }
}

#[napi]
impl ReceivedFiles {
    /// How many there are.
    #[napi(getter)]
    pub fn count(&self) -> u32 {
        u32::try_from(self.files.borrow().len()).unwrap_or(u32::MAX)
    }

    /// Closes them.
    #[napi]
    pub fn close(&self) {
        // One may be the last of its device.
        control::dispose(self.files.take());
    }
}

impl Drop for ReceivedFiles {
    fn drop(&mut self) {
        let files = self.files.take();
        if !files.is_empty() {
            control::dispose(files);
        }
    }
}

/// A connection.
#[napi]
pub struct HandoverConnection {
    connection: RefCell<Option<Arc<io::Connection>>>,
    peer: io::Peer,
}

impl HandoverConnection {
    fn new(connection: io::Connection) -> Self {
        Self { peer: connection.peer(), connection: RefCell::new(Some(Arc::new(connection))) }
    }
}

#[napi]
impl HandoverConnection {
    /// Who is there.
    #[napi(getter)]
    pub fn peer(&self) -> HandoverPeer {
        let io::Peer { pid, uid, gid } = self.peer;
        HandoverPeer { pid, uid, gid }
    }

    /// Sends a message, and with it the files of queues, a namespace and sockets, in that order.
    #[napi]
    pub fn send(
        &self,
        env: &Env,
        #[napi(ts_arg_type = "Uint8Array")] bytes: View<'_, u8>,
        queues: Vec<ClassInstance<'_, Queue>>,
        namespace: Option<&Namespace>,
        sockets: Vec<ClassInstance<'_, NetlinkSocket>>,
    ) -> Result<()> {
        let connection = self.get(env)?;
        let queues = queues.iter().map(|queue| queue.get(env)).collect::<Result<Vec<_>>>()?;
        let namespace = namespace.map(|namespace| namespace.get(env)).transpose()?;
        let sockets = sockets.iter().map(|socket| socket.get(env)).collect::<Result<Vec<_>>>()?;
        let mut files: Vec<BorrowedFd<'_>> = queues.iter().map(|file| file.as_fd()).collect();
        files.extend(namespace.iter().map(AsFd::as_fd));
        files.extend(sockets.iter().map(|socket| socket.as_fd()));
        connection.send(&bytes.to_vec(), &files).map_err(|failure| throw::system(env, &failure))
    }

    /// The next message; null when there is none yet.
    #[napi]
    pub fn receive(&self, env: &Env) -> Result<Option<HandoverMessage>> {
        let received = self.get(env)?.receive().map_err(|failure| throw::system(env, &failure))?;
        let (bytes, files) = match received {
            Received::Nothing => return Ok(None),
            Received::End => (None, Vec::new()),
            Received::Message(bytes, files) => (Some(bytes.into()), files),
        };
        Ok(Some(HandoverMessage { bytes, files: ReceivedFiles { files: RefCell::new(files) } }))
    }
}

pollable!(HandoverConnection, connection: io::Connection);

/// Listens; a path's file has this mode.
#[napi]
pub fn listen_for_handover(
    env: &Env,
    address: HandoverAddress,
    mode: u32,
) -> Result<HandoverListener> {
    let listener = io::Listener::open(&address.into(), mode)
        .map_err(|failure| throw::system(env, &failure))?;
    Ok(HandoverListener { listener: RefCell::new(Some(Arc::new(listener))) })
}

/// Connects.
#[napi]
pub fn connect_for_handover(env: &Env, address: HandoverAddress) -> Result<HandoverConnection> {
    let connection =
        io::Connection::open(&address.into()).map_err(|failure| throw::system(env, &failure))?;
    Ok(HandoverConnection::new(connection))
}

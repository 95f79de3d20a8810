//! Netlink sockets.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use napi::bindgen_prelude::{Object, Uint8Array};
use napi::{Env, Result};
use napi_derive::napi;
use rtap_io::SystemError;
use rtap_io::control::Lane;
use rtap_io::netlink_socket::{self as io, BpfInstruction, NetlinkOption, Received};
use rtap_io::node::{View, throw};

use crate::namespace::{self, Namespace};
use crate::poll::pollable;
use crate::promise::promise;

/// A datagram that belongs to JavaScript.
#[napi(object)]
pub struct ReceivedDatagram {
    /// All of it.
    pub bytes: Uint8Array,
    /// The sender's port.
    pub port_id: u32,
    /// The groups it was sent to.
    pub groups: u32,
    /// Whether bytes are lost.
    pub truncated: bool,
    /// Where it comes from.
    pub nsid: Option<i32>,
}

/// A netlink socket.
#[napi]
pub struct NetlinkSocket {
    socket: RefCell<Option<Arc<io::NetlinkSocket>>>,
    ahead: Arc<Ahead>,
    lane: Lane,
}

type Answer = std::result::Result<Option<(Vec<u8>, Received)>, SystemError>;

/// What `exchange` has received for the next `receive`, oldest first.
#[derive(Default)]
struct Ahead(Mutex<VecDeque<Answer>>);

impl Ahead {
    /// Receives what is there, if anything.
    fn fill(&self, socket: &io::NetlinkSocket) {
        match socket.receive_owned() {
            Ok(None) => {}
            answer => self.lock().push_back(answer),
        }
    }

    fn take(&self) -> Option<Answer> {
        self.lock().pop_front()
    }

    /// No code of ours panics while it holds this lock.
    fn lock(&self) -> MutexGuard<'_, VecDeque<Answer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn convert((bytes, about): (Vec<u8>, Received)) -> ReceivedDatagram {
    ReceivedDatagram {
        bytes: bytes.into(),
        port_id: about.port_id,
        groups: about.groups,
        truncated: about.truncated,
        nsid: about.nsid,
    }
}

impl NetlinkSocket {
    pub(crate) fn new(socket: Arc<io::NetlinkSocket>, lane: Lane) -> Self {
        Self { socket: RefCell::new(Some(socket)), ahead: Arc::default(), lane }
    }

    fn with<T>(
        &self,
        env: &Env,
        action: impl FnOnce(&io::NetlinkSocket) -> std::result::Result<T, SystemError>,
    ) -> Result<T> {
        match &*self.socket.borrow() {
            Some(socket) => action(socket).map_err(|failure| throw::system(env, &failure)),
            None => Err(throw::closed(env)),
        }
    }
}

#[napi]
impl NetlinkSocket {
    /// Its port.
    #[napi(getter)]
    pub fn port_id(&self, env: &Env) -> Result<u32> {
        self.with(env, |socket| Ok(socket.port_id()))
    }

    /// Switches an option; false when the kernel lacks it.
    #[napi]
    pub fn set_option(
        &self,
        env: &Env,
        #[napi(
            ts_arg_type = "'extAck' | 'capAck' | 'strictCheck' | 'listenAllNsid' | 'noEnobufs' | 'broadcastError'"
        )]
        option: String,
        enabled: bool,
    ) -> Result<bool> {
        let option = NetlinkOption::from_name(&option)
            .ok_or_else(|| throw::wrong_type(env, "option must be the name of a netlink option"))?;
        self.with(env, |socket| socket.set_option(option, enabled))
    }

    /// Joins a group.
    #[napi]
    pub fn join_group(&self, env: &Env, group: u32) -> Result<()> {
        self.with(env, |socket| socket.join_group(group))
    }

    /// Leaves a group.
    #[napi]
    pub fn leave_group(&self, env: &Env, group: u32) -> Result<()> {
        self.with(env, |socket| socket.leave_group(group))
    }

    /// Sets the size of the receive buffer; returns what the kernel granted.
    #[napi]
    pub fn set_receive_buffer(&self, env: &Env, bytes: u32) -> Result<u32> {
        self.with(env, |socket| socket.set_receive_buffer(bytes))
    }

    /// Sets or takes away the filter. Two words an instruction: code, jt and jf in the first, from its low bits on;
    /// k in the second.
    #[napi]
    pub fn attach_filter(
        &self,
        env: &Env,
        #[napi(ts_arg_type = "Uint32Array")] program: View<'_, u32>,
    ) -> Result<()> {
        let words = program.region();
        let program: Vec<BpfInstruction> = (0..words.len() / 2)
            .filter_map(|index| Some((words.load(2 * index)?, words.load(2 * index + 1)?)))
            .map(|(first, operand)| {
                let [low, high, jump_true, jump_false] = first.to_le_bytes();
                let code = u16::from_le_bytes([low, high]);
                BpfInstruction { code, jump_true, jump_false, operand }
            })
            .collect();
        self.with(env, |socket| socket.attach_filter(&program))
    }

    /// Sends a copy of the bytes.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn send<'env>(
        &self,
        env: &'env Env,
        #[napi(ts_arg_type = "Uint8Array")] bytes: View<'_, u8>,
    ) -> Result<Object<'env>> {
        let (socket, bytes) = (self.get(env)?, bytes.to_vec());
        promise(env, &self.lane, move || socket.send(&bytes), |()| ())
    }

    /// Sends a copy of the bytes, and receives the first datagram of the answer for the next `receive`: rtnetlink
    /// has worked a request off when sending it returns.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn exchange<'env>(
        &self,
        env: &'env Env,
        #[napi(ts_arg_type = "Uint8Array")] bytes: View<'_, u8>,
    ) -> Result<Object<'env>> {
        let (socket, bytes) = (self.get(env)?, bytes.to_vec());
        let ahead = Arc::clone(&self.ahead);
        promise(
            env,
            &self.lane,
            move || {
                socket.send(&bytes)?;
                ahead.fill(&socket);
                Ok(())
            },
            |()| (),
        )
    }

    /// What `exchange` has received, oldest first; null when that is nothing.
    #[napi]
    pub fn received(&self, env: &Env) -> Result<Option<ReceivedDatagram>> {
        let answer = self.ahead.take().unwrap_or(Ok(None));
        answer.map(|found| found.map(convert)).map_err(|failure| throw::system(env, &failure))
    }

    /// Receives one datagram on a control thread; null when none is there.
    #[napi(ts_return_type = "Promise<ReceivedDatagram | null>")]
    pub fn receive<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let socket = self.get(env)?;
        let ahead = Arc::clone(&self.ahead);
        promise(
            env,
            &self.lane,
            move || ahead.take().unwrap_or_else(|| socket.receive_owned()),
            |received| received.map(convert),
        )
    }

    /// Receives one datagram on this thread into `buffer`; its length, or -1 when none is there.
    /// `about` gets port, groups, whether truncated, whether there is an nsid, and that.
    #[napi]
    pub fn receive_into(
        &self,
        env: &Env,
        #[napi(ts_arg_type = "Uint8Array")] buffer: View<'_, u8>,
        #[napi(ts_arg_type = "Uint32Array")] about: View<'_, u32>,
    ) -> Result<i32> {
        let Some(received) = self.with(env, |socket| socket.receive_into(buffer.region()))? else {
            return Ok(-1);
        };
        let about = about.region();
        about.store(0, received.port_id);
        about.store(1, received.groups);
        about.store(2, received.truncated.into());
        about.store(3, received.nsid.is_some().into());
        about.store(4, received.nsid.unwrap_or_default().cast_unsigned());
        Ok(i32::try_from(received.length).unwrap_or(i32::MAX))
    }
}

pollable!(NetlinkSocket, socket: io::NetlinkSocket);

/// Opens a netlink socket in the namespace of this process. Nothing in it waits for the kernel's RTNL lock.
#[napi]
pub fn open_netlink_socket_here(
    env: &Env,
    groups: Vec<u32>,
    receive_buffer: Option<u32>,
) -> Result<NetlinkSocket> {
    let socket = io::NetlinkSocket::open(&groups, receive_buffer)
        .map_err(|failure| throw::system(env, &failure))?;
    Ok(NetlinkSocket::new(Arc::new(socket), Lane::new()))
}

/// Opens a netlink socket in another namespace.
#[napi(ts_return_type = "Promise<NetlinkSocket>")]
pub fn open_netlink_socket<'env>(
    env: &'env Env,
    groups: Vec<u32>,
    receive_buffer: Option<u32>,
    namespace: Option<&Namespace>,
    path: Option<String>,
) -> Result<Object<'env>> {
    let target = namespace::target(env, namespace, path)?;
    let lane = Lane::new();
    let socket_lane = lane.clone();
    promise(
        env,
        &lane,
        move || io::NetlinkSocket::open_in(&target.resolve()?, &groups, receive_buffer),
        move |socket| NetlinkSocket::new(Arc::new(socket), socket_lane),
    )
}

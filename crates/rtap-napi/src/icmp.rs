//! Raw ICMP sockets.

use std::cell::RefCell;
use std::sync::Arc;

use napi::bindgen_prelude::{Object, Uint8Array};
use napi::{Env, Result};
use napi_derive::napi;
use rtap_io::control::Lane;
use rtap_io::icmp::{self as io, Family, Peer};
use rtap_io::node::{View, throw};

use crate::namespace::{self, Namespace};
use crate::poll::pollable;
use crate::promise::promise;

/// The largest IP datagram.
const MESSAGE_MAX: usize = 65_535;

/// A received message.
#[napi(object)]
pub struct IcmpMessage {
    /// Its bytes; for IPv4 with the IP header.
    pub bytes: Uint8Array,
    /// Who sent it.
    pub address: String,
}

/// A raw ICMP socket.
#[napi]
pub struct IcmpSocket {
    socket: RefCell<Option<Arc<io::IcmpSocket>>>,
    buffer: RefCell<Vec<u8>>,
}

#[napi]
impl IcmpSocket {
    /// Sends a message.
    #[napi]
    pub fn send(
        &self,
        env: &Env,
        #[napi(ts_arg_type = "Uint8Array")] message: View<'_, u8>,
        address: String,
    ) -> Result<()> {
        let peer = Peer::parse(&address)
            .ok_or_else(|| throw::wrong_type(env, "address must be an IP address"))?;
        self.get(env)?.send(&message.to_vec(), peer).map_err(|failure| throw::system(env, &failure))
    }

    /// Receives a message; null when none is there.
    #[napi]
    pub fn receive(&self, env: &Env) -> Result<Option<IcmpMessage>> {
        let socket = self.get(env)?;
        let mut buffer = self.buffer.borrow_mut();
        buffer.resize(MESSAGE_MAX, 0);
        let received =
            socket.receive(&mut buffer).map_err(|failure| throw::system(env, &failure))?;
        Ok(received.map(|(length, peer)| IcmpMessage {
            bytes: buffer[..length].to_vec().into(),
            address: peer.to_string(),
        }))
    }
}

pollable!(IcmpSocket, socket: io::IcmpSocket);

/// Opens a raw ICMP socket: for IPv6, or else for IPv4.
#[napi(ts_return_type = "Promise<IcmpSocket>")]
pub fn open_icmp_socket<'env>(
    env: &'env Env,
    v6: bool,
    namespace: Option<&Namespace>,
    path: Option<String>,
) -> Result<Object<'env>> {
    let target = namespace::target(env, namespace, path)?;
    let family = if v6 { Family::V6 } else { Family::V4 };
    let open = move || io::IcmpSocket::open(&target.resolve()?, family);
    promise(env, &Lane::new(), open, |socket| IcmpSocket {
        socket: RefCell::new(Some(Arc::new(socket))),
        buffer: RefCell::default(),
    })
}

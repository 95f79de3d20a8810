//! Packet sockets.

use std::cell::RefCell;
use std::sync::Arc;

use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;
use rtap_io::control::Lane;
use rtap_io::node::{View, throw};
use rtap_io::packet_socket::{self as io, Received};

use crate::namespace::{self, Namespace};
use crate::poll::{Callback, Poll};
use crate::promise::promise;

/// How a packet socket is opened.
#[expect(clippy::struct_excessive_bools, reason = "options of the kernel, each on or off")]
#[napi(object)]
pub struct PacketSocketOptions {
    /// The interface.
    pub ifindex: u32,
    /// Whether nothing is received.
    pub send_only: bool,
    /// Whether the interface takes frames for others.
    pub promiscuous: bool,
    /// Whether frames that this machine sends are left out.
    pub ignore_outgoing: bool,
    /// Whether the queueing discipline is gone round.
    pub qdisc_bypass: bool,
    /// The size of the receive buffer in bytes.
    pub receive_buffer: Option<u32>,
}

/// What was counted since it was last asked.
#[napi(object)]
pub struct PacketCounts {
    /// Frames that came, dropped ones included.
    pub packets: u32,
    /// Frames that found no room.
    pub drops: u32,
}

/// A packet socket.
#[napi]
pub struct PacketSocket {
    socket: RefCell<Option<Arc<io::PacketSocket>>>,
}

impl PacketSocket {
    fn get(&self, env: &Env) -> Result<Arc<io::PacketSocket>> {
        self.socket.borrow().clone().ok_or_else(|| throw::closed(env))
    }
}

#[napi]
impl PacketSocket {
    /// Receives frames, one in each slot; how many.
    #[napi]
    pub fn rx_burst(
        &self,
        env: &Env,
        #[napi(ts_arg_type = "Uint8Array")] slab: View<'_, u8>,
        #[napi(ts_arg_type = "Uint32Array")] descriptors: View<'_, u32>,
        #[napi(ts_arg_type = "Uint32Array")] details: View<'_, u32>,
        #[napi(ts_arg_type = "BigUint64Array")] timestamps: View<'_, u64>,
        slot: u32,
    ) -> Result<u32> {
        let memory = Received {
            slab: slab.region(),
            descriptors: descriptors.region(),
            details: details.region(),
            timestamps: timestamps.region(),
        };
        let count = self.get(env)?.rx_burst(memory, slot as usize);
        number(count.map_err(|failure| throw::system(env, &failure))?)
    }

    /// Sends frames of the slab; how many went.
    #[napi]
    pub fn tx_burst(
        &self,
        env: &Env,
        #[napi(ts_arg_type = "Uint8Array")] slab: View<'_, u8>,
        #[napi(ts_arg_type = "Uint32Array")] descriptors: View<'_, u32>,
        from: u32,
        count: u32,
    ) -> Result<u32> {
        let (slab, descriptors) = (slab.region(), descriptors.region());
        let sent = self.get(env)?.tx_burst(slab, descriptors, from as usize, count as usize);
        number(sent.map_err(|failure| throw::system(env, &failure))?)
    }

    /// What the kernel counted since this was last called.
    #[napi]
    pub fn take_statistics(&self, env: &Env) -> Result<PacketCounts> {
        let counted =
            self.get(env)?.take_statistics().map_err(|failure| throw::system(env, &failure))?;
        Ok(PacketCounts { packets: counted.packets, drops: counted.drops })
    }

    /// A poll on the socket.
    #[napi]
    pub fn poll(
        &self,
        env: &Env,
        #[napi(ts_arg_type = "(status: number, events: number) => void")] callback: Callback<'_>,
    ) -> Result<Poll> {
        Poll::new(env, self.get(env)?, &callback)
    }

    /// Closes it on a control thread: the kernel waits for RCU then.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn close<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let socket = self.socket.take();
        let close = move || {
            drop(socket);
            Ok(())
        };
        promise(env, &Lane::new(), close, |()| ())
    }
}

/// Opens a packet socket.
#[napi(ts_return_type = "Promise<PacketSocket>")]
pub fn open_packet_socket<'env>(
    env: &'env Env,
    options: PacketSocketOptions,
    namespace: Option<&Namespace>,
    path: Option<String>,
) -> Result<Object<'env>> {
    let target = namespace::target(env, namespace, path)?;
    let options = io::PacketOptions {
        ifindex: options.ifindex,
        send_only: options.send_only,
        promiscuous: options.promiscuous,
        ignore_outgoing: options.ignore_outgoing,
        qdisc_bypass: options.qdisc_bypass,
        receive_buffer: options.receive_buffer,
    };
    let open = move || io::PacketSocket::open(&target.resolve()?, options);
    promise(env, &Lane::new(), open, |socket| PacketSocket {
        socket: RefCell::new(Some(Arc::new(socket))),
    })
}

/// A count of frames, which a slab can't hold 2^32 of.
fn number(count: usize) -> Result<u32> {
    u32::try_from(count).map_err(|error| napi::Error::from_reason(error.to_string()))
}

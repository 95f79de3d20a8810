//! Queues of a TAP device.

use std::rc::Rc;
use std::sync::Arc;

use napi::{Env, Result, Unknown};
use napi_derive::napi;
use rtap_io::device_file::DeviceFile;
use rtap_io::engine::EngineChoice;
use rtap_io::node::burst::{self, QueueFile};
use rtap_io::node::throw;
use rtap_io::queue;

use crate::poll::{Callback, Poll};

/// One queue. It holds the file open until `release`.
#[napi]
pub struct Queue {
    file: Rc<QueueFile>,
}

impl Queue {
    pub(crate) fn new(file: Arc<DeviceFile>, engine: Arc<EngineChoice>) -> Self {
        Self { file: Rc::new(QueueFile::new(file, engine)) }
    }

    pub(crate) fn get(&self, env: &Env) -> Result<Arc<DeviceFile>> {
        self.file.get().ok_or_else(|| throw::closed(env))
    }
}

#[napi]
impl Queue {
    /// A function that reads frames into the slab.
    #[napi(
        ts_return_type = "(slab: Uint8Array, descriptors: Uint32Array, max: number, counters: BigUint64Array) => number"
    )]
    pub fn rx_burst<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        burst::rx_function(env, &self.file)
    }

    /// A function that sends frames of the slab.
    #[napi(
        ts_return_type = "(slab: Uint8Array, descriptors: Uint32Array, from: number, count: number, counters: BigUint64Array) => number"
    )]
    pub fn tx_burst<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        burst::tx_function(env, &self.file)
    }

    /// Throws away what is queued.
    #[napi]
    pub fn discard(&self, env: &Env) -> Result<u32> {
        let file = self.get(env)?;
        queue::discard(std::os::fd::AsFd::as_fd(&*file))
            .map_err(|failure| throw::system(env, &failure))
    }

    /// A poll on the queue's file.
    #[napi]
    pub fn poll(
        &self,
        env: &Env,
        #[napi(ts_arg_type = "(status: number, events: number) => void")] callback: Callback<'_>,
    ) -> Result<Poll> {
        Poll::new(env, self.get(env)?, &callback)
    }

    /// Lets go of the file.
    #[napi]
    pub fn release(&self) {
        self.file.release();
    }
}

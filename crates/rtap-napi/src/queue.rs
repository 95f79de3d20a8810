//! Queues of a TAP device.

use std::rc::Rc;
use std::sync::Arc;

use napi::{Env, Result, Unknown};
use napi_derive::napi;
use rtap_io::control::Lane;
use rtap_io::device_file::DeviceFile;
use rtap_io::engine::EngineChoice;
use rtap_io::loan::Lender;
use rtap_io::node::burst::{self, QueueFile};
use rtap_io::node::throw;

use crate::loan::LentQueue;
use crate::poll::{Callback, Poll};

/// One queue. It holds the file open until `release`.
#[napi]
pub struct Queue {
    file: Rc<QueueFile>,
    lane: Lane,
}

impl Queue {
    /// `lane` is the device's own.
    pub(crate) fn new(file: Arc<DeviceFile>, engine: Arc<EngineChoice>, lane: Lane) -> Self {
        Self { file: Rc::new(QueueFile::new(file, engine)), lane }
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
        self.file.discard(*env)
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

    /// Lends it to another thread.
    #[napi]
    pub fn lend(&self, env: &Env, index: u32, interface_name: String) -> Result<LentQueue> {
        let lender = Lender::new(self.get(env)?, index, interface_name);
        Ok(LentQueue::new(lender, self.lane.clone()))
    }

    /// Lets go of the file.
    #[napi]
    pub fn release(&self) {
        self.file.release();
    }
}

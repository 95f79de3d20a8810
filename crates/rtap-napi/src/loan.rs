//! Queues that one JavaScript thread hands to another.

use std::rc::Rc;
use std::sync::Arc;

use napi::bindgen_prelude::{BigInt, Object};
use napi::{Env, Result, Unknown};
use napi_derive::napi;
use rtap_io::control::Lane;
use rtap_io::loan::{Lender, Receiver};
use rtap_io::node::burst::{self, QueueFile};
use rtap_io::node::throw;

use crate::poll::{Callback, Poll};
use crate::promise::promise;

/// A queue that was lent.
#[napi]
pub struct LentQueue {
    lender: Lender,
    lane: Lane,
}

impl LentQueue {
    pub(crate) fn new(lender: Lender, lane: Lane) -> Self {
        Self { lender, lane }
    }
}

#[napi]
impl LentQueue {
    /// What receives it, once.
    #[napi(getter)]
    pub fn ticket(&self) -> BigInt {
        BigInt::from(self.lender.ticket())
    }

    /// Lets bursts begin.
    #[napi]
    pub fn resume(&self) {
        self.lender.loan().resume();
    }

    /// Wakes who has received it, to look what it is told.
    #[napi]
    pub fn tell(&self) {
        self.lender.loan().tell();
    }

    /// Lets none begin from now on; settles when none runs any more.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn suspend<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let loan = Arc::clone(self.lender.loan());
        loan.suspend();
        promise(
            env,
            &self.lane,
            move || {
                loan.settle();
                Ok(())
            },
            |()| (),
        )
    }

    /// Takes it back for good; settles when the file is let go of.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn end<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        self.lender.withdraw();
        let loan = Arc::clone(self.lender.loan());
        loan.suspend();
        promise(
            env,
            &self.lane,
            move || {
                loan.end();
                Ok(())
            },
            |()| (),
        )
    }
}

/// A queue that another thread lends.
#[napi]
pub struct ReceivedQueue {
    file: Rc<QueueFile>,
    index: u32,
    interface_name: String,
}

#[napi]
impl ReceivedQueue {
    /// Its number in its device.
    #[napi(getter)]
    pub fn index(&self) -> u32 {
        self.index
    }

    /// What the interface was called when the device was opened.
    #[napi(getter)]
    pub fn interface_name(&self) -> String {
        self.interface_name.clone()
    }

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

    /// A poll on what is readable when there are frames, while it is armed, and when the loan has ended.
    #[napi]
    pub fn poll(
        &self,
        env: &Env,
        #[napi(ts_arg_type = "(status: number, events: number) => void")] callback: Callback<'_>,
    ) -> Result<Poll> {
        match self.file.with_receiver(Receiver::wakeup) {
            Some(wakeup) => Poll::new(env, wakeup, &callback),
            None => Err(throw::closed(env)),
        }
    }

    /// Whether something was told since this was asked last.
    #[napi]
    pub fn heard(&self) -> bool {
        self.file.with_receiver(|receiver| receiver.wakeup().heard()).unwrap_or(false)
    }

    /// Whether the loan has ended.
    #[napi(getter)]
    pub fn is_over(&self) -> bool {
        self.file.with_receiver(Receiver::is_over).unwrap_or(true)
    }

    /// Waits for frames.
    #[napi]
    pub fn arm(&self, env: &Env) -> Result<()> {
        let armed = self.file.with_receiver(Receiver::arm).unwrap_or(Ok(()));
        armed.map_err(|failure| throw::system(env, &failure))
    }

    /// Waits for nothing.
    #[napi]
    pub fn disarm(&self) {
        self.file.with_receiver(Receiver::disarm);
    }

    /// Gives it up.
    #[napi]
    pub fn release(&self) {
        self.file.release();
    }
}

/// Takes the queue that a ticket is for; nothing when it is for none (any more).
#[napi]
pub fn receive_queue(env: &Env, ticket: BigInt) -> Result<Option<ReceivedQueue>> {
    let (negative, value, lossless) = ticket.get_u64();
    if negative || !lossless {
        return Ok(None);
    }
    let receiver = Receiver::new(value).map_err(|failure| throw::system(env, &failure))?;
    Ok(receiver.map(|receiver| ReceivedQueue {
        index: receiver.loan().index(),
        interface_name: receiver.loan().interface().to_owned(),
        file: Rc::new(QueueFile::received(receiver)),
    }))
}

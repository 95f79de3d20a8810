//! Bursts as JavaScript functions.
//!
//! These are made by hand: what is generated for a method costs more than the system calls of a small
//! burst.

use std::cell::RefCell;
use std::ffi::c_void;
use std::os::fd::AsFd;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

use napi::bindgen_prelude::FromNapiValue;
use napi::{Env, Unknown, check_status, sys};

use super::callback;
use super::throw;
use super::view::View;
use crate::counter;
use crate::device_file::DeviceFile;
use crate::engine::{EngineChoice, QueueEngine};
use crate::error::SystemError;
use crate::loan::Receiver;
use crate::queue::{self, Memory, RX_ROOM};

/// The file of a queue with its engine, until it is released.
pub struct QueueFile(RefCell<Hold>);

enum Hold {
    Own(QueueEngine<Arc<DeviceFile>>),
    Received(Receiver),
    Released,
}

impl QueueFile {
    /// Holds `file` open; `engine` is its device's.
    #[must_use]
    pub fn new(file: Arc<DeviceFile>, engine: Arc<EngineChoice>) -> Self {
        let header = file.header();
        Self(RefCell::new(Hold::Own(QueueEngine::new(file, engine).of_header(header))))
    }

    /// The file of a queue that another thread lends.
    #[must_use]
    pub fn received(receiver: Receiver) -> Self {
        Self(RefCell::new(Hold::Received(receiver)))
    }

    /// The file itself, or nothing when it was released, or is lent.
    #[must_use]
    pub fn get(&self) -> Option<Arc<DeviceFile>> {
        match &*self.0.borrow() {
            Hold::Own(engine) => Some(Arc::clone(engine.file())),
            Hold::Received(_) | Hold::Released => None,
        }
    }

    /// Does something with the receiver of a loan; nothing when it was released.
    pub fn with_receiver<T>(&self, action: impl FnOnce(&Receiver) -> T) -> Option<T> {
        match &*self.0.borrow() {
            Hold::Received(receiver) => Some(action(receiver)),
            Hold::Own(_) | Hold::Released => None,
        }
    }

    /// Lets go of the file.
    pub fn release(&self) {
        let held = self.0.replace(Hold::Released);
        drop(held);
    }

    /// Throws away what is queued.
    ///
    /// # Errors
    /// Those of [`queue::discard`], and that it is closed: released, or not to be used now by who has
    /// received it.
    pub fn discard(&self, env: Env) -> napi::Result<u32> {
        let result = match &*self.0.borrow() {
            Hold::Own(engine) => Some(queue::discard(engine.file().as_fd())),
            Hold::Received(receiver) => receiver.with(|file| queue::discard(file.as_fd())),
            Hold::Released => None,
        };
        thrown(env, result)
    }

    fn rx_burst(&self, env: Env, memory: Memory<'_>, max: usize) -> napi::Result<usize> {
        let result = match &mut *self.0.borrow_mut() {
            Hold::Own(engine) => Some(engine.rx_burst(memory, max)),
            // A ring would keep the file open beyond the end of the loan: no other thread can take it out.
            Hold::Received(receiver) => receiver.with(|file| file.rx_burst(memory, max)),
            Hold::Released => None,
        };
        thrown(env, result)
    }

    fn tx_burst(
        &self,
        env: Env,
        memory: Memory<'_>,
        from: usize,
        count: usize,
    ) -> napi::Result<usize> {
        let result = match &mut *self.0.borrow_mut() {
            Hold::Own(engine) => Some(engine.tx_burst(memory, from, count)),
            Hold::Received(receiver) => receiver.with(|file| file.tx_burst(memory, from, count)),
            Hold::Released => None,
        };
        thrown(env, result)
    }
}

/// What JavaScript gets of a result; of none, that it is closed.
fn thrown<T>(env: Env, result: Option<Result<T, SystemError>>) -> napi::Result<T> {
    match result {
        Some(result) => result.map_err(|failure| throw::system(&env, &failure)),
        None => Err(throw::closed(&env)),
    }
}

/// The function `(slab, descriptors, max, counters) => count` that reads frames.
pub fn rx_function<'env>(env: &'env Env, file: &Rc<QueueFile>) -> napi::Result<Unknown<'env>> {
    function(env, file, on_rx_burst)
}

/// The function `(slab, descriptors, from, count, counters) => consumed` that sends frames.
pub fn tx_function<'env>(env: &'env Env, file: &Rc<QueueFile>) -> napi::Result<Unknown<'env>> {
    function(env, file, on_tx_burst)
}

/// A function that has the file for its data, and lets go of it when it is collected.
fn function<'env>(
    env: &'env Env,
    file: &Rc<QueueFile>,
    callback: unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value,
) -> napi::Result<Unknown<'env>> {
    let raw = env.raw();
    let data = Rc::into_raw(Rc::clone(file)).cast_mut().cast::<c_void>();
    let mut made = ptr::null_mut();
    // SAFETY: `raw` is the environment of the running call and `made` a local. `data` is one count of
    // the Rc: the finalizer's from when that is set, this function's until then.
    unsafe {
        let status =
            sys::napi_create_function(raw, ptr::null(), 0, Some(callback), data, &raw mut made);
        let status = if status == sys::Status::napi_ok {
            sys::napi_add_finalizer(
                raw,
                made,
                data,
                Some(on_collected),
                ptr::null_mut(),
                ptr::null_mut(),
            )
        } else {
            status
        };
        if status != sys::Status::napi_ok {
            drop(Rc::from_raw(data.cast::<QueueFile>()));
        }
        check_status!(status, "a burst's function")?;
        Unknown::from_napi_value(raw, made)
    }
}

unsafe extern "C" fn on_collected(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    // SAFETY: `data` is the count that `function` gave to the function that is gone.
    drop(unsafe { Rc::from_raw(data.cast::<QueueFile>()) });
}

unsafe extern "C" fn on_rx_burst(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    // SAFETY: Node-API calls this with the environment and arguments of the running call, and the data
    // that `function` gave.
    unsafe { callback::run(env, info, |env, values, data| rx_burst(env, file(data), values)) }
}

unsafe extern "C" fn on_tx_burst(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    // SAFETY: as in `on_rx_burst`.
    unsafe { callback::run(env, info, |env, values, data| tx_burst(env, file(data), values)) }
}

/// The file that a function holds.
///
/// # Safety
/// `data` is what `function` gave to the function whose call runs.
unsafe fn file<'call>(data: *mut c_void) -> &'call QueueFile {
    // SAFETY: the function holds a count of the Rc, and is alive while it is called.
    unsafe { &*data.cast::<QueueFile>() }
}

fn rx_burst(
    env: &Env,
    file: &QueueFile,
    [slab, descriptors, max, counters]: [sys::napi_value; 4],
) -> napi::Result<usize> {
    // SAFETY: the values are arguments of the running call, which the memory is used in only.
    let memory = unsafe { memory(env, slab, descriptors, counters) }?;
    if memory.slab.len() < RX_ROOM {
        let message = "the slab must have room for a super-frame: 65,600 bytes";
        return Err(throw::out_of_range(env, message));
    }
    let max = callback::count(env, max)?;
    file.rx_burst(*env, memory, max)
}

fn tx_burst(
    env: &Env,
    file: &QueueFile,
    [slab, descriptors, from, length, counters]: [sys::napi_value; 5],
) -> napi::Result<usize> {
    // SAFETY: the values are arguments of the running call, which the memory is used in only.
    let memory = unsafe { memory(env, slab, descriptors, counters) }?;
    let (from, length) = (callback::count(env, from)?, callback::count(env, length)?);
    if from.saturating_add(length) > memory.descriptors.len() / 2 {
        return Err(throw::out_of_range(env, "from + count is more than there are descriptors"));
    }
    file.tx_burst(*env, memory, from, length)
}

/// The memory of a burst; a detached or empty array is refused.
///
/// # Safety
/// The values are of the running call, and the memory isn't used after it.
unsafe fn memory<'call>(
    env: &Env,
    slab: sys::napi_value,
    descriptors: sys::napi_value,
    counters: sys::napi_value,
) -> napi::Result<Memory<'call>> {
    // SAFETY: by the contract above.
    let (slab, descriptors, counters) = unsafe {
        (
            View::<u8>::from_napi_value(env.raw(), slab)?.region(),
            View::<u32>::from_napi_value(env.raw(), descriptors)?.region(),
            View::<u64>::from_napi_value(env.raw(), counters)?.region(),
        )
    };
    if slab.is_empty() || descriptors.is_empty() || counters.is_empty() {
        let message = "slab, descriptors and counters must not be empty or detached";
        return Err(throw::wrong_type(env, message));
    }
    if counters.len() < counter::COUNT {
        let message = format!("counters must have {} elements", counter::COUNT);
        return Err(throw::out_of_range(env, &message));
    }
    Ok(Memory { slab, descriptors, counters })
}

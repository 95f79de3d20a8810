//! Splices of two devices.

use std::sync::Arc;

use napi::bindgen_prelude::{ClassInstance, Object};
use napi::{Env, Result};
use napi_derive::napi;
use rtap_io::control::Lane;
use rtap_io::device_file::DeviceFile;
use rtap_io::node::{View, throw};
use rtap_io::splice::{self as io, Samples, Sampling, Side};

use crate::poll::{Callback, Poll};
use crate::promise::promise;
use crate::queue::Queue;

/// How a splice works.
#[napi(object)]
pub struct SpliceOptions {
    /// Whether each direction has a thread of its own.
    pub two_threads: bool,
    /// Every so many frames one is shown; 0: none.
    pub every: u32,
    /// Bytes of it at most.
    pub snap_length: u32,
    /// How many wait at most.
    pub limit: u32,
}

/// Two devices with threads between them.
#[napi]
pub struct Splice {
    splice: Arc<io::Splice>,
    samples: Samples,
}

#[napi]
impl Splice {
    /// How many words `copyCounters` writes.
    #[napi(getter)]
    pub fn words(&self) -> u32 {
        u32::try_from(self.splice.words()).unwrap_or(u32::MAX)
    }

    /// Copies what was counted.
    #[napi]
    pub fn copy_counters(&self, #[napi(ts_arg_type = "BigUint64Array")] words: View<'_, u64>) {
        self.splice.copy_counters(words.region());
    }

    /// Copies the next sample; returns how many bytes it has, 0 when there is none.
    #[napi]
    pub fn take_sample(
        &self,
        #[napi(ts_arg_type = "Uint8Array")] bytes: View<'_, u8>,
        #[napi(ts_arg_type = "BigUint64Array")] details: View<'_, u64>,
    ) -> u32 {
        u32::try_from(self.samples.take(bytes.region(), details.region())).unwrap_or(0)
    }

    /// A poll on what wakes us.
    #[napi]
    pub fn poll(
        &self,
        env: &Env,
        #[napi(ts_arg_type = "(status: number, events: number) => void")] callback: Callback<'_>,
    ) -> Result<Poll> {
        let wake = self.splice.wake().ok_or_else(|| throw::closed(env))?;
        Poll::new(env, wake, &callback)
    }

    /// Answers the waking; whether the threads are done.
    #[napi]
    pub fn woken(&self) -> bool {
        self.splice.woken()
    }

    /// Asks the threads to end.
    #[napi]
    pub fn stop(&self) {
        self.splice.stop();
    }

    /// Waits until they are gone; rejects with what they ended by if nobody asked them to.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn join<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let splice = Arc::clone(&self.splice);
        let join = move || splice.join().map_or(Ok(()), |failure| Err(failure.error.clone()));
        promise(env, &Lane::new(), join, |()| ())
    }

    /// Whose device it ended by: 0 or 1.
    #[napi(getter)]
    pub fn failed_side(&self) -> Option<u32> {
        self.splice.failure()?.side.map(|side| u32::from(side == Side::B))
    }
}

/// Splices two devices.
#[napi]
pub fn splice(
    env: &Env,
    a: Vec<ClassInstance<'_, Queue>>,
    b: Vec<ClassInstance<'_, Queue>>,
    options: SpliceOptions,
) -> Result<Splice> {
    let (a, b) = (files(env, &a)?, files(env, &b)?);
    let sampling = (options.every > 0).then_some(Sampling {
        every: options.every,
        snap_length: options.snap_length as usize,
        limit: options.limit as usize,
    });
    let options = io::SpliceOptions { two_threads: options.two_threads, sampling };
    let (splice, samples) =
        io::Splice::start(&a, &b, options).map_err(|failure| throw::system(env, &failure))?;
    Ok(Splice { splice: Arc::new(splice), samples })
}

fn files(env: &Env, queues: &[ClassInstance<'_, Queue>]) -> Result<Vec<Arc<DeviceFile>>> {
    queues.iter().map(|queue| queue.get(env)).collect()
}

//! Devices that other processes have opened.

use std::sync::Arc;

use napi::bindgen_prelude::{BigInt, Object};
use napi::{Env, Result};
use napi_derive::napi;
use rtap_io::control::Lane;
use rtap_io::engine::EngineKind;
use rtap_io::tap::{AttachOptions, Expected, Files, TapDevice};

use crate::handover::ReceivedFiles;
use crate::namespace::{self, Namespace};
use crate::promise::promise;
use crate::tap::Tap;

/// Attaches to a device by files of its queues that are open, by their numbers.
#[napi(ts_return_type = "Promise<Tap>")]
pub fn attach_tap<'env>(
    env: &'env Env,
    numbers: Vec<i32>,
    offloads: Option<Vec<u32>>,
    io_uring: bool,
    namespace: Option<&Namespace>,
    path: Option<String>,
) -> Result<Object<'env>> {
    let namespace = match (namespace, path) {
        (None, None) => None,
        (open, path) => Some(namespace::target(env, open, path)?),
    };
    let options = AttachOptions { namespace, offloads, ..AttachOptions::default() };
    let lane = Lane::new();
    let device_lane = lane.clone();
    promise(
        env,
        &lane,
        move || {
            let device = TapDevice::attach(Files::Numbers(numbers), options)?;
            set_engine(&device, io_uring);
            Ok(device)
        },
        move |device| Tap::new(device, None, device_lane),
    )
}

/// What another process says of the queues that it hands over, and what is wanted of them.
#[napi(object)]
pub struct ReceivedTapOptions {
    /// How many.
    pub queues: u32,
    /// The interface's number.
    pub ifindex: u32,
    /// The inode of its network namespace.
    pub namespace_inode: BigInt,
    /// What the kernel may leave undone by now.
    pub granted: u32,
    /// What else is wanted: sets of `TUN_F_*` flags.
    pub offloads: Option<Vec<u32>>,
    /// Whether bursts go by `io_uring` where that works.
    pub io_uring: bool,
}

/// Attaches to a device by files that another process has handed over.
#[napi(ts_return_type = "Promise<Tap>")]
pub fn attach_received_tap<'env>(
    env: &'env Env,
    files: &ReceivedFiles,
    options: ReceivedTapOptions,
) -> Result<Object<'env>> {
    let files = files.take();
    let ReceivedTapOptions { queues, ifindex, namespace_inode, granted, offloads, io_uring } =
        options;
    let expected = Expected { ifindex, namespace: namespace_inode.get_u64().1 };
    let lane = Lane::new();
    let device_lane = lane.clone();
    promise(
        env,
        &lane,
        move || {
            let queues = queues as usize;
            let attached = TapDevice::attach_received(files, queues, expected, offloads, granted)?;
            set_engine(&attached.0, io_uring);
            Ok(attached)
        },
        move |(device, subscription)| Tap::new(device, subscription.map(Arc::new), device_lane),
    )
}

/// One that is gone in this moment says so to whoever uses it: its files are this process's by now.
fn set_engine(device: &TapDevice, io_uring: bool) {
    let wanted = if io_uring { EngineKind::IoUring } else { EngineKind::Syscall };
    let _ = device.set_engine(wanted);
}

//! TAP devices.

use std::cell::RefCell;
use std::sync::Arc;

use napi::bindgen_prelude::{BigInt, Object};
use napi::{Env, Result};
use napi_derive::napi;
use rtap_io::control::Lane;
use rtap_io::engine::EngineKind;
use rtap_io::netlink_socket as io;
use rtap_io::node::throw;
use rtap_io::tap::{self, TapDevice};

use crate::namespace::{self, Namespace};
use crate::netlink::NetlinkSocket;
use crate::poll::{Callback, Poll};
use crate::promise::promise;
use crate::queue::Queue;

/// What device to open.
#[napi(object)]
pub struct TapOptions {
    /// 1 to 15 bytes.
    pub name: String,
    /// 1 to 128.
    pub queues: u32,
    /// Whether to take an existing one.
    pub adopt: bool,
    /// Sets of `TUN_F_*` flags, the best first.
    pub offloads: Vec<u32>,
    /// Whether bursts go by `io_uring` where that works.
    pub io_uring: bool,
}

/// How bursts are carried out.
#[napi(object)]
pub struct TapEngine {
    /// Whether by `io_uring`.
    pub io_uring: bool,
    /// Why not, when that was wanted: an errno's name.
    pub code: Option<String>,
    /// Why not, in words.
    pub reason: Option<String>,
}

/// An interface's name and number.
#[napi(object)]
pub struct TapIdentity {
    /// Its name.
    pub name: String,
    /// Its number.
    pub ifindex: u32,
}

/// An open device.
#[napi]
pub struct Tap {
    device: Arc<TapDevice>,
    /// A socket to subscribe with that was handed over, until the device is closed.
    subscription: RefCell<Option<Arc<io::NetlinkSocket>>>,
    lane: Lane,
}

impl Tap {
    /// `lane` is its own.
    pub(crate) fn new(
        device: TapDevice,
        subscription: Option<Arc<io::NetlinkSocket>>,
        lane: Lane,
    ) -> Self {
        Self { device: Arc::new(device), subscription: RefCell::new(subscription), lane }
    }
}

#[napi]
impl Tap {
    /// How long the header is that the kernel has before each frame.
    #[napi(getter)]
    pub fn header(&self) -> u32 {
        u32::try_from(self.device.header()).unwrap_or(0)
    }

    /// Whether a socket to subscribe with was handed over.
    #[napi(getter)]
    pub fn has_subscription(&self) -> bool {
        self.subscription.borrow().is_some()
    }

    /// That socket with nothing in it, as a new object: one of them at a time.
    #[napi]
    pub fn subscription(&self, env: &Env) -> Result<NetlinkSocket> {
        let handed = self.subscription.borrow().clone().ok_or_else(|| throw::closed(env))?;
        let socket = handed.again().map_err(|failure| throw::system(env, &failure))?;
        Ok(NetlinkSocket::new(Arc::new(socket), Lane::new()))
    }

    /// Name and ifindex when it was opened.
    #[napi(getter)]
    pub fn opened(&self) -> TapIdentity {
        convert(self.device.identity_at_open().clone())
    }

    /// Whether it can have several queues.
    #[napi(getter)]
    pub fn multi_queue(&self) -> bool {
        self.device.multi_queue()
    }

    /// What the driver can do: `IFF_*` flags.
    #[napi(getter)]
    pub fn features(&self) -> u32 {
        self.device.features().flags
    }

    /// Whether the driver tells the namespace of a device.
    #[napi(getter)]
    pub fn tells_namespace(&self) -> bool {
        self.device.features().namespace
    }

    /// The inode of the namespace it was opened in.
    #[napi(getter)]
    pub fn namespace_inode(&self) -> BigInt {
        BigInt::from(self.device.namespace_inode())
    }

    /// A socket to ask rtnetlink with, where the device was opened or followed to, as a new object.
    #[napi]
    pub fn requests(&self, env: &Env) -> Result<NetlinkSocket> {
        let socket = self.device.requests().map_err(|failure| throw::system(env, &failure))?;
        Ok(NetlinkSocket::new(socket, Lane::new()))
    }

    /// Its queues at present, as new objects.
    #[napi]
    pub fn queues(&self) -> Vec<Queue> {
        let engine = self.device.engine();
        let queues = self.device.queues().into_iter();
        queues.map(|file| Queue::new(file, Arc::clone(engine), self.lane.clone())).collect()
    }

    /// A poll on the device's own file.
    #[napi]
    pub fn poll(
        &self,
        env: &Env,
        #[napi(ts_arg_type = "(status: number, events: number) => void")] callback: Callback<'_>,
    ) -> Result<Poll> {
        let anchor = self.device.anchor().map_err(|failure| throw::system(env, &failure))?;
        if self.device.multi_queue() {
            return Poll::new(env, anchor, &callback);
        }
        // The one file of a single-queue device is its queue's; libuv takes a file descriptor once.
        let copy = anchor.try_clone().map_err(|failure| throw::system(env, &failure))?;
        Poll::new(env, Arc::new(copy), &callback)
    }

    /// Closes all queues and opens others.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn set_queues<'env>(&self, env: &'env Env, count: u32) -> Result<Object<'env>> {
        let device = Arc::clone(&self.device);
        promise(env, &self.lane, move || device.set_queues(count as usize), |()| ())
    }

    /// Name and ifindex now.
    #[napi(ts_return_type = "Promise<TapIdentity>")]
    pub fn identity<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let device = Arc::clone(&self.device);
        promise(env, &self.lane, move || device.identity(), convert)
    }

    /// Goes where the interface is now; that namespace, and name and ifindex there.
    #[napi(ts_return_type = "Promise<[Namespace, TapIdentity]>")]
    pub fn follow<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let device = Arc::clone(&self.device);
        promise(
            env,
            &self.lane,
            move || device.follow(),
            |(namespace, identity)| (Namespace::new(namespace), convert(identity)),
        )
    }

    /// What the kernel may leave undone in frames to us.
    #[napi(getter)]
    pub fn offloads(&self) -> u32 {
        self.device.offloads()
    }

    /// Lets it leave undone the first set that it grants; returns that.
    #[napi(ts_return_type = "Promise<number>")]
    pub fn set_offloads<'env>(&self, env: &'env Env, sets: Vec<u32>) -> Result<Object<'env>> {
        let device = Arc::clone(&self.device);
        promise(env, &self.lane, move || device.set_offloads(&sets), |granted| granted)
    }

    /// The engine.
    #[napi(getter)]
    pub fn engine(&self) -> TapEngine {
        let engine = self.device.engine();
        let refusal = engine.refusal();
        TapEngine {
            io_uring: engine.in_use() == EngineKind::IoUring,
            code: refusal.as_ref().map(|refusal| refusal.code().to_owned()),
            reason: refusal.map(|refusal| match refusal.hint() {
                Some(hint) => format!("{refusal}: {hint}"),
                None => refusal.to_string(),
            }),
        }
    }

    /// Chooses another.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn set_engine<'env>(&self, env: &'env Env, io_uring: bool) -> Result<Object<'env>> {
        let device = Arc::clone(&self.device);
        promise(env, &self.lane, move || device.set_engine(kind(io_uring)), |()| ())
    }

    /// Raises or drops the carrier.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn set_carrier<'env>(&self, env: &'env Env, up: bool) -> Result<Object<'env>> {
        let device = Arc::clone(&self.device);
        promise(env, &self.lane, move || device.set_carrier(up), |()| ())
    }

    /// Lets it outlive its files, or end with them.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn set_persist<'env>(&self, env: &'env Env, persistent: bool) -> Result<Object<'env>> {
        let device = Arc::clone(&self.device);
        promise(env, &self.lane, move || device.set_persist(persistent), |()| ())
    }

    /// Lets a user or a group open it.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn set_owner<'env>(
        &self,
        env: &'env Env,
        user: Option<u32>,
        group: Option<u32>,
    ) -> Result<Object<'env>> {
        let device = Arc::clone(&self.device);
        promise(env, &self.lane, move || device.set_owner(user, group), |()| ())
    }

    /// Closes it.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn close<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        self.subscription.take();
        let device = Arc::clone(&self.device);
        promise(
            env,
            &self.lane,
            move || {
                device.close();
                Ok(())
            },
            |()| (),
        )
    }
}

fn convert(identity: tap::Identity) -> TapIdentity {
    TapIdentity { name: identity.name, ifindex: identity.ifindex }
}

fn kind(io_uring: bool) -> EngineKind {
    if io_uring { EngineKind::IoUring } else { EngineKind::Syscall }
}

/// Opens a device.
#[napi(ts_return_type = "Promise<Tap>")]
pub fn open_tap<'env>(
    env: &'env Env,
    options: TapOptions,
    namespace: Option<&Namespace>,
    path: Option<String>,
) -> Result<Object<'env>> {
    let engine = kind(options.io_uring);
    let options = tap::TapOptions {
        name: options.name,
        queues: options.queues as usize,
        namespace: namespace::target(env, namespace, path)?,
        adopt: options.adopt,
        offloads: options.offloads,
    };
    let lane = Lane::new();
    let device_lane = lane.clone();
    promise(
        env,
        &lane,
        move || {
            let device = TapDevice::open(&options)?;
            device.set_engine(engine)?;
            Ok(device)
        },
        move |device| Tap::new(device, None, device_lane),
    )
}

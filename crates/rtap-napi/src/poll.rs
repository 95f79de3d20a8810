//! Poll handles.

use std::os::fd::AsFd;
use std::sync::Arc;

use napi::bindgen_prelude::{FnArgs, Function};
use napi::{Env, Result};
use napi_derive::napi;
use rtap_io::node::{self, throw};

/// What a poll calls: status (0, or a negative errno after which it has stopped) and events.
pub(crate) type Callback<'a> = Function<'a, FnArgs<(i32, i32)>, ()>;

/// A file in libuv's poll. Made stopped; started, it keeps the event loop alive until `unref`.
#[napi]
pub struct Poll {
    poll: node::Poll,
}

impl Poll {
    pub(crate) fn new(env: &Env, file: Arc<dyn AsFd>, callback: &Callback<'_>) -> Result<Self> {
        let poll =
            node::Poll::new(env, file, callback).map_err(|failure| throw::system(env, &failure))?;
        Ok(Self { poll })
    }
}

#[napi]
impl Poll {
    /// Waits for something to read.
    #[napi]
    pub fn start_readable(&self, env: &Env) -> Result<()> {
        self.poll.start(node::poll::READABLE).map_err(|failure| throw::system(env, &failure))
    }

    /// Waits for room to write, and for something to read too if that is wanted.
    #[napi]
    pub fn start_writable(&self, env: &Env, readable: bool) -> Result<()> {
        let events = node::poll::WRITABLE | if readable { node::poll::READABLE } else { 0 };
        self.poll.start(events).map_err(|failure| throw::system(env, &failure))
    }

    /// Waits for the end of a TAP device, told by a negative status.
    #[napi]
    pub fn start_removed(&self, env: &Env) -> Result<()> {
        self.poll.start(node::poll::PRIORITIZED).map_err(|failure| throw::system(env, &failure))
    }

    /// Waits for nothing.
    #[napi]
    pub fn stop(&self) {
        self.poll.stop();
    }

    /// Whether it keeps the event loop alive while started.
    #[napi]
    pub fn set_referenced(&self, referenced: bool) {
        self.poll.set_referenced(referenced);
    }

    /// Ends it and lets go of the file.
    #[napi]
    pub fn close(&self) {
        self.poll.close();
    }
}

/// Gives a class that holds a file until it is closed what all of them have: `get` for Rust, `poll` and `close`.
macro_rules! pollable {
    ($class:ident, $held:ident: $file:ty) => {
        impl $class {
            pub(crate) fn get(&self, env: &Env) -> Result<Arc<$file>> {
                self.$held.borrow().clone().ok_or_else(|| throw::closed(env))
            }
        }

        #[napi]
        impl $class {
            /// A poll on it.
            #[napi]
            pub fn poll(
                &self,
                env: &Env,
                #[napi(ts_arg_type = "(status: number, events: number) => void")]
                callback: $crate::poll::Callback<'_>,
            ) -> Result<$crate::poll::Poll> {
                $crate::poll::Poll::new(env, self.get(env)?, &callback)
            }

            /// Lets go of it; a control thread that uses it closes it after that.
            #[napi]
            pub fn close(&self) {
                self.$held.take();
            }
        }
    };
}
pub(crate) use pollable;

//! A file descriptor in libuv's poll, which calls a JavaScript function.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::os::fd::{AsFd, AsRawFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

use napi::{Env, JsValue, sys};

use super::uv::{self, uv};
use crate::error::SystemError;

/// `UV_READABLE`: something can be read.
pub const READABLE: i32 = 1;

/// `UV_WRITABLE`: there is room to write.
pub const WRITABLE: i32 = 2;

/// `UV_PRIORITIZED`: nothing that a TAP ever reports, but the kernel wakes who waits for it when the
/// device goes, and the error that is then reported needs no asking.
pub const PRIORITIZED: i32 = 8;

/// A poll handle of the current JavaScript thread's event loop.
///
/// Made stopped. It holds its file open and its function alive until `close`, which its drop and the
/// end of the environment do as well.
pub struct Poll {
    /// Null when closed.
    state: Rc<Cell<*mut State>>,
}

/// Lives on the heap from `Poll::new` to libuv's close callback, which alone frees it.
struct State {
    /// The memory of the `uv_poll_t`, aligned as any C structure may want it.
    handle: Box<[u128]>,
    env: sys::napi_env,
    context: sys::napi_async_context,
    callback: sys::napi_ref,
    file: Option<Arc<dyn AsFd>>,
    owner: Rc<Cell<*mut State>>,
}

impl State {
    fn handle(&mut self) -> *mut c_void {
        self.handle.as_mut_ptr().cast()
    }
}

impl Poll {
    /// A handle for `file` that calls `callback(status, events)`: status 0 and libuv's events, or a
    /// negative error (`UV_EBADF`: the device is gone), after which the handle has stopped.
    pub fn new<'env>(
        env: &Env,
        file: Arc<dyn AsFd>,
        callback: &impl JsValue<'env>,
    ) -> Result<Self, SystemError> {
        let uv = uv()?;
        let raw = env.raw();
        let mut event_loop = ptr::null_mut();
        // SAFETY: `raw` is the environment of this thread, `event_loop` is writable.
        let status = unsafe { sys::napi_get_uv_event_loop(raw, &raw mut event_loop) };
        check(status, "napi_get_uv_event_loop")?;
        // SAFETY: takes an integer; UV_POLL is a handle type.
        let size = unsafe { (uv.handle_size)(uv::POLL) };
        let mut handle = vec![0_u128; size.div_ceil(size_of::<u128>())].into_boxed_slice();
        let fd = file.as_fd().as_raw_fd();
        // SAFETY: the loop is this thread's, the memory is as large as libuv says and stays where it
        // is until the close callback; `fd` is open as long as the state holds `file`.
        let error = unsafe { (uv.poll_init)(event_loop.cast(), handle.as_mut_ptr().cast(), fd) };
        if error != 0 {
            return Err(SystemError::new("uv_poll_init", -error));
        }
        let owner = Rc::new(Cell::new(ptr::null_mut()));
        let state = Box::into_raw(Box::new(State {
            handle,
            env: raw,
            context: ptr::null_mut(),
            callback: ptr::null_mut(),
            file: Some(file),
            owner: Rc::clone(&owner),
        }));
        owner.set(state);
        let poll = Self { state: owner };
        // From here on dropping `poll` closes the handle.
        // SAFETY: `state` was just made and only the close callback frees it; the handle is
        // initialised; the environment and the function's value are those of the running call.
        unsafe {
            (uv.set_data)((*state).handle(), state.cast());
            check(
                sys::napi_add_env_cleanup_hook(raw, Some(on_environment_end), state.cast()),
                "napi_add_env_cleanup_hook",
            )?;
            let reference = &raw mut (*state).callback;
            check(
                sys::napi_create_reference(raw, callback.raw(), 1, reference),
                "napi_create_reference",
            )?;
            let mut name = ptr::null_mut();
            let text = c"rtap.poll";
            check(
                sys::napi_create_string_utf8(raw, text.as_ptr(), 9, &raw mut name),
                "napi_create_string_utf8",
            )?;
            let context = &raw mut (*state).context;
            check(sys::napi_async_init(raw, ptr::null_mut(), name, context), "napi_async_init")?;
        }
        Ok(poll)
    }

    /// Waits for `events` from now on; once per turn of the loop while they hold. EBADF when closed.
    pub fn start(&self, events: i32) -> Result<(), SystemError> {
        let state = self.state.get();
        if state.is_null() {
            return Err(SystemError::new("uv_poll_start", libc::EBADF));
        }
        let uv = uv()?;
        // SAFETY: a state that is not null is alive, and its handle is not closing.
        let error = unsafe { (uv.poll_start)((*state).handle(), events, on_event) };
        if error == 0 { Ok(()) } else { Err(SystemError::new("uv_poll_start", -error)) }
    }

    /// Waits for nothing any more.
    pub fn stop(&self) {
        self.with_handle(|uv, handle| {
            // SAFETY: `with_handle` gives an initialised handle that is not closing.
            unsafe { (uv.poll_stop)(handle) };
        });
    }

    /// Keeps the event loop alive while started (as a new handle does), or not.
    pub fn set_referenced(&self, referenced: bool) {
        self.with_handle(|uv, handle| {
            // SAFETY: `with_handle` gives an initialised handle that is not closing.
            unsafe { if referenced { (uv.reference)(handle) } else { (uv.unreference)(handle) } };
        });
    }

    /// Ends the handle, any number of times. The file is let go of before this returns.
    pub fn close(&self) {
        let state = self.state.get();
        if !state.is_null() {
            // SAFETY: a state that is not null is alive and not closing, and this is its thread.
            unsafe {
                let hook = Some(on_environment_end as unsafe extern "C" fn(*mut c_void));
                sys::napi_remove_env_cleanup_hook((*state).env, hook, state.cast());
                close(state);
            }
        }
    }

    fn with_handle(&self, action: impl FnOnce(&uv::Uv, *mut c_void)) {
        let state = self.state.get();
        if let (false, Ok(uv)) = (state.is_null(), uv()) {
            // SAFETY: a state that is not null is alive.
            action(uv, unsafe { (*state).handle() });
        }
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        self.close();
    }
}

/// # Safety
/// `state` is alive, its handle initialised and not closing, on the thread of its loop.
unsafe fn close(state: *mut State) {
    let Ok(uv) = uv() else { return };
    // SAFETY: by the contract above. libuv forgets the file descriptor in uv_close, so the file may
    // go right after it; the memory stays for the close callback.
    unsafe {
        (*state).owner.set(ptr::null_mut());
        (uv.close)((*state).handle(), on_closed);
        if !(*state).context.is_null() {
            sys::napi_async_destroy((*state).env, (*state).context);
        }
        if !(*state).callback.is_null() {
            sys::napi_delete_reference((*state).env, (*state).callback);
        }
        drop((*state).file.take());
    }
}

unsafe extern "C" fn on_environment_end(state: *mut c_void) {
    // SAFETY: the hook is removed before the state is closed, so it is alive and not closing here.
    unsafe { close(state.cast()) };
}

unsafe extern "C" fn on_closed(handle: *mut c_void) {
    if let Ok(uv) = uv() {
        // SAFETY: the data of our handles is the state that owns them; libuv is done with it, and
        // nobody else has its address since `close`.
        drop(unsafe { Box::from_raw((uv.get_data)(handle).cast::<State>()) });
    }
}

unsafe extern "C" fn on_event(handle: *mut c_void, status: c_int, events: c_int) {
    // A panic must not unwind into libuv.
    let _ = catch_unwind(AssertUnwindSafe(|| {
        if let Ok(uv) = uv() {
            // SAFETY: the data of our handles is the state that owns them. Its fields are copied, as
            // the function that is called may close the handle; the state itself outlives the call.
            let (env, context, callback) = unsafe {
                let state: *mut State = (uv.get_data)(handle).cast();
                ((*state).env, (*state).context, (*state).callback)
            };
            // SAFETY: this is the environment's thread, in a callback of its loop.
            unsafe { call(env, context, callback, [status, events]) };
        }
    }));
}

/// Calls the function as an event of the loop: promises and ticks run after it, and what it throws is
/// an uncaught exception.
///
/// # Safety
/// On the thread of `env`, with nothing of JavaScript running; `context` and `callback` are of `env`.
unsafe fn call(
    env: sys::napi_env,
    context: sys::napi_async_context,
    callback: sys::napi_ref,
    arguments: [c_int; 2],
) {
    let mut scope = ptr::null_mut();
    // SAFETY: by the contract above; every value is made in `scope` and used inside it only; all
    // results are written to locals. A call that fails (the environment is ending) leaves its result
    // null, and the steps after it are not made.
    unsafe {
        if sys::napi_open_handle_scope(env, &raw mut scope) != sys::Status::napi_ok {
            return;
        }
        let (mut function, mut receiver) = (ptr::null_mut(), ptr::null_mut());
        let mut values = [ptr::null_mut(); 2];
        let ready = sys::napi_get_reference_value(env, callback, &raw mut function)
            == sys::Status::napi_ok
            && sys::napi_get_global(env, &raw mut receiver) == sys::Status::napi_ok
            && sys::napi_create_int32(env, arguments[0], &raw mut values[0])
                == sys::Status::napi_ok
            && sys::napi_create_int32(env, arguments[1], &raw mut values[1])
                == sys::Status::napi_ok
            && !function.is_null();
        if ready {
            let status = sys::napi_make_callback(
                env,
                context,
                receiver,
                function,
                values.len(),
                values.as_ptr(),
                ptr::null_mut(),
            );
            if status == sys::Status::napi_pending_exception {
                let mut thrown = ptr::null_mut();
                sys::napi_get_and_clear_last_exception(env, &raw mut thrown);
                if !thrown.is_null() {
                    sys::napi_fatal_exception(env, thrown);
                }
            }
        }
        sys::napi_close_handle_scope(env, scope);
    }
}

fn check(status: sys::napi_status, name: &'static str) -> Result<(), SystemError> {
    if status == sys::Status::napi_ok {
        return Ok(());
    }
    // Node-API says no more than that the environment is ending or a value is of the wrong kind.
    Err(SystemError::new(name, libc::EINVAL))
}

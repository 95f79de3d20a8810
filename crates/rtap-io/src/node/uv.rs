//! The part of libuv's C interface that poll handles need, found in the running process.

use std::ffi::{CStr, c_int, c_void};
use std::mem;
use std::sync::OnceLock;

use crate::error::SystemError;

/// `UV_POLL` of `uv_handle_type`.
pub(super) const POLL: c_int = 8;

pub(super) type PollCallback =
    unsafe extern "C" fn(handle: *mut c_void, status: c_int, events: c_int);
pub(super) type CloseCallback = unsafe extern "C" fn(handle: *mut c_void);

type HandleSize = unsafe extern "C" fn(kind: c_int) -> usize;
type PollInit = unsafe extern "C" fn(*mut c_void, *mut c_void, fd: c_int) -> c_int;
type PollStart = unsafe extern "C" fn(*mut c_void, c_int, PollCallback) -> c_int;
type PollStop = unsafe extern "C" fn(*mut c_void) -> c_int;
type Close = unsafe extern "C" fn(*mut c_void, CloseCallback);
type Reference = unsafe extern "C" fn(*mut c_void);
type SetData = unsafe extern "C" fn(*mut c_void, *mut c_void);
type GetData = unsafe extern "C" fn(*const c_void) -> *mut c_void;

/// Pointers to libuv's functions; every handle is given as the address of its memory.
pub(super) struct Uv {
    pub(super) handle_size: HandleSize,
    pub(super) poll_init: PollInit,
    pub(super) poll_start: PollStart,
    pub(super) poll_stop: PollStop,
    pub(super) close: Close,
    pub(super) reference: Reference,
    pub(super) unreference: Reference,
    pub(super) set_data: SetData,
    pub(super) get_data: GetData,
}

/// libuv of this process; ENOSYS where there is none (a runtime with another event loop).
pub(super) fn uv() -> Result<&'static Uv, SystemError> {
    static UV: OnceLock<Option<Uv>> = OnceLock::new();
    UV.get_or_init(load).as_ref().ok_or_else(|| {
        SystemError::new("dlsym uv_poll_init", libc::ENOSYS)
            .with_hint("this runtime does not export libuv's functions: use Node.js")
    })
}

fn load() -> Option<Uv> {
    // SAFETY: each name is that of a libuv function with the type of its field (uv.h, the same in
    // all 1.x versions; unions and handles are passed as their address).
    unsafe {
        Some(Uv {
            handle_size: mem::transmute::<*mut c_void, HandleSize>(symbol(c"uv_handle_size")?),
            poll_init: mem::transmute::<*mut c_void, PollInit>(symbol(c"uv_poll_init")?),
            poll_start: mem::transmute::<*mut c_void, PollStart>(symbol(c"uv_poll_start")?),
            poll_stop: mem::transmute::<*mut c_void, PollStop>(symbol(c"uv_poll_stop")?),
            close: mem::transmute::<*mut c_void, Close>(symbol(c"uv_close")?),
            reference: mem::transmute::<*mut c_void, Reference>(symbol(c"uv_ref")?),
            unreference: mem::transmute::<*mut c_void, Reference>(symbol(c"uv_unref")?),
            set_data: mem::transmute::<*mut c_void, SetData>(symbol(c"uv_handle_set_data")?),
            get_data: mem::transmute::<*mut c_void, GetData>(symbol(c"uv_handle_get_data")?),
        })
    }
}

fn symbol(name: &CStr) -> Option<*mut c_void> {
    // SAFETY: `name` is NUL-terminated; RTLD_DEFAULT searches what is loaded.
    let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
    (!found.is_null()).then_some(found)
}

//! Functions for JavaScript that are made by hand: arguments in, a number out.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use napi::{Env, Error, JsError, sys};

use super::throw;

/// Runs an action with the arguments of a call and the function's data; returns its number or throws
/// its error. Missing arguments are undefined.
///
/// # Safety
/// `env` and `info` are those of the running call.
pub(super) unsafe fn run<const ARGUMENTS: usize>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
    action: impl FnOnce(&Env, [sys::napi_value; ARGUMENTS], *mut c_void) -> napi::Result<usize>,
) -> sys::napi_value {
    let mut values = [ptr::null_mut(); ARGUMENTS];
    let mut length = values.len();
    let mut data = ptr::null_mut();
    let mut result = ptr::null_mut();
    // SAFETY: by the contract above; the results are locals, and as many values as there is room for.
    unsafe {
        let status = sys::napi_get_cb_info(
            env,
            info,
            &raw mut length,
            values.as_mut_ptr(),
            ptr::null_mut(),
            &raw mut data,
        );
        if status != sys::Status::napi_ok {
            return ptr::null_mut();
        }
        // A panic must not unwind into Node.
        let outcome = catch_unwind(AssertUnwindSafe(|| action(&Env::from_raw(env), values, data)));
        match outcome.unwrap_or_else(|_| Err(Error::from_reason("a burst panicked"))) {
            Ok(number) => {
                let number = u32::try_from(number).unwrap_or(u32::MAX);
                sys::napi_create_uint32(env, number, &raw mut result);
            }
            Err(error) => JsError::from(error).throw_into(env),
        }
    }
    result
}

/// An argument that is a count.
pub(super) fn count(env: &Env, value: sys::napi_value) -> napi::Result<usize> {
    let mut number = 0;
    // SAFETY: environment and value are of the running call, `number` is a local.
    let status = unsafe { sys::napi_get_value_uint32(env.raw(), value, &raw mut number) };
    if status == sys::Status::napi_ok {
        return Ok(number as usize);
    }
    Err(throw::wrong_type(env, "a count must be a number"))
}

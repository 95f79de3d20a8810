//! Errors as JavaScript sees them: values that a binding returns, and that are thrown as they are.

use napi::{Env, Error, JsError, JsRangeError, JsTypeError, JsValue};

use crate::error::SystemError;

/// An Error with `code`, `errno` (negative, as libuv has it), `syscall` and, where there is one,
/// `hint`. The TypeScript around makes a `NativeError` of it.
#[must_use]
pub fn system(env: &Env, error: &SystemError) -> Error {
    let thrown = JsError::from(Error::new(error.code(), error.to_string()));
    let unknown = thrown.into_unknown(Env::from_raw(env.raw()));
    let filled = unknown.coerce_to_object().and_then(|mut object| {
        object.set("errno", -error.errno())?;
        object.set("syscall", error.syscall())?;
        if let Some(hint) = error.hint() {
            object.set("hint", hint)?;
        }
        Ok(())
    });
    match filled {
        Ok(()) => Error::from(unknown),
        Err(error) => error,
    }
}

/// A `TypeError` with Node's code for a value of the wrong kind.
#[must_use]
pub fn wrong_type(env: &Env, message: &str) -> Error {
    let thrown = JsTypeError::from(Error::new("ERR_INVALID_ARG_TYPE", message));
    Error::from(thrown.into_unknown(Env::from_raw(env.raw())))
}

/// A `RangeError` with Node's code for a value that is out of range.
#[must_use]
pub fn out_of_range(env: &Env, message: &str) -> Error {
    let thrown = JsRangeError::from(Error::new("ERR_OUT_OF_RANGE", message));
    Error::from(thrown.into_unknown(Env::from_raw(env.raw())))
}

/// What a method of something closed throws; the TypeScript around does not let it come to this.
#[must_use]
pub fn closed(env: &Env) -> Error {
    Error::from(
        JsError::from(Error::new("ERR_RTAP_CLOSED", "it is closed"))
            .into_unknown(Env::from_raw(env.raw())),
    )
}

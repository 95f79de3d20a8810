//! The memory of typed arrays, for the length of one call.

use std::ffi::c_void;
use std::ptr;

use napi::bindgen_prelude::{FromNapiValue, TypeName, ValidateNapiValue};
use napi::{Env, Error, JsTypeError, Status, ValueType, sys};

use crate::region::Region;

/// The element of a typed array.
pub trait Element: Copy {
    /// Its number in Node-API.
    const KIND: sys::napi_typedarray_type;
    /// The name of the array's class.
    const CLASS: &'static str;
}

impl Element for u8 {
    const KIND: sys::napi_typedarray_type = sys::TypedarrayType::uint8_array;
    const CLASS: &'static str = "Uint8Array";
}

impl Element for u32 {
    const KIND: sys::napi_typedarray_type = sys::TypedarrayType::uint32_array;
    const CLASS: &'static str = "Uint32Array";
}

impl Element for u64 {
    const KIND: sys::napi_typedarray_type = sys::TypedarrayType::biguint64_array;
    const CLASS: &'static str = "BigUint64Array";
}

/// An argument that is a typed array: over an `ArrayBuffer` or a `SharedArrayBuffer`, of any length.
///
/// A detached array has length 0. The memory is looked up when the argument is converted and stays
/// where it is until JavaScript runs again, so a view is good for the call that it is an argument of;
/// it cannot leave the thread, and only conversion of an argument makes one.
#[derive(Clone, Copy, Debug)]
pub struct View<'call, T> {
    region: Region<'call, T>,
}

impl<'call, T: Copy> View<'call, T> {
    /// The memory itself.
    #[must_use]
    pub fn region(&self) -> Region<'call, T> {
        self.region
    }
}

impl View<'_, u8> {
    /// A copy of the bytes, as they are while it is made.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let length = self.region.len();
        let mut copy = Vec::with_capacity(length);
        if let Some(start) = self.region.part(0, length).filter(|_| length > 0) {
            // SAFETY: the region vouches for `length` bytes, the vector has room for them, and they
            // do not overlap. No reference to the shared bytes is made.
            unsafe {
                ptr::copy_nonoverlapping(start, copy.as_mut_ptr(), length);
                copy.set_len(length);
            }
        }
        copy
    }
}

impl<T: Element> TypeName for View<'_, T> {
    fn type_name() -> &'static str {
        T::CLASS
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

impl<T: Element> ValidateNapiValue for View<'_, T> {
    unsafe fn validate(_: sys::napi_env, _: sys::napi_value) -> napi::Result<sys::napi_value> {
        // The conversion checks, and says it as Node does.
        Ok(ptr::null_mut())
    }
}

impl<T: Element> FromNapiValue for View<'_, T> {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> napi::Result<Self> {
        let (mut kind, mut length, mut start) = (-1, 0, ptr::null_mut::<c_void>());
        // SAFETY: environment and value are those of the running call; the results are written to
        // locals, and those not wanted may be null.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                env,
                value,
                &raw mut kind,
                &raw mut length,
                &raw mut start,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        if status != sys::Status::napi_ok || kind != T::KIND {
            return Err(type_error(env, T::CLASS));
        }
        if start.is_null() {
            length = 0;
        }
        // SAFETY: V8 aligns typed arrays to their element, and keeps their memory where it is until
        // JavaScript runs again, which it does not before the view's call ends.
        Ok(Self { region: unsafe { Region::new(start.cast(), length) } })
    }
}

fn type_error(env: sys::napi_env, class: &str) -> Error {
    let message = format!("an argument must be an instance of {class}");
    let error = JsTypeError::from(Error::new("ERR_INVALID_ARG_TYPE", message.clone()));
    let unknown = error.into_unknown(Env::from_raw(env));
    // What was made in JavaScript is thrown as it is.
    if unknown.get_type().is_ok() {
        Error::from(unknown)
    } else {
        Error::new(Status::InvalidArg, message)
    }
}

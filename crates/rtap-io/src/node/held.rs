//! Typed arrays that are kept, for what native code does between calls of JavaScript.

use std::marker::PhantomData;
use std::ptr;

use napi::bindgen_prelude::{FromNapiValue, TypeName, ValidateNapiValue};
use napi::{ValueType, sys};

use super::view::{Element, View};

/// A typed array that stays alive as long as this; where its memory is is looked up each time.
pub struct Held<T> {
    env: sys::napi_env,
    reference: sys::napi_ref,
    element: PhantomData<T>,
}

impl<T: Element> Held<T> {
    /// Calls with the memory as it is now. Nothing happens when the environment is ending.
    pub fn with<R>(&self, action: impl FnOnce(View<'_, T>) -> R) -> Option<R> {
        let (mut scope, mut value) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: not being `Send`, this is on the thread of its environment, which outlives it; the results are
        // locals, and what is made in the scope is used in it only.
        unsafe {
            if sys::napi_open_handle_scope(self.env, &raw mut scope) != sys::Status::napi_ok {
                return None;
            }
            let status = sys::napi_get_reference_value(self.env, self.reference, &raw mut value);
            let held = status == sys::Status::napi_ok && !value.is_null();
            let view = if held { View::from_napi_value(self.env, value).ok() } else { None };
            let result = view.map(action);
            sys::napi_close_handle_scope(self.env, scope);
            result
        }
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        // SAFETY: made with it by `from_napi_value`, on the same thread, and deleted once.
        unsafe { sys::napi_delete_reference(self.env, self.reference) };
    }
}

impl<T: Element> TypeName for Held<T> {
    fn type_name() -> &'static str {
        T::CLASS
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

impl<T: Element> ValidateNapiValue for Held<T> {
    unsafe fn validate(_: sys::napi_env, _: sys::napi_value) -> napi::Result<sys::napi_value> {
        // The conversion checks, as that of a view does.
        Ok(ptr::null_mut())
    }
}

impl<T: Element> FromNapiValue for Held<T> {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> napi::Result<Self> {
        // SAFETY: by the contract of this function, which is the same.
        unsafe { View::<'_, T>::from_napi_value(env, value) }?;
        let mut reference = ptr::null_mut();
        // SAFETY: environment and value are those of the running call; the result is a local.
        let status = unsafe { sys::napi_create_reference(env, value, 1, &raw mut reference) };
        if status != sys::Status::napi_ok {
            return Err(napi::Error::from_status(status.into()));
        }
        Ok(Self { env, reference, element: PhantomData })
    }
}

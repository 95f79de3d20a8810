//! Promises for jobs on control threads.

use std::panic::{AssertUnwindSafe, catch_unwind};

use napi::bindgen_prelude::{Object, ToNapiValue};
use napi::{Env, Result};
use rtap_io::SystemError;
use rtap_io::control::Lane;
use rtap_io::node::throw;

/// Runs `job` on `lane`; the promise settles with `convert` of its result, on this thread.
///
/// When the environment ends first the result is dropped, on whatever thread it is then.
pub(crate) fn promise<'env, R, T>(
    env: &'env Env,
    lane: &Lane,
    job: impl FnOnce() -> std::result::Result<R, SystemError> + Send + 'static,
    convert: impl FnOnce(R) -> T + Send + 'static,
) -> Result<Object<'env>>
where
    R: Send + 'static,
    T: ToNapiValue + 'static,
{
    let (deferred, promise) = env.create_deferred()?;
    lane.post(move || {
        let result =
            catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(|_| Err(SystemError::panicked()));
        deferred.resolve(move |env| match result {
            Ok(value) => Ok(convert(value)),
            Err(failure) => Err(throw::system(&env, &failure)),
        });
    });
    Ok(promise)
}

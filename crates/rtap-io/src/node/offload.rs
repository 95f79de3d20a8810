//! Segmentation and its inverse as JavaScript functions, made by hand as bursts are.

use std::ptr;

use napi::bindgen_prelude::FromNapiValue;
use napi::{Env, Unknown, check_status, sys};

use super::callback;
use super::throw;
use super::view::View;
use crate::coalesce;
use crate::complete;
use crate::progress::Progress;
use crate::queue::RX_ROOM;
use crate::region::Region;
use crate::segment;
use crate::slab::Frames;

/// How many words tell how far a call came: frames consumed, bytes of payload of the next one that are
/// written, frames refused.
const PROGRESS_WORDS: usize = 3;

/// A function of this module.
type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

/// The function `(slab, descriptors, from, count, toSlab, toDescriptors, max, progress) => written` that
/// makes frames for the wire.
pub fn segment_function(env: &Env) -> napi::Result<Unknown<'_>> {
    function(env, on_segment)
}

/// The function `(slab, descriptors, from, count, toSlab, toDescriptors, max, progress) => written` that
/// puts segments together.
pub fn coalesce_function(env: &Env) -> napi::Result<Unknown<'_>> {
    function(env, on_coalesce)
}

/// The function `(slab, descriptors, from, count, progress) => consumed` that completes checksums.
pub fn complete_function(env: &Env) -> napi::Result<Unknown<'_>> {
    function(env, on_complete)
}

fn function(env: &Env, callback: Callback) -> napi::Result<Unknown<'_>> {
    let mut made = ptr::null_mut();
    // SAFETY: the environment is that of the running call and `made` a local; there is no data.
    unsafe {
        let status = sys::napi_create_function(
            env.raw(),
            ptr::null(),
            0,
            Some(callback),
            ptr::null_mut(),
            &raw mut made,
        );
        check_status!(status, "a function")?;
        Unknown::from_napi_value(env.raw(), made)
    }
}

unsafe extern "C" fn on_segment(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    // SAFETY: Node-API calls this with the environment and arguments of the running call.
    unsafe { callback::run(env, info, |env, values, _| segment_burst(*env, values)) }
}

unsafe extern "C" fn on_coalesce(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    // SAFETY: as in `on_segment`.
    unsafe { callback::run(env, info, |env, values, _| coalesce_burst(*env, values)) }
}

unsafe extern "C" fn on_complete(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    // SAFETY: as in `on_segment`.
    unsafe { callback::run(env, info, |env, values, _| complete_checksums(env, values)) }
}

fn segment_burst(env: Env, values: [sys::napi_value; 8]) -> napi::Result<usize> {
    // SAFETY: the values are arguments of the running call, which the memory is used in only.
    let Burst { input, from, count, output, max, progress } = unsafe { burst(&env, values) }?;
    let offset = progress.load(1).unwrap_or(0) as usize;
    let done = segment::segment_burst(input, from, count, offset, output, max);
    tell(progress, done);
    Ok(done.written)
}

fn coalesce_burst(env: Env, values: [sys::napi_value; 8]) -> napi::Result<usize> {
    // SAFETY: as in `segment_burst`.
    let Burst { input, from, count, output, max, progress } = unsafe { burst(&env, values) }?;
    let done = coalesce::coalesce_burst(input, from, count, output, max);
    tell(progress, done);
    Ok(done.written)
}

fn complete_checksums(env: &Env, values: [sys::napi_value; 5]) -> napi::Result<usize> {
    let [slab, descriptors, from, count, progress] = values;
    // SAFETY: as in `segment_burst`.
    let (input, words) =
        unsafe { (frames(env, slab, descriptors)?, progress_words(env, progress)?) };
    let (from, count) = range(env, input, from, count)?;
    let done = complete::complete_checksums(input, from, count);
    tell(words, done);
    Ok(done.consumed)
}

/// What a call from one slab to another is given.
struct Burst<'call> {
    input: Frames<'call>,
    from: usize,
    count: usize,
    output: Frames<'call>,
    max: usize,
    progress: Region<'call, u32>,
}

/// # Safety
/// As for `frames`.
unsafe fn burst<'call>(env: &Env, values: [sys::napi_value; 8]) -> napi::Result<Burst<'call>> {
    let [slab, descriptors, from, count, to_slab, to_descriptors, max, progress] = values;
    // SAFETY: by the contract above.
    let (input, output, progress) = unsafe {
        (
            frames(env, slab, descriptors)?,
            frames(env, to_slab, to_descriptors)?,
            progress_words(env, progress)?,
        )
    };
    if output.slab.len() < RX_ROOM {
        let message = "toSlab must have room for a super-frame: 65,600 bytes";
        return Err(throw::out_of_range(env, message));
    }
    if output.slab.overlaps(&input.slab) {
        return Err(throw::out_of_range(env, "toSlab must be other memory than slab"));
    }
    let (from, count) = range(env, input, from, count)?;
    let max = callback::count(env, max)?;
    Ok(Burst { input, from, count, output, max, progress })
}

/// Slab and descriptors; a detached or empty array is refused.
///
/// # Safety
/// The values are of the running call, and the memory isn't used after it.
unsafe fn frames<'call>(
    env: &Env,
    slab: sys::napi_value,
    descriptors: sys::napi_value,
) -> napi::Result<Frames<'call>> {
    // SAFETY: by the contract above.
    let (slab, descriptors) = unsafe {
        (
            View::<u8>::from_napi_value(env.raw(), slab)?.region(),
            View::<u32>::from_napi_value(env.raw(), descriptors)?.region(),
        )
    };
    if slab.is_empty() || descriptors.is_empty() {
        let message = "slabs and descriptors must not be empty or detached";
        return Err(throw::wrong_type(env, message));
    }
    Ok(Frames { slab, descriptors })
}

/// # Safety
/// As for `frames`.
unsafe fn progress_words<'call>(
    env: &Env,
    value: sys::napi_value,
) -> napi::Result<Region<'call, u32>> {
    // SAFETY: by the contract above.
    let words = unsafe { View::<u32>::from_napi_value(env.raw(), value)? }.region();
    if words.len() < PROGRESS_WORDS {
        let message = format!("progress must have {PROGRESS_WORDS} elements");
        return Err(throw::out_of_range(env, &message));
    }
    Ok(words)
}

fn range(
    env: &Env,
    input: Frames<'_>,
    from: sys::napi_value,
    count: sys::napi_value,
) -> napi::Result<(usize, usize)> {
    let (from, count) = (callback::count(env, from)?, callback::count(env, count)?);
    if from.saturating_add(count) > input.descriptors.len() / 2 {
        return Err(throw::out_of_range(env, "from + count is more than there are descriptors"));
    }
    Ok((from, count))
}

fn tell(words: Region<'_, u32>, done: Progress) {
    for (index, value) in [done.consumed, done.offset, done.refused].into_iter().enumerate() {
        words.store(index, u32::try_from(value).unwrap_or(u32::MAX));
    }
}

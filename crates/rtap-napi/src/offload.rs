//! Segmentation, coalescing and checksums of frames in slabs.

use napi::{Env, Result, Unknown};
use napi_derive::napi;
use rtap_io::node::offload;

/// A function that makes frames for the wire.
#[napi(
    ts_return_type = "(slab: Uint8Array, descriptors: Uint32Array, from: number, count: number, toSlab: Uint8Array, toDescriptors: Uint32Array, max: number, progress: Uint32Array) => number"
)]
pub fn segment_burst(env: &Env) -> Result<Unknown<'_>> {
    offload::segment_function(env)
}

/// A function that puts segments together.
#[napi(
    ts_return_type = "(slab: Uint8Array, descriptors: Uint32Array, from: number, count: number, toSlab: Uint8Array, toDescriptors: Uint32Array, max: number, progress: Uint32Array) => number"
)]
pub fn coalesce_burst(env: &Env) -> Result<Unknown<'_>> {
    offload::coalesce_function(env)
}

/// A function that completes checksums in place.
#[napi(
    ts_return_type = "(slab: Uint8Array, descriptors: Uint32Array, from: number, count: number, progress: Uint32Array) => number"
)]
pub fn complete_checksums(env: &Env) -> Result<Unknown<'_>> {
    offload::complete_function(env)
}

//! What needs a Node process around it.
//!
//! Handles in libuv's event loop ([`poll`]), the memory of typed arrays ([`view`]), bursts as
//! functions ([`burst`], [`offload`]), errors ([`throw`]). Everything here is used on a JavaScript thread only,
//! which the types see to: none is `Send`.

pub mod burst;
mod callback;
pub mod offload;
pub mod poll;
pub mod throw;
mod uv;
pub mod view;

pub use poll::Poll;
pub use view::View;

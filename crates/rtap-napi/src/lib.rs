//! rtap-io as a Node-API addon.
//!
//! Conversion only: what a value means is checked by the TypeScript around it, and what is done is
//! done in rtap-io. Nothing here is public: `@rtap/native` is.
#![expect(clippy::needless_pass_by_value, reason = "arguments from JavaScript come by value")]
#![expect(clippy::must_use_candidate, reason = "only JavaScript calls these")]
#![expect(clippy::trivially_copy_pass_by_ref, reason = "what a promise is made of borrows its Env")]

pub mod attach;
pub mod handover;
pub mod icmp;
pub mod loan;
pub mod namespace;
pub mod netlink;
pub mod offload;
pub mod packet;
pub mod poll;
pub mod process;
mod promise;
pub mod queue;
pub mod splice;
pub mod tap;

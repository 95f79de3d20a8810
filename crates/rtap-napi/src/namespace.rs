//! Network namespaces.

use std::cell::RefCell;
use std::os::fd::{AsFd, AsRawFd};
use std::path::PathBuf;

use napi::bindgen_prelude::{BigInt, Object};
use napi::{Env, Result};
use napi_derive::napi;
use rtap_io::control::{self, Lane};
use rtap_io::namespace::{self, NamespaceTarget};
use rtap_io::node::throw;

use crate::promise::promise;

/// An open network namespace.
#[napi]
pub struct Namespace {
    namespace: RefCell<Option<namespace::Namespace>>,
}

impl Namespace {
    pub(crate) fn new(namespace: namespace::Namespace) -> Self {
        Self { namespace: RefCell::new(Some(namespace)) }
    }

    pub(crate) fn get(&self, env: &Env) -> Result<namespace::Namespace> {
        self.namespace.borrow().clone().ok_or_else(|| throw::closed(env))
    }
}

#[napi]
impl Namespace {
    /// Its inode.
    #[napi(getter)]
    pub fn inode(&self, env: &Env) -> Result<BigInt> {
        Ok(BigInt::from(self.get(env)?.inode()))
    }

    /// Its file descriptor in this process.
    #[napi(getter)]
    pub fn fd(&self, env: &Env) -> Result<i32> {
        Ok(self.get(env)?.as_fd().as_raw_fd())
    }

    /// Whether it belongs to a user namespace below this process's own.
    #[napi(getter)]
    pub fn rootless(&self, env: &Env) -> Result<bool> {
        self.get(env)?.is_rootless().map_err(|failure| throw::system(env, &failure))
    }

    /// Lets go of it; what is open in it keeps it alive.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn close<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let namespace = self.namespace.take();
        promise(
            env,
            &Lane::new(),
            move || {
                drop(namespace);
                Ok(())
            },
            |()| (),
        )
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        if let Some(namespace) = self.namespace.take() {
            control::dispose(namespace);
        }
    }
}

/// Which namespace: an open one, else a path, else the process's own.
pub(crate) fn target(
    env: &Env,
    open: Option<&Namespace>,
    path: Option<String>,
) -> Result<NamespaceTarget> {
    Ok(match (open, path) {
        (Some(open), _) => NamespaceTarget::Open(open.get(env)?),
        (None, Some(path)) => NamespaceTarget::Path(PathBuf::from(path)),
        (None, None) => NamespaceTarget::Current,
    })
}

/// Makes a new namespace, in a user namespace of its own or not, with a name or none.
#[napi(ts_return_type = "Promise<Namespace>")]
pub fn create_namespace(env: &Env, rootless: bool, name: Option<String>) -> Result<Object<'_>> {
    let create = move || {
        let made = if rootless {
            namespace::Namespace::create_rootless()?
        } else {
            namespace::Namespace::create()?
        };
        if let Some(name) = name {
            made.bind(&name)?;
        }
        Ok(made)
    };
    promise(env, &Lane::new(), create, Namespace::new)
}

/// Takes the name of a namespace away.
#[napi(ts_return_type = "Promise<void>")]
pub fn delete_namespace(env: &Env, name: String) -> Result<Object<'_>> {
    promise(env, &Lane::new(), move || namespace::Namespace::delete(&name), |()| ())
}

/// Opens a namespace that is open already another time, that of a path, or the process's own.
#[napi(ts_return_type = "Promise<Namespace>")]
pub fn open_namespace<'env>(
    env: &'env Env,
    namespace: Option<&Namespace>,
    path: Option<String>,
) -> Result<Object<'env>> {
    let target = target(env, namespace, path)?;
    let job = move || match &target {
        NamespaceTarget::Open(namespace) => namespace.try_clone(),
        NamespaceTarget::Current | NamespaceTarget::Path(_) => target.resolve(),
    };
    promise(env, &Lane::new(), job, Namespace::new)
}

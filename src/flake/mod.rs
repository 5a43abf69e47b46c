//! What the inputs of a flake or of a devenv project are: references as they are written, and the
//! nodes of `flake.lock` and `devenv.lock`.

mod lock;
mod reference;
mod used;

pub use lock::{Lock, LockedNode, SyntaxError};
pub use reference::Reference;
pub use used::UsedInputs;

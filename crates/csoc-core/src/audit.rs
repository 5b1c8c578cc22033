//! The record of what was done, as a chain that cannot be edited unseen.
//!
//! Story: somebody with access to the database changes who removed a source last March. Every row's hash
//! covers all its columns and the hash of the row before, so either that row no longer fits its hash, or
//! every later hash must be made anew. And the later ones are vouched for by signed [`Mark`]s whose key is
//! not in the database. [`Verifier`] walks the rows once and says precisely what still holds and what not.
//!
//! What the chain cannot prove: that rows newer than the newest mark at hand were not cut off. The
//! [`Report`] therefore names up to which row, and up to which time, its statement reaches.
//!
//! Columns are hashed as the text they are stored as. Parsing first would hide a flipped byte whose parsed
//! value is the same (an upper-case digit in a UUID).

mod chain;
mod entry;
mod mark;
mod verify;

pub use chain::{GENESIS, Hash, RowFields, TEXT_COLUMNS, hash_row, hex, unhex};
pub use entry::{ActorRef, Entry, Object, Outcome, Record};
pub use mark::{Mark, MarkKind, PublicKey, SigningKey};
pub use verify::{MarkOrigin, Problem, Report, Verifier};

//! Argo CD's Application and ApplicationSet objects, read from files.
//!
//! Story: `meadowprod/meadowdata.org/templates/app.yaml` holds one Application with two sources: the chart at
//! a branch of another repository, and, under the name `values`, the repository we are reading. Its value
//! file `$values/meadowprod/meadowdata.org/values/values.yaml` is therefore a path of ours, if the second
//! source's revision is the branch that we read ([`location`] decides that).
//!
//! An [`Application`] says what is written and where; it does not open a file. Generators of an
//! ApplicationSet are followed as far as files alone can tell ([`set`]); the rest is said to be unread.

mod application;
pub mod location;
pub mod set;

pub use application::{
    Application, Destination, HelmSource, Inline, Parameter, Source, is_application, is_application_set, read,
};

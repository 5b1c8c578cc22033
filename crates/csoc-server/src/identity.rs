//! Who is asking: setup, passwords, sessions, tokens, and how fast one may guess.
//!
//! Story: a browser sends its cookie; [`recognize`] finds the session by the hash of the cookie's secret,
//! sees that it is neither expired nor idle, and hands over an `Actor` with the roles of this moment. A
//! script does the same with a token. Whoever guesses passwords waits longer after every failure, for a
//! name and for an address, and learns nothing about whether the name exists.

mod cookie;
mod password;
mod recognize;
mod throttle;

pub use cookie::SessionCookie;
pub use password::{Passwords, check_new_password, one_time_password};
pub use recognize::{Presented, Recognized, ends_at, idle_hours, recognize};
pub use throttle::{Attempt, begin_attempt};

use std::time::Duration;

/// A session ends so long after sign-in, however much it is used.
pub const SESSION_LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);
/// ... and so many hours after its last use, unless the settings say otherwise.
pub const SESSION_IDLE_HOURS: u32 = 12;
/// How often the use of a session or token is written down.
pub const TOUCH_EVERY: Duration = Duration::from_secs(60);

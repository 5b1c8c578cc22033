//! Simple keys: what may turn out to be a key when its `:` comes.

use super::{Pos, Scanner};
use crate::yaml::error::ParseError;

/// A place where a key without `?` may have begun; there is one for each open flow collection and one for
/// the block around them.
#[derive(Clone, Copy, Default)]
pub(super) struct SimpleKey {
    pub(super) possible: bool,
    /// In block context at the current indentation nothing else than a key can stand here.
    pub(super) required: bool,
    /// Whether the token waits in the queue for this key to be decided.
    pub(super) awaited: bool,
    pub(super) number: usize,
    pub(super) start: Pos,
}

impl Scanner<'_> {
    pub(super) fn head_may_become_key(&mut self) -> Result<bool, ParseError> {
        let head = self.taken;
        match self.keys.iter().rposition(|key| key.awaited && key.number == head) {
            Some(level) => self.key_is_valid(level),
            None => Ok(false),
        }
    }
    pub(super) fn key_is_valid(&mut self, level: usize) -> Result<bool, ParseError> {
        const LONGEST: u32 = 1024;
        let key = self.keys[level];
        if !key.possible {
            return Ok(false);
        }
        let here = self.cursor.pos;
        if key.start.line == here.line && here.column <= key.start.column + LONGEST {
            return Ok(true);
        }
        if key.required {
            return Err(self.missing_colon(key));
        }
        self.keys[level].possible = false;
        Ok(false)
    }

    fn missing_colon(&self, key: SimpleKey) -> ParseError {
        self.error_at(key.start, "a key was expected here, and there is no ':' behind it")
    }

    pub(super) fn save_key(&mut self) -> Result<(), ParseError> {
        if !self.key_allowed {
            return Ok(());
        }
        let start = self.cursor.pos;
        let required = self.flow_level == 0 && self.indent == i64::from(start.column);
        self.drop_key()?;
        let number = self.taken + self.queue.len();
        if let Some(key) = self.keys.last_mut() {
            *key = SimpleKey { possible: true, required, awaited: true, number, start };
        }
        Ok(())
    }

    /// What comes now cannot belong to a key that began before.
    pub(super) fn drop_key(&mut self) -> Result<(), ParseError> {
        match self.keys.last_mut() {
            Some(key) if key.possible => {
                let dropped = *key;
                key.possible = false;
                key.awaited = false;
                if dropped.required { Err(self.missing_colon(dropped)) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }
}

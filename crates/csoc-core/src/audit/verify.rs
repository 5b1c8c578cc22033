//! Walks the rows once, in order, and says what still holds.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use super::chain::{GENESIS, Hash, RowFields, hash_row};
use super::mark::{Mark, MarkKind, PublicKey};

/// A report lists at most so many problems; it counts all of them.
const LISTED: usize = 100;

/// Where a mark was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkOrigin {
    Database,
    /// The anchors file, with its line.
    Anchors(usize),
}

impl fmt::Display for MarkOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MarkOrigin::Database => f.write_str("the database"),
            MarkOrigin::Anchors(line) => write!(f, "line {line} of the anchors file"),
        }
    }
}

/// One thing that is not as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("row {seq} does not fit its hash: it was changed, moved or put in")]
    Changed { seq: i64 },
    #[error("the stored hash of row {seq} was changed")]
    HashChanged { seq: i64 },
    #[error("row {seq} cannot be read: {reason}")]
    Unreadable { seq: i64, reason: String },
    #[error("rows {from} to {to} are missing")]
    Missing { from: i64, to: i64 },
    #[error("row {seq} stands where none can be")]
    Unexpected { seq: i64 },
    #[error("row {seq} is not the one that was signed on {}: the record was rewritten", moment(*.time))]
    Rewritten { seq: i64, time: i64 },
    #[error("the end was cut off: the last row is {last}, but row {signed} was signed on {}", moment(*.time))]
    CutOff { last: i64, signed: i64, time: i64 },
    #[error("the mark for row {seq} in {origin} is not signed by a trusted key (it names key {key})")]
    NotTrusted { seq: i64, origin: MarkOrigin, key: String },
    #[error("{origin} is not a mark")]
    NotAMark { origin: MarkOrigin },
    #[error("there are rows but not one signed mark: nothing vouches for them")]
    NoMarks,
}

fn moment(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds).map_or_else(|_| "an impossible date".to_owned(), |t| t.to_string())
}

/// What was proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub rows: u64,
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// At most 100; `problem_count` is all of them.
    pub problems: Vec<Problem>,
    pub problem_count: u64,
    /// The newest mark that agrees with its row.
    pub signed_to: Option<Mark>,
    /// The cut behind which rows were pruned.
    pub pruned_to: Option<Mark>,
    /// Good marks read from the anchors file.
    pub anchors: usize,
}

impl Report {
    pub fn is_intact(&self) -> bool {
        self.problem_count == 0
    }

    /// Rows that the chain holds together but no mark vouches for yet.
    pub fn unsigned_rows(&self) -> i64 {
        match (self.last, &self.signed_to) {
            (Some(last), Some(mark)) => (last - mark.seq).max(0),
            (Some(_), None) => i64::try_from(self.rows).unwrap_or(i64::MAX),
            (None, _) => 0,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (Some(first), Some(last)) => writeln!(f, "{} rows, {first} to {last}.", self.rows)?,
            _ => writeln!(f, "No rows.")?,
        }
        if let Some(cut) = &self.pruned_to {
            writeln!(f, "Rows up to {} were pruned on {}; the cut is signed.", cut.seq, moment(cut.time))?;
        }
        for problem in &self.problems {
            writeln!(f, "PROBLEM: {problem}.")?;
        }
        if self.problem_count > self.problems.len() as u64 {
            writeln!(f, "... and {} more problems.", self.problem_count - self.problems.len() as u64)?;
        }
        match &self.signed_to {
            Some(mark) if self.is_intact() => {
                writeln!(f, "Rows up to {} are as they were when signed on {}.", mark.seq, moment(mark.time))?;
            }
            Some(mark) => writeln!(f, "The newest mark that agrees is of row {}.", mark.seq)?,
            None => {}
        }
        if self.unsigned_rows() > 0 {
            writeln!(
                f,
                "{} newer rows hang together, but no mark vouches for them yet: a cut among them would not show.",
                self.unsigned_rows()
            )?;
        }
        if self.anchors == 0 {
            writeln!(f, "No anchors were at hand: an end cut off together with its marks would not show.")?;
        }
        Ok(())
    }
}

/// Feed it every mark, then every row in order of `seq`, then [`Verifier::finish`].
pub struct Verifier {
    trusted: Vec<PublicKey>,
    marks: BTreeMap<i64, Vec<Mark>>,
    report: Report,
    next: i64,
    previous: Hash,
    /// The hash of the row before is not known, so the chain cannot judge the next row; marks still can.
    blind: bool,
    /// After a row that did not fit: the hash it should have had. If the next row fits that one, only the
    /// stored hash was touched.
    suspect: Option<(i64, Hash)>,
}

impl Verifier {
    pub fn new(trusted: Vec<PublicKey>) -> Self {
        let report = Report {
            rows: 0,
            first: None,
            last: None,
            problems: Vec::new(),
            problem_count: 0,
            signed_to: None,
            pruned_to: None,
            anchors: 0,
        };
        Self { trusted, marks: BTreeMap::new(), report, next: 1, previous: GENESIS, blind: false, suspect: None }
    }

    fn problem(&mut self, problem: Problem) {
        self.report.problem_count += 1;
        if self.report.problems.len() < LISTED {
            self.report.problems.push(problem);
        }
    }

    /// All marks come before the first row.
    pub fn mark(&mut self, origin: MarkOrigin, mark: Option<Mark>) {
        let Some(mark) = mark else { return self.problem(Problem::NotAMark { origin }) };
        if !self.trusted.iter().any(|key| mark.is_signed_by(key)) {
            return self.problem(Problem::NotTrusted { seq: mark.seq, origin, key: mark.key });
        }
        if matches!(origin, MarkOrigin::Anchors(_)) {
            self.report.anchors += 1;
        }
        if mark.kind == MarkKind::Prune && mark.seq >= self.next {
            (self.next, self.previous) = (mark.seq + 1, mark.hash);
            self.report.pruned_to = Some(mark.clone());
        }
        self.marks.entry(mark.seq).or_default().push(mark);
    }

    /// One row as stored. `stored` is its hash column, whatever is in it.
    pub fn row(&mut self, row: &RowFields, stored: &[u8]) {
        let seq = row.seq;
        self.count(seq);
        if seq < self.next {
            return self.problem(Problem::Unexpected { seq });
        }
        self.skip_to(seq);
        let computed = hash_row(&self.previous, row);
        if computed != *stored && !self.blind {
            let mended = self.suspect.filter(|(_, hash)| hash_row(hash, row) == *stored);
            match mended {
                Some((before, _)) => self.replace_changed(before),
                None => self.problem(Problem::Changed { seq }),
            }
            self.suspect = mended.is_none().then_some((seq, computed));
        } else {
            self.suspect = None;
        }
        self.blind = false;
        self.previous = stored.try_into().unwrap_or(computed);
        self.compare_marks(seq);
    }

    /// A row that could not even be read.
    pub fn unreadable(&mut self, seq: i64, reason: impl Into<String>) {
        self.count(seq);
        self.problem(Problem::Unreadable { seq, reason: reason.into() });
        self.skip_to(seq);
        self.blind = true;
    }

    fn skip_to(&mut self, seq: i64) {
        if seq > self.next {
            self.problem(Problem::Missing { from: self.next, to: seq - 1 });
            self.blind = true;
        }
        self.next = seq + 1;
    }

    fn count(&mut self, seq: i64) {
        self.report.rows += 1;
        self.report.first.get_or_insert(seq);
        self.report.last = Some(seq);
    }

    fn replace_changed(&mut self, seq: i64) {
        let before = Problem::Changed { seq };
        if let Some(found) = self.report.problems.iter_mut().find(|p| **p == before) {
            *found = Problem::HashChanged { seq };
        }
    }

    fn compare_marks(&mut self, seq: i64) {
        let hash = self.previous;
        for mark in self.marks.remove(&seq).unwrap_or_default() {
            if mark.hash == hash {
                self.report.signed_to = Some(mark);
            } else {
                self.problem(Problem::Rewritten { seq, time: mark.time });
            }
        }
    }

    pub fn finish(mut self) -> Report {
        let base = self.report.pruned_to.as_ref().map_or((0, GENESIS), |cut| (cut.seq, cut.hash));
        for mark in self.marks.remove(&base.0).unwrap_or_default() {
            if mark.hash != base.1 {
                self.problem(Problem::Rewritten { seq: mark.seq, time: mark.time });
            } else if self.report.signed_to.is_none() {
                self.report.signed_to = Some(mark);
            }
        }
        let last = self.report.last.unwrap_or(base.0);
        if let Some((signed, marks)) = self.marks.last_key_value()
            && *signed > last
        {
            let time = marks.first().map_or(0, |m| m.time);
            self.problem(Problem::CutOff { last, signed: *signed, time });
        }
        if self.report.rows > 0 && self.report.signed_to.is_none() && self.report.is_intact() {
            self.problem(Problem::NoMarks);
        }
        self.report
    }
}

#[cfg(test)]
mod tests {
    use super::super::chain::{TEXT_COLUMNS, unhex};
    use super::super::mark::SigningKey;
    use super::*;

    fn key() -> SigningKey {
        let head = unhex("302e020100300506032b657004220420").unwrap();
        SigningKey::from_pkcs8(&[head, vec![1; 32]].concat()).unwrap()
    }

    fn chain(rows: i64) -> Vec<(RowFields, Hash)> {
        let mut hash = GENESIS;
        let row = |seq| RowFields { seq, time: seq, intent: None, texts: [const { None }; TEXT_COLUMNS.len()] };
        let next = |seq| {
            hash = hash_row(&hash, &row(seq));
            (row(seq), hash)
        };
        (1..=rows).map(next).collect()
    }

    fn verify(marks: &[Mark], rows: &[(RowFields, Hash)]) -> Report {
        let mut verifier = Verifier::new(vec![key().public()]);
        for mark in marks {
            verifier.mark(MarkOrigin::Anchors(1), Some(mark.clone()));
        }
        for (row, hash) in rows {
            verifier.row(row, hash);
        }
        verifier.finish()
    }

    fn mark(kind: MarkKind, rows: &[(RowFields, Hash)], seq: usize) -> Mark {
        key().sign(kind, seq as i64, rows[seq - 1].1, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn one_fault_is_one_problem_and_the_rest_still_holds() {
        let good = chain(6);
        let marks = [mark(MarkKind::Checkpoint, &good, 6)];
        assert!(verify(&marks, &good).is_intact());
        for seq in 1..=6_i64 {
            let mut rows = good.clone();
            rows[seq as usize - 1].0.time = 99;
            assert_eq!(verify(&marks, &rows).problems, [Problem::Changed { seq }]);
        }
        for seq in 1..=5_i64 {
            let mut rows = good.clone();
            rows[seq as usize - 1].1[7] ^= 1;
            assert_eq!(verify(&marks, &rows).problems, [Problem::HashChanged { seq }]);
            let mut rows = good.clone();
            rows.remove(seq as usize - 1);
            assert_eq!(verify(&marks, &rows).problems, [Problem::Missing { from: seq, to: seq }]);
        }
    }

    #[test]
    fn a_cut_that_nobody_signed_is_not_a_cut() {
        let rows = chain(6);
        let end = mark(MarkKind::Checkpoint, &rows, 6);
        let cut = mark(MarkKind::Prune, &rows, 3);
        assert!(verify(&[cut.clone(), end.clone()], &rows[3..]).is_intact());
        let forged = Mark { seq: 4, hash: rows[3].1, ..cut };
        let report = verify(&[forged, end], &rows[4..]);
        assert!(report.problems.contains(&Problem::Missing { from: 1, to: 4 }), "{report}");
    }

    #[test]
    fn a_signed_row_in_the_middle_of_a_gap_does_not_hide_it() {
        let rows = chain(6);
        let report = verify(&[mark(MarkKind::Checkpoint, &rows, 4)], &[&rows[..2], &rows[5..]].concat());
        assert_eq!(report.problems, [Problem::Missing { from: 3, to: 5 }]);
    }
}

//! Waivers: a person says why findings may stay, and until when.
//!
//! Nothing has to happen when a waiver runs out: whether it holds is asked with the time of asking.

use csoc_core::access::Visible;
use csoc_core::{CommonsId, FindingId, OrganizationId, PersonId, WaiverId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, Sql, sql};
use crate::{Store, StoreError, Write};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    pub id: WaiverId,
    pub organization: OrganizationId,
    /// With a rule: all its findings in the organization, or in one commons of it.
    pub rule: Option<String>,
    pub commons: Option<CommonsId>,
    pub reason: String,
    /// `None` when they are gone; their name stays.
    pub person: Option<PersonId>,
    pub person_name: String,
    pub created_at: Timestamp,
    pub until: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub revoked_by: Option<String>,
}

/// What is waived.
#[derive(Clone, Debug)]
pub enum WaiverScope {
    /// Those of them that are in the organization.
    Findings(Vec<FindingId>),
    Rule {
        rule: String,
        commons: Option<CommonsId>,
    },
}

#[derive(Clone, Debug)]
pub struct NewWaiver {
    pub organization: OrganizationId,
    pub scope: WaiverScope,
    pub reason: String,
    pub person: PersonId,
    pub person_name: String,
    pub until: Timestamp,
}

/// `(the id of the waiver that holds for the row of findings at that time, the longest; else null)`.
pub(crate) fn push_active_waiver(query: &mut Sql, now: Timestamp) {
    query.push(
        "(SELECT w.id FROM waivers w WHERE w.organization = findings.organization AND w.revoked_at IS NULL \
         AND (w.rule IS NOT NULL AND w.rule = findings.rule AND (w.commons IS NULL OR w.commons = findings.commons) \
         OR EXISTS (SELECT 1 FROM waiver_findings wf WHERE wf.waiver = w.id AND wf.finding = findings.id)) \
         AND w.until_at > ",
    );
    query.push_bind(now).push(" ORDER BY w.until_at DESC, w.id LIMIT 1)");
}

fn read(row: &Row) -> Result<Waiver, StoreError> {
    Ok(Waiver {
        id: row.word("id")?,
        organization: row.word("organization")?,
        rule: row.maybe_text("rule")?,
        commons: row.maybe_word("commons")?,
        reason: row.text("reason")?,
        person: row.maybe_word("person")?,
        person_name: row.text("person_name")?,
        created_at: row.time("created_at")?,
        until: row.time("until_at")?,
        revoked_at: row.maybe_time("revoked_at")?,
        revoked_by: row.maybe_text("revoked_by")?,
    })
}

impl Store {
    /// Past ones too, newest first.
    pub async fn waiver_list(&self, visible: &Visible) -> Result<Vec<Waiver>, StoreError> {
        let mut query = sql("SELECT * FROM waivers WHERE 1 = 1");
        query.and_visible("organization", visible).push(" ORDER BY created_at DESC, id DESC");
        self.list("waiver_list", query, read).await
    }

    pub async fn waiver_fetch(&self, visible: &Visible, id: WaiverId) -> Result<Option<Waiver>, StoreError> {
        let mut query = sql("SELECT * FROM waivers WHERE id = $1").bind(id);
        query.and_visible("organization", visible);
        self.maybe("waiver_fetch", query).await?.as_ref().map(read).transpose()
    }

    /// The findings that a waiver lists.
    pub async fn waiver_findings(&self, visible: &Visible, id: WaiverId) -> Result<Vec<FindingId>, StoreError> {
        let mut query =
            sql("SELECT wf.finding FROM waiver_findings wf JOIN waivers w ON w.id = wf.waiver WHERE w.id = $1")
                .bind(id);
        query.and_visible("w.organization", visible).push(" ORDER BY wf.finding");
        self.list("waiver_findings", query, |row| row.word("finding")).await
    }
}

impl Write {
    /// And how many of the listed findings it covers: those that are not there, or are another
    /// organization's, are left out.
    pub async fn waiver_insert(&mut self, new: &NewWaiver, now: Timestamp) -> Result<(WaiverId, u64), StoreError> {
        let id = WaiverId(Uuid::now_v7());
        let (rule, commons) = match &new.scope {
            WaiverScope::Findings(_) => (None, None),
            WaiverScope::Rule { rule, commons } => (Some(rule.as_str()), *commons),
        };
        let query = sql("INSERT INTO waivers (id, organization, rule, commons, reason, person, person_name, \
            created_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(id)
        .bind(new.organization)
        .bind(rule)
        .bind(commons)
        .bind(&new.reason)
        .bind(new.person)
        .bind(&new.person_name)
        .bind(now)
        .bind(new.until);
        self.run("waiver_insert", query).await?;
        let mut covered = 0;
        if let WaiverScope::Findings(findings) = &new.scope {
            for finding in findings {
                let query = sql("INSERT INTO waiver_findings (waiver, finding) \
                    SELECT $1, id FROM findings WHERE id = $2 AND organization = $3 ON CONFLICT DO NOTHING")
                .bind(id)
                .bind(*finding)
                .bind(new.organization);
                covered += self.run("waiver_insert: findings", query).await?;
            }
        }
        Ok((id, covered))
    }

    /// `false` when it was revoked before.
    pub async fn waiver_revoke(&mut self, id: WaiverId, by: &str, now: Timestamp) -> Result<bool, StoreError> {
        let query = sql("UPDATE waivers SET revoked_at = $1, revoked_by = $2 WHERE id = $3 AND revoked_at IS NULL")
            .bind(now)
            .bind(by)
            .bind(id);
        Ok(self.run("waiver_revoke", query).await? > 0)
    }

    /// What waives the one finding waives the other too: they turned out to be one.
    pub async fn waiver_copy(&mut self, from: FindingId, to: FindingId) -> Result<u64, StoreError> {
        let query = sql("INSERT INTO waiver_findings (waiver, finding) \
            SELECT wf.waiver, findings.id FROM waiver_findings wf \
            JOIN findings ON findings.id = $1 JOIN findings was ON was.id = wf.finding \
            WHERE was.id = $2 AND was.organization = findings.organization ON CONFLICT DO NOTHING")
        .bind(to)
        .bind(from);
        self.run("waiver_copy", query).await
    }

    /// Takes findings out of the waivers that list them. Waivers of a whole rule stay as they are.
    pub async fn waiver_release(&mut self, findings: &[FindingId]) -> Result<u64, StoreError> {
        let mut released = 0;
        for finding in findings {
            let query = sql("DELETE FROM waiver_findings WHERE finding = $1").bind(*finding);
            released += self.run("waiver_release", query).await?;
        }
        Ok(released)
    }
}

//! Findings: what the rules found, where, why it matters; waiving and taking a waiver back.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use csoc_api::findings::{
    ExcerptLine, FindingDetail, FindingRow, RuleRow, UnwaiveRequest, WaiveRequest, WaiveResult, WaiverRow,
};
use csoc_core::access::{Permission, Visible};
use csoc_core::audit::Object;
use csoc_core::{FindingId, OrganizationId};
use csoc_gen3::lint;
use csoc_gen3::redact::{HIDDEN, is_secret};
use csoc_gen3::yaml::{Kind, Mark, Node, Style};
use csoc_source::Repository;
use csoc_store::{NewWaiver, WaiverScope};
use jiff::SignedDuration;
use regex::Regex;

use super::{By, Fault, Mistake, fleet};
use crate::app::App;
use crate::events::{Audience, Topic};
use crate::filter::{Field, Filter};
use crate::fleet_view::rows::file_url_prefix;
use crate::fleet_view::view::FindingRecord;
use crate::fleet_view::{FleetView, Lens};
use crate::ingest;

pub const WORDS: &[&str] =
    &["severity", "rule", "state", "commons", "cluster", "tier", "organization", "path", "seen", "waived_by"];

/// Lines shown before and after the place.
const AROUND: u32 = 4;
const LONGEST_WAIVER_DAYS: i64 = csoc_core::finding::LONGEST_WAIVER_DAYS;
const MOST_AT_ONCE: usize = 1000;

/// Open ones unless the filter names a state.
pub fn list(view: &FleetView, lens: &Lens, filter: &Filter, sort: Option<&str>) -> Result<Vec<FindingRow>, Fault> {
    let asks_state = filter.tokens.iter().any(|token| token.key == "state");
    let pass = |finding: &&FindingRecord| {
        (asks_state || finding.state(lens.taken_at) == "open")
            && filter.passes(
                |word| fields(view, lens, finding, word),
                || format!("{} {} {}", finding.message, finding.path, finding.rule),
            )
    };
    let mut rows: Vec<FindingRow> = lens.findings().filter(pass).map(|finding| row(view, lens, finding)).collect();
    let name = |row: &FindingRow| row.commons.as_ref().map(|commons| commons.name.clone());
    match sort.unwrap_or("severity") {
        // The lens keeps them in this order.
        "severity" => {}
        "-severity" => rows.reverse(),
        "since" => rows.sort_by_key(|row| row.since.as_ref().map_or(row.first_seen_at, |since| since.at)),
        "-since" => {
            rows.sort_by_key(|row| std::cmp::Reverse(row.since.as_ref().map_or(row.first_seen_at, |since| since.at)));
        }
        "first_seen" => rows.sort_by_key(|row| row.first_seen_at),
        "-first_seen" => rows.sort_by_key(|row| std::cmp::Reverse(row.first_seen_at)),
        "rule" => rows.sort_by(|a, b| a.rule.cmp(&b.rule)),
        "-rule" => rows.sort_by(|a, b| b.rule.cmp(&a.rule)),
        "commons" => rows.sort_by_key(name),
        "-commons" => rows.sort_by_key(|row| std::cmp::Reverse(name(row))),
        other => {
            let known = "severity, since, first_seen, rule, commons, each with - before it for the other direction";
            return Err(Fault::invalid("sort", format!("'{other}' is not an order here; there are: {known}")));
        }
    }
    Ok(rows)
}

fn fields<'f>(view: &'f FleetView, lens: &'f Lens, finding: &'f FindingRecord, word: &str) -> Vec<Field<'f>> {
    let commons = finding.commons.and_then(|id| lens.commons(id));
    match word {
        "severity" => vec![Field::Text(finding.severity.as_str())],
        "rule" => vec![Field::Text(&finding.rule)],
        "state" => vec![Field::Text(finding.state(lens.taken_at))],
        "commons" => {
            commons.iter().flat_map(|seen| [Field::Text(&seen.row.name), Field::Text(&seen.row.folder)]).collect()
        }
        "cluster" => {
            let own = finding.cluster.or_else(|| commons.and_then(|seen| seen.entry().cluster));
            own.and_then(|id| lens.cluster(id)).iter().map(|seen| Field::Text(&seen.row.name)).collect()
        }
        "tier" => commons.iter().map(|seen| Field::Text(&seen.row.tier)).collect(),
        "organization" => {
            view.organizations.get(&finding.organization).iter().map(|name| Field::Text(name.as_str())).collect()
        }
        "path" => vec![Field::Text(&finding.path)],
        "seen" => vec![Field::Age((lens.taken_at.as_second() - finding.first_seen_at.as_second()) as f64)],
        "waived_by" => finding.waiver.iter().map(|waiver| Field::Text(waiver.person.as_str())).collect(),
        _ => Vec::new(),
    }
}

fn row(view: &FleetView, lens: &Lens, finding: &FindingRecord) -> FindingRow {
    let source = view.sources.get(&finding.source);
    let commit = lens.fleets.get(&finding.source).map(|fleet| fleet.commit.as_str()).unwrap_or_default();
    let prefix = source.and_then(|source| file_url_prefix(&source.location, commit));
    let state = finding.state(lens.taken_at);
    FindingRow {
        id: finding.id.0,
        rule: finding.rule.clone(),
        rule_title: lint::rule(&finding.rule).map_or(finding.rule.as_str(), |rule| rule.title).to_owned(),
        severity: finding.severity.as_str().to_owned(),
        organization: finding.organization.0,
        organization_name: view.organization_name(finding.organization),
        commons: finding.commons.and_then(|id| lens.commons_ref(id)),
        cluster: finding.cluster.and_then(|id| lens.cluster_ref(id)),
        source: finding.source.0,
        path: finding.path.clone(),
        line: finding.line,
        column: finding.column,
        message: finding.message.clone(),
        help: finding.help.clone(),
        state: state.to_owned(),
        since: finding.since.clone(),
        first_seen_at: finding.first_seen_at,
        last_seen_at: finding.last_seen_at,
        resolved_at: finding.resolved_at,
        reopened: finding.reopened,
        waiver: finding.waiver.as_ref().filter(|_| state == "waived").map(|waiver| WaiverRow {
            id: waiver.id.0,
            reason: waiver.reason.clone(),
            person: waiver.person.clone(),
            created_at: waiver.created_at,
            until: waiver.until,
        }),
        file_url: prefix.map(|prefix| format!("{prefix}{}#L{}", finding.path, finding.line)),
    }
}

pub async fn detail(app: &App, visible: &Visible, id: FindingId) -> Result<FindingDetail, Fault> {
    let view = app.fleet.view();
    let lens = view.lens(visible);
    let finding = lens.findings().find(|finding| finding.id == id).ok_or(Fault::NotFound { what: "finding" })?;
    let same =
        |other: &&FindingRecord| other.rule == finding.rule && other.id != id && other.state(lens.taken_at) == "open";
    let siblings = lens.findings().filter(same).count();
    // Without its file the finding is still worth showing.
    let excerpt = excerpt(app, visible, &lens, finding).await.unwrap_or_default();
    let introduced_by = match &finding.since {
        Some(since) => app.store.landing_fetch_by_commit(visible, finding.source, &since.commit).await?,
        None => None,
    };
    Ok(FindingDetail {
        finding: row(&view, &lens, finding),
        why: lint::rule(&finding.rule).map(|rule| rule.why).unwrap_or_default().to_owned(),
        excerpt,
        introduced_by: introduced_by.map(|landing| landing.id.0),
        siblings: u32::try_from(siblings).unwrap_or(u32::MAX),
    })
}

/// The lines around the place.
async fn excerpt(
    app: &App,
    visible: &Visible,
    lens: &Lens,
    finding: &FindingRecord,
) -> Result<Vec<ExcerptLine>, Fault> {
    let Some(fleet) = lens.fleets.get(&finding.source) else { return Ok(Vec::new()) };
    let repository = ingest::source_repository(app, visible, finding.source).await?;
    let (commit, path, line) = (fleet.commit.clone(), finding.path.clone(), finding.line);
    let secret = finding.rule.contains("secret");
    ingest::blocking(move || {
        Ok(text_at(&repository, &commit, &path).map(|text| lines(&text, line, secret)).unwrap_or_default())
    })
    .await
}

fn text_at(repository: &Repository, commit: &str, path: &str) -> Option<String> {
    let tree = repository.tree(repository.resolve(commit).ok()?).ok()?;
    let entry = csoc_gen3::tree::Tree::find(&tree, path)?;
    Some(String::from_utf8_lossy(&repository.read(entry.id).ok()?).into_owned())
}

fn lines(text: &str, at: u32, secret: bool) -> Vec<ExcerptLine> {
    let from = at.saturating_sub(AROUND).max(1);
    let some = text.lines().zip(1u32..).skip(from as usize - 1).take((at + AROUND - from + 1) as usize);
    some.map(|(text, line)| ExcerptLine { line, text: redacted(text, secret && line == at), found: line == at })
        .collect()
}

static PAIR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^(\s*(?:-\s+)?["']?([A-Za-z0-9_.-]+)["']?\s*:\s*)(\S.*)$"#).expect("the pattern is constant")
});
const SHOWN: usize = 240;

/// A line of a file for a screen: what looks like a secret is hidden, in doubt too.
fn redacted(line: &str, hide: bool) -> String {
    let text =
        |text: &str| Node { kind: Kind::Str(text.into()), mark: Mark::default(), written: None, style: Style::Plain };
    if let Some(pair) = PAIR.captures(line) {
        let (head, key, value) = (&pair[1], &pair[2], pair[3].trim_matches(['"', '\'']));
        if hide || is_secret(&[key], &text(value)) {
            return format!("{head}{HIDDEN}");
        }
        return cut(line);
    }
    let bare = line.trim().trim_start_matches("- ");
    // A line of a key or of a certificate: long, and without a space.
    if hide || is_secret(&[], &text(bare)) || (bare.len() >= 60 && !bare.contains(' ')) {
        let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
        return format!("{indent}{HIDDEN}");
    }
    cut(line)
}

fn cut(line: &str) -> String {
    if line.chars().count() <= SHOWN { line.to_owned() } else { line.chars().take(SHOWN).chain(['…']).collect() }
}

pub async fn waive(app: &App, by: &By, visible: &Visible, ask: WaiveRequest) -> Result<WaiveResult, Fault> {
    let now = app.now();
    let mut mistakes = Vec::new();
    let reason = ask.reason.trim();
    if reason.is_empty() || reason.chars().count() > 1000 {
        mistakes.push(Mistake::new("/reason", "say why, in 1 to 1000 characters"));
    }
    if ask.until <= now {
        mistakes.push(Mistake::new("/until", "a waiver must end in the future"));
    } else if ask.until > now + SignedDuration::from_hours(24 * LONGEST_WAIVER_DAYS) {
        mistakes.push(Mistake::new("/until", format!("a waiver may last {LONGEST_WAIVER_DAYS} days at most")));
    }
    if ask.findings.is_empty() || ask.findings.len() > MOST_AT_ONCE {
        mistakes.push(Mistake::new("/findings", format!("1 to {MOST_AT_ONCE} findings")));
    }
    if !mistakes.is_empty() {
        return Err(Fault::Invalid(mistakes));
    }
    let (mine, refused) = sorted(app, by, visible, &ask.findings);
    let mut write = app.store.write().await?;
    let mut waived = 0;
    for (organization, findings) in &mine {
        let new = NewWaiver {
            organization: *organization,
            scope: WaiverScope::Findings(findings.clone()),
            reason: reason.to_owned(),
            person: by.actor.person,
            person_name: by.actor.name.clone(),
            until: ask.until,
        };
        let (id, covered) = write.waiver_insert(&new, now).await?;
        waived += covered;
        let mut entry = by.did(now, "finding.waive", Object::new("waiver", id, reason));
        entry.organization = Some(*organization);
        entry.detail = Some(serde_json::json!({ "findings": findings, "until": ask.until, "reason": reason }));
        write.audit_append(&entry).await?;
    }
    write.commit().await?;
    tell(app, mine.into_keys()).await?;
    Ok(WaiveResult { waived: u32::try_from(waived).unwrap_or(u32::MAX), refused })
}

pub async fn unwaive(app: &App, by: &By, visible: &Visible, ask: UnwaiveRequest) -> Result<WaiveResult, Fault> {
    if ask.findings.is_empty() || ask.findings.len() > MOST_AT_ONCE {
        return Err(Fault::invalid("/findings", format!("1 to {MOST_AT_ONCE} findings")));
    }
    let (mine, refused) = sorted(app, by, visible, &ask.findings);
    let mut write = app.store.write().await?;
    let mut released = 0;
    for (organization, findings) in &mine {
        released += write.waiver_release(findings).await?;
        let mut entry = by.did(app.now(), "finding.unwaive", Object::new("finding", findings.len(), "findings"));
        entry.organization = Some(*organization);
        entry.detail = Some(serde_json::json!({ "findings": findings }));
        write.audit_append(&entry).await?;
    }
    write.commit().await?;
    tell(app, mine.into_keys()).await?;
    Ok(WaiveResult { waived: u32::try_from(released).unwrap_or(u32::MAX), refused })
}

/// Those that the asker may waive, by organization; the others as if they did not exist.
fn sorted(
    app: &App,
    by: &By,
    visible: &Visible,
    ids: &[uuid::Uuid],
) -> (BTreeMap<OrganizationId, Vec<FindingId>>, Vec<uuid::Uuid>) {
    let lens = app.fleet.view().lens(visible);
    let known: BTreeMap<FindingId, OrganizationId> =
        lens.findings().map(|finding| (finding.id, finding.organization)).collect();
    let (mut mine, mut refused) = (BTreeMap::<OrganizationId, Vec<FindingId>>::new(), Vec::new());
    for id in ids {
        match known.get(&FindingId(*id)) {
            Some(organization) if by.actor.may(Permission::FindingWaive, *organization) => {
                mine.entry(*organization).or_default().push(FindingId(*id));
            }
            _ => refused.push(*id),
        }
    }
    (mine, refused)
}

async fn tell(app: &App, organizations: impl Iterator<Item = OrganizationId>) -> Result<(), Fault> {
    ingest::republish(app).await?;
    for organization in organizations {
        let topics = [Topic::Findings, Topic::Now, Topic::Commons];
        app.events.publish(Audience::Organization(organization), topics, Vec::new(), None);
    }
    Ok(())
}

pub fn rules(lens: &Lens) -> Vec<RuleRow> {
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for finding in lens.findings() {
        let count = counts.entry(&finding.rule).or_default();
        match finding.state(lens.taken_at) {
            "open" => count.0 += 1,
            "waived" => count.1 += 1,
            _ => {}
        }
    }
    let row = |rule: &lint::Rule| {
        let (open, waived) = counts.get(rule.id).copied().unwrap_or_default();
        let gaps = lens.fleets.values().flat_map(|fleet| &fleet.not_evaluated).filter(|(id, _)| id == rule.id);
        RuleRow {
            id: rule.id.to_owned(),
            title: rule.title.to_owned(),
            severity: rule.severity.as_str().to_owned(),
            why: rule.why.to_owned(),
            help: rule.mend.to_owned(),
            needs_chart: rule.needs_chart,
            open,
            waived,
            not_evaluated: gaps.map(|(_, reason)| reason.clone()).collect(),
        }
    };
    lint::rules().iter().map(row).collect()
}

pub fn parsed(filter: Option<&str>) -> Result<Filter, Fault> {
    fleet::filter(filter, WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_shows_the_place_and_no_secret() {
        let text = "a: 1\nfence:\n  password: hunter2hunter2\n  tag: 2026.10\nkey: |\n  MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n";
        let shown = lines(text, 4, false);
        let texts: Vec<&str> = shown.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts[3], "  tag: 2026.10");
        assert!(shown[3].found && shown.iter().filter(|line| line.found).count() == 1);
        assert!(!texts.join("\n").contains("hunter2") && !texts.join("\n").contains("MIIEv"), "{texts:?}");
        assert_eq!(redacted("  note: harmless", true), "  note: ••••");
    }
}

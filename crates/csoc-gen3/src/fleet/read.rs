//! Reading one commit: survey it, compute what changed, put the commons in relation to each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::cache::Remembered;
use super::commons::{compute, odd_documents};
use super::names::programme_of;
use super::owners::CodeOwners;
use super::plan::{Around, plan};
use super::twins::{Candidate, propose_twins};
use super::{
    Cache, ClusterReading, CommonsReading, FleetReading, Irregularity, Proposed, ReadContext, Said, Unread, account,
    clusters,
};
use crate::layout::{Place, What, base, is_skipped, is_yaml, survey};
use crate::tree::{EntryKind, Tree};

/// Read the files of one commit. What the cache still knows is not computed again; the result is the same
/// with any cache.
pub fn read(tree: &dyn Tree, context: &ReadContext<'_>, cache: &mut Cache) -> FleetReading {
    cache.begin();
    let survey = survey(tree, context, cache);
    let mut reading = FleetReading { layouts: survey.layouts, unread: survey.unread, ..FleetReading::default() };
    reading.irregularities = survey.irregularities;
    for cluster in &survey.clusters {
        let result = clusters::read(cluster, tree, cache);
        reading.irregularities.extend(result.irregularities.iter().cloned());
        reading.unread.extend(result.unread.iter().cloned());
        reading.clusters.push(result.reading);
    }
    let folders: BTreeSet<Arc<str>> = survey.places.iter().map(|place| place.folder.clone()).collect();
    let around = Around { tree, context, ours: &survey.ours, folders: &folders };
    let mut own = Vec::with_capacity(survey.places.len());
    for place in &survey.places {
        own.push(own_reading(place, &around, cache, &mut reading));
    }
    reading.commons = in_relation(own, &reading.clusters, tree, cache);
    reading.commons.sort_by(|a, b| (&a.cluster, &a.folder).cmp(&(&b.cluster, &b.folder)));
    name_commons_of_declarations(&survey.places, &mut reading.irregularities);
    other_files(tree, &folders, cache, &mut reading);
    tidy(&mut reading);
    reading.files = cache.files();
    cache.end();
    reading
}

/// The commons by itself, from the cache where its inputs are the same.
fn own_reading(
    place: &Place,
    around: &Around<'_>,
    cache: &mut Cache,
    reading: &mut FleetReading,
) -> Arc<CommonsReading> {
    let plan = plan(place, around, cache);
    let epoch = cache.reading();
    if let Some(kept) = cache.commons.get_mut(&place.folder)
        && kept.inputs == plan.inputs
    {
        kept.used = epoch;
        reading.irregularities.extend(kept.irregularities.iter().cloned());
        reading.unread.extend(kept.unread.iter().cloned());
        return kept.own.clone();
    }
    let inputs = plan.inputs.clone();
    let outcome = compute(place, plan, around, cache);
    let own = Arc::new(outcome.reading);
    reading.irregularities.extend(outcome.irregularities.iter().cloned());
    reading.unread.extend(outcome.unread.iter().cloned());
    let kept = Remembered {
        inputs,
        shown: own.clone(),
        own: own.clone(),
        related: false,
        irregularities: outcome.irregularities.into(),
        unread: outcome.unread.into(),
        used: epoch,
    };
    cache.commons.insert(place.folder.clone(), kept);
    own
}

/// Add what follows from the rest of the fleet; a commons for which nothing of that changed stays the
/// same `Arc` as in the reading before.
fn in_relation(
    own: Vec<Arc<CommonsReading>>,
    clusters: &[Arc<ClusterReading>],
    tree: &dyn Tree,
    cache: &mut Cache,
) -> Vec<Arc<CommonsReading>> {
    let owners = code_owners(tree, cache);
    let candidates: Vec<_> = own.iter().map(|commons| candidate(commons)).collect();
    let twins = propose_twins(&candidates);
    let by_folder: HashMap<&str, &ClusterReading> = clusters.iter().map(|c| (&*c.folder, &**c)).collect();
    let mixed = clusters_of_many_programmes(&own);
    let mut shown = Vec::with_capacity(own.len());
    for (commons, twin) in own.iter().zip(twins) {
        let cluster = commons.cluster.as_deref().and_then(|folder| by_folder.get(folder).copied());
        let relation = Relation {
            twin: twin.map(|twin| Proposed { value: own[twin.value].folder.clone(), why: twin.why }),
            owners: owners.of(&commons.folder).to_vec(),
            account: commons
                .account
                .clone()
                .or_else(|| cluster.and_then(|cluster| cluster.account.clone()))
                .or_else(|| commons.values.as_deref().and_then(account::by_arn)),
            organization: organization(commons, cluster, &mixed),
        };
        let kept = cache.commons.get_mut(&commons.folder);
        shown.push(match kept {
            Some(kept) if relation.holds_for(&kept.shown) && Arc::ptr_eq(&kept.own, commons) && kept.related => {
                kept.shown.clone()
            }
            Some(kept) => {
                kept.shown = Arc::new(relation.applied_to(commons));
                kept.related = true;
                kept.shown.clone()
            }
            None => Arc::new(relation.applied_to(commons)),
        });
    }
    shown
}

/// What a commons owes to the rest of the fleet.
struct Relation {
    twin: Option<Proposed<Arc<str>>>,
    owners: Vec<Arc<str>>,
    account: Option<Said<Arc<str>>>,
    organization: Option<Proposed<Arc<str>>>,
}

impl Relation {
    fn holds_for(&self, commons: &CommonsReading) -> bool {
        commons.twin == self.twin
            && commons.owners == self.owners
            && commons.account == self.account
            && commons.organization == self.organization
    }

    fn applied_to(self, commons: &CommonsReading) -> CommonsReading {
        CommonsReading {
            twin: self.twin,
            owners: self.owners,
            account: self.account,
            organization: self.organization,
            ..commons.clone()
        }
    }
}

fn candidate(commons: &CommonsReading) -> Candidate<'_> {
    Candidate {
        folder: &commons.folder,
        cluster: commons.cluster.as_deref(),
        hostname: commons.shown_hostname().map(|hostname| &**hostname),
        tier: commons.tier.value,
    }
}

fn code_owners(tree: &dyn Tree, cache: &mut Cache) -> Arc<CodeOwners> {
    let Some(entry) = CodeOwners::find(tree) else { return Arc::default() };
    if let Some((id, owners)) = &cache.owners
        && *id == entry.id
    {
        return owners.clone();
    }
    let owners = Arc::new(CodeOwners::parse(&cache.text(tree, entry).unwrap_or_default()));
    cache.owners = Some((entry.id, owners.clone()));
    owners
}

/// Clusters whose project cannot be the programme of a commons, because several programmes live there.
fn clusters_of_many_programmes(commons: &[Arc<CommonsReading>]) -> BTreeSet<Arc<str>> {
    let mut programmes: BTreeMap<Arc<str>, BTreeSet<String>> = BTreeMap::new();
    for commons in commons {
        let programme = commons.shown_hostname().and_then(|hostname| programme_of(hostname));
        if let (Some(cluster), Some(programme)) = (&commons.cluster, programme) {
            programmes.entry(cluster.clone()).or_default().insert(programme);
        }
    }
    programmes.into_iter().filter(|(_, found)| found.len() > 2).map(|(cluster, _)| cluster).collect()
}

fn organization(
    commons: &CommonsReading,
    cluster: Option<&ClusterReading>,
    mixed: &BTreeSet<Arc<str>>,
) -> Option<Proposed<Arc<str>>> {
    let project = cluster.and_then(|cluster| Some((cluster, cluster.project.as_ref()?)));
    if let Some((cluster, project)) = project.filter(|(cluster, _)| !mixed.contains(&cluster.folder)) {
        let why = format!("the cluster {} states this project", cluster.folder);
        return Some(Proposed { value: project.value.clone(), why });
    }
    let hostname = commons.shown_hostname()?;
    let programme = programme_of(hostname)?;
    Some(Proposed { value: programme.into(), why: format!("from the hostname {hostname}") })
}

/// An irregularity of a declaring file belongs to the commons that the file declares.
fn name_commons_of_declarations(places: &[Place], irregularities: &mut [Irregularity]) {
    let mut by_path: HashMap<Arc<str>, Arc<str>> = HashMap::new();
    for place in places {
        if let What::Application { declared, .. } | What::Template { declared, .. } = &place.what {
            by_path.entry(declared.path.clone()).or_insert_with(|| place.folder.clone());
        }
    }
    for irregularity in irregularities.iter_mut().filter(|i| i.commons.is_none()) {
        irregularity.commons = by_path.get(&irregularity.path).cloned();
    }
}

/// YAML in a commons' folder that nothing uses: broken is broken, even if nobody reads it today.
fn other_files(tree: &dyn Tree, folders: &BTreeSet<Arc<str>>, cache: &mut Cache, reading: &mut FleetReading) {
    let mut seen: BTreeSet<Arc<str>> =
        reading.commons.iter().flat_map(|c| &c.value_files).filter_map(|f| f.path.clone()).collect();
    seen.extend(reading.irregularities.iter().map(|irregularity| irregularity.path.clone()));
    for folder in folders {
        for entry in tree.under(folder) {
            let is_config = entry.kind == EntryKind::File && is_yaml(&entry.path) && !is_skipped(&entry.path);
            let is_chart = entry.path.contains("/templates/") || base(&entry.path) == "Chart.yaml";
            if !is_config || is_chart || seen.contains(&entry.path) {
                continue;
            }
            let notes =
                cache.notes(tree, entry, |parsed| odd_documents(parsed, &entry.path, Some(folder.clone()), false));
            reading.irregularities.extend(notes);
        }
    }
}

fn tidy(reading: &mut FleetReading) {
    reading
        .irregularities
        .sort_by(|a, b| (&a.path, a.line, a.column, a.code).cmp(&(&b.path, b.line, b.column, b.code)));
    reading
        .irregularities
        .dedup_by(|a, b| a.code == b.code && a.path == b.path && a.line == b.line && a.column == b.column);
    let order = |unread: &Unread| (unread.path.clone(), unread.line, unread.reason.clone());
    reading.unread.sort_by_cached_key(order);
    reading.unread.dedup();
}

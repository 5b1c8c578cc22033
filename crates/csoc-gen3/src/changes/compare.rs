//! Two readings of one repository, compared commons by commons.
//!
//! Story: a landing touches one values file. Of 42 commons 41 are the same object in both readings and cost
//! a pointer comparison; the forty-second is compared value by value.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use super::{ChangeItem, ChangeKind, Class, FileChange, Place, areas, files};
use crate::catalogue;
use crate::diff::{self, Change, Difference};
use crate::fleet::{ClusterReading, CommonsReading, EnabledReason, FleetReading, ReadingState, ServiceReading};
use crate::redact::Redactor;
use crate::tag::ImageRef;
use crate::yaml::{Files, Mark, Node};

/// Commons that cannot be read at the moment, as they were when they last could.
pub(super) type Remembered = HashMap<(Arc<str>, Option<Arc<str>>), Arc<CommonsReading>>;

/// What is different in `after`. `files` are the files the landing touched; those that no item speaks of
/// get an item of their own.
pub fn compare(
    before: &FleetReading,
    after: &FleetReading,
    files: &[FileChange],
    redactor: &Redactor<'_>,
) -> Vec<ChangeItem> {
    compare_remembering(before, after, files, redactor, &Remembered::new())
}

/// As [`compare`]; a commons that can be read again is compared with what it was before it broke.
pub(super) fn compare_remembering(
    before: &FleetReading,
    after: &FleetReading,
    files: &[FileChange],
    redactor: &Redactor<'_>,
    remembered: &Remembered,
) -> Vec<ChangeItem> {
    let mut comparison = Comparison { before, after, redactor, remembered, items: Vec::new() };
    comparison.all_commons();
    comparison.all_clusters();
    let rest = files::not_spoken_of(before, after, files, &comparison.items);
    comparison.items.extend(rest);
    comparison.items
}

/// One side of a pair and the table its marks point into.
pub(super) fn place(files: &Files, mark: Option<Mark>) -> Option<Place> {
    mark.filter(|mark| mark.line > 0).map(|mark| Place { path: files.path(mark.file).clone(), line: mark.line })
}

struct Comparison<'a> {
    before: &'a FleetReading,
    after: &'a FleetReading,
    redactor: &'a Redactor<'a>,
    remembered: &'a Remembered,
    items: Vec<ChangeItem>,
}

/// A folder can hold two Applications.
type Key<'a> = (&'a str, Option<&'a str>);

fn key(commons: &CommonsReading) -> Key<'_> {
    (&commons.folder, commons.application.as_deref())
}

fn all(reading: &FleetReading) -> impl Iterator<Item = &CommonsReading> {
    reading.commons.iter().map(|commons| -> &CommonsReading { commons })
}

fn by_folder(reading: &FleetReading) -> BTreeMap<&str, &ClusterReading> {
    reading.clusters.iter().map(|cluster| -> (&str, &ClusterReading) { (&cluster.folder, cluster) }).collect()
}

impl<'a> Comparison<'a> {
    fn all_commons(&mut self) {
        let (before, after) = (self.before, self.after);
        let later: HashMap<Key<'_>, &CommonsReading> = all(after).map(|c| (key(c), c)).collect();
        let earlier: HashSet<Key<'_>> = all(before).map(key).collect();
        let mut gone: Vec<&CommonsReading> = Vec::new();
        for commons in all(before) {
            match later.get(&key(commons)) {
                Some(same) => self.pair(commons, same),
                None => gone.push(commons),
            }
        }
        for commons in all(after).filter(|c| !earlier.contains(&key(c))) {
            // The Application was renamed, or the folder moved; else it is new.
            let place = gone.iter().position(|g| g.folder == commons.folder).or_else(|| moved_from(&gone, commons));
            match place.map(|index| gone.swap_remove(index)) {
                Some(old) => {
                    if old.folder != commons.folder {
                        let (from, to) = (text(&old.folder), text(&commons.folder));
                        self.about(commons, ChangeKind::CommonsMoved, Class::CommonsMoved, "", from, to);
                    }
                    self.pair(old, commons);
                }
                None => self.added(commons),
            }
        }
        for commons in gone {
            self.removed(commons);
        }
    }

    fn added(&mut self, commons: &CommonsReading) {
        // Where the same hostname already stands: a move in two landings begins so.
        let elsewhere = same_hostname(self.before, commons);
        self.about(commons, ChangeKind::CommonsAdded, Class::CommonsAdded, "", elsewhere, text(&commons.folder));
    }

    fn removed(&mut self, commons: &CommonsReading) {
        let elsewhere = same_hostname(self.after, commons);
        self.about(commons, ChangeKind::CommonsRemoved, Class::CommonsRemoved, "", text(&commons.folder), elsewhere);
    }

    /// An item about the commons itself.
    fn about(
        &mut self,
        commons: &CommonsReading,
        kind: ChangeKind,
        area: Class,
        path: &str,
        before: Option<Value>,
        after: Option<Value>,
    ) {
        self.items.push(ChangeItem {
            commons: Some(commons.folder.clone()),
            cluster: commons.cluster.clone(),
            service: None,
            kind,
            area,
            path: path.into(),
            before,
            after,
            before_at: None,
            after_at: None,
        });
    }

    fn pair(&mut self, before: &CommonsReading, after: &CommonsReading) {
        if std::ptr::eq(before, after) {
            return;
        }
        self.application(before, after);
        if let Some((from, to)) = readability(&before.state, &after.state) {
            self.about(after, ChangeKind::Readability, Class::Application, "", Some(from), Some(to));
            let key = (after.folder.clone(), after.application.clone());
            if let Some(earlier) = self.remembered.get(&key).filter(|_| is_readable(&after.state)) {
                self.values(earlier, after);
            }
            return;
        }
        // Empty until now, or empty from now on: as good as new, or as removed.
        let word = |state: &ReadingState| if *state == ReadingState::Empty { "empty" } else { "readable" };
        if word(&before.state) != word(&after.state) {
            let area = if before.state == ReadingState::Empty { Class::CommonsAdded } else { Class::CommonsRemoved };
            let (from, to) = (text(word(&before.state)), text(word(&after.state)));
            self.about(after, ChangeKind::Readability, area, "", from, to);
            return;
        }
        let same_values = match (&before.values, &after.values) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        if !same_values {
            self.values(before, after);
        }
    }

    fn values(&mut self, before: &CommonsReading, after: &CommonsReading) {
        let differences = diff::optional(before.values.as_deref(), after.values.as_deref());
        let switched = self.services(before, after);
        let with = |kind| {
            let here = self.items.iter().filter(move |i| i.kind == kind && i.commons.as_ref() == Some(&after.folder));
            here.map(|item| item.service.clone())
        };
        let switched_on: HashSet<Option<Arc<str>>> = with(ChangeKind::ServiceOn).collect();
        let switched_off: HashSet<Option<Arc<str>>> = with(ChangeKind::ServiceOff).collect();
        for difference in differences.iter().filter(|d| d.is_effective()) {
            if switched.contains(&difference.path.to_string()) {
                continue;
            }
            let keys: Vec<&str> = difference.path.keys().collect();
            let (kind, mut area) = areas::of_value(&keys);
            let service = areas::service(&keys);
            // What comes and goes with a service is part of switching it.
            let comes = switched_on.contains(&service) && difference.before().is_none();
            let goes = switched_off.contains(&service) && difference.after().is_none();
            if comes || goes {
                area = Class::ServiceOnOff;
            }
            let mut item = self.leaf(difference, kind, area);
            item.commons = Some(after.folder.clone());
            item.cluster = after.cluster.clone();
            if kind == ChangeKind::Version {
                complete_version(&mut item, service.as_deref(), &keys, before, after);
            }
            item.service = service;
            self.items.push(item);
        }
    }

    /// Services switched on or off; the paths of the switches, so that they are not told twice.
    fn services(&mut self, before: &CommonsReading, after: &CommonsReading) -> BTreeSet<String> {
        let earlier: HashMap<&str, &ServiceReading> = before.services.iter().map(|s| (&*s.service, s)).collect();
        let later: HashMap<&str, &ServiceReading> = after.services.iter().map(|s| (&*s.service, s)).collect();
        let names: BTreeSet<&str> = earlier.keys().chain(later.keys()).copied().collect();
        let mut paths = BTreeSet::new();
        for name in names {
            let (was, is) = (earlier.get(name), later.get(name));
            let (was_on, is_on) = (was.is_some_and(|s| s.enabled), is.is_some_and(|s| s.enabled));
            if was_on == is_on {
                continue;
            }
            let (path, _) = is.or(was).map(|s| switch(s)).unwrap_or_default();
            let at = |service: Option<&&ServiceReading>| service.and_then(|s| switch(s).1);
            self.items.push(ChangeItem {
                commons: Some(after.folder.clone()),
                cluster: after.cluster.clone(),
                service: Some(name.into()),
                kind: if is_on { ChangeKind::ServiceOn } else { ChangeKind::ServiceOff },
                area: Class::ServiceOnOff,
                path: path.as_str().into(),
                before: Some(was_on.into()),
                after: Some(is_on.into()),
                before_at: place(&self.before.files, at(was)),
                after_at: place(&self.after.files, at(is)),
            });
            paths.insert(path);
        }
        paths
    }

    fn leaf(&self, difference: &Difference, kind: ChangeKind, area: Class) -> ChangeItem {
        let (before, after) = self.redactor.show_change(difference);
        ChangeItem {
            commons: None,
            cluster: None,
            service: None,
            kind,
            area,
            path: difference.path.to_string().into(),
            before,
            after,
            before_at: place(&self.before.files, difference.before().map(|node| node.mark)),
            after_at: place(&self.after.files, difference.after().map(|node| node.mark)),
        }
    }

    /// What the Application says: chart, value files, names.
    fn application(&mut self, before: &CommonsReading, after: &CommonsReading) {
        let chart = |c: &CommonsReading| {
            c.chart.as_ref().map(|chart| (chart.repository.clone(), chart.path.clone(), chart.revision.clone()))
        };
        let (was, is) = (chart(before), chart(after));
        if was != is {
            let show = |chart: &Option<(Arc<str>, Arc<str>, Arc<str>)>,
                        other: &Option<(Arc<str>, Arc<str>, Arc<str>)>| {
                let (repository, path, revision) = chart.as_ref()?;
                let only_revision = other.as_ref().is_some_and(|o| (&o.0, &o.1) == (repository, path));
                text(&if only_revision { revision.to_string() } else { format!("{repository} {path} {revision}") })
            };
            let (from, to) = (show(&was, &is), show(&is, &was));
            self.about(after, ChangeKind::ChartRevision, Class::Application, "targetRevision", from, to);
            self.with_places(before.chart.as_ref().and_then(|c| c.at), after.chart.as_ref().and_then(|c| c.at));
        }
        let listed = |c: &CommonsReading| c.value_files.iter().map(|f| f.written.to_string()).collect::<Vec<_>>();
        // Files that moved with their folder are the same files.
        let at_home =
            |c: &CommonsReading| listed(c).iter().map(|path| path.replace(&*c.folder, ".")).collect::<Vec<_>>();
        if at_home(before) != at_home(after) {
            let show = |list: Vec<String>| text(&list.join(", "));
            let (from, to) = (show(listed(before)), show(listed(after)));
            self.about(after, ChangeKind::ValueFiles, Class::Application, "valueFiles", from, to);
            self.with_places(
                before.value_files.first().and_then(|f| f.at),
                after.value_files.first().and_then(|f| f.at),
            );
        }
        for (path, was, is) in [
            ("metadata.name", &before.application, &after.application),
            ("destination.namespace", &before.namespace, &after.namespace),
            ("helm.releaseName", &before.release_name, &after.release_name),
        ] {
            if was != is {
                let show = |said: &Option<Arc<str>>| said.as_deref().map(Value::from);
                self.about(after, ChangeKind::Application, Class::Application, path, show(was), show(is));
                self.with_places(before.declared_at, after.declared_at);
            }
        }
    }

    fn with_places(&mut self, before: Option<Mark>, after: Option<Mark>) {
        let places = (place(&self.before.files, before), place(&self.after.files, after));
        if let Some(item) = self.items.last_mut() {
            (item.before_at, item.after_at) = places;
        }
    }

    fn all_clusters(&mut self) {
        let later: BTreeMap<&str, &ClusterReading> = by_folder(self.after);
        let earlier: BTreeMap<&str, &ClusterReading> = by_folder(self.before);
        for (folder, cluster) in &earlier {
            match later.get(folder) {
                Some(same) => self.cluster(cluster, same),
                None => self.cluster_itself(cluster, ChangeKind::ClusterRemoved),
            }
        }
        for (folder, cluster) in &later {
            if !earlier.contains_key(folder) {
                self.cluster_itself(cluster, ChangeKind::ClusterAdded);
            }
        }
    }

    fn cluster_itself(&mut self, cluster: &ClusterReading, kind: ChangeKind) {
        let folder = text(&cluster.folder);
        let (before, after) = if kind == ChangeKind::ClusterAdded { (None, folder) } else { (folder, None) };
        self.items.push(ChangeItem {
            commons: None,
            cluster: Some(cluster.folder.clone()),
            service: None,
            kind,
            area: Class::Cluster,
            path: "".into(),
            before,
            after,
            before_at: None,
            after_at: None,
        });
    }

    fn cluster(&mut self, before: &ClusterReading, after: &ClusterReading) {
        let same = match (&before.values, &after.values) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        if same {
            return;
        }
        let add_ons: HashSet<&str> = before.add_ons.iter().chain(&after.add_ons).map(|a| &*a.name).collect();
        for difference in diff::optional(before.values.as_deref(), after.values.as_deref()) {
            let keys: Vec<&str> = difference.path.keys().collect();
            let kind = match keys.as_slice() {
                [.., "amiSelectorName"] => ChangeKind::NodeImage,
                [first, ..] if add_ons.contains(first) => ChangeKind::AddOn,
                _ => ChangeKind::Setting,
            };
            if difference.is_effective() {
                let mut item = self.leaf(&difference, kind, Class::Cluster);
                item.cluster = Some(after.folder.clone());
                self.items.push(item);
            }
        }
    }
}

fn text(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| Value::from(text))
}

/// Same hostname or same Application in the same namespace; the one that agrees in more wins.
fn moved_from(gone: &[&CommonsReading], commons: &CommonsReading) -> Option<usize> {
    let hostname = |c: &CommonsReading| c.hostname.as_ref().map(|h| h.value.clone());
    let score = |old: &CommonsReading| {
        let same_host = hostname(old).is_some() && hostname(old) == hostname(commons);
        let same_name = old.folder.rsplit('/').next() == commons.folder.rsplit('/').next();
        let same_app = old.application.is_some()
            && (&old.application, &old.namespace) == (&commons.application, &commons.namespace);
        2 * usize::from(same_host) + usize::from(same_name) + usize::from(same_app)
    };
    let best = gone.iter().enumerate().max_by_key(|(index, old)| (score(old), usize::MAX - index))?;
    (score(best.1) > 0).then_some(best.0)
}

fn same_hostname(reading: &FleetReading, commons: &CommonsReading) -> Option<Value> {
    let hostname = &commons.hostname.as_ref()?.value;
    all(reading)
        .find(|c| c.folder != commons.folder && c.hostname.as_ref().is_some_and(|h| h.value == *hostname))
        .and_then(|c| text(&c.folder))
}

/// The path of a service's switch, and where it is written.
fn switch(service: &ServiceReading) -> (String, Option<Mark>) {
    match &service.reason {
        EnabledReason::Values { path, at } => (path.clone(), Some(*at)),
        EnabledReason::ChartDefault { path } | EnabledReason::Assumed { path } => (path.clone(), None),
        EnabledReason::Manifest { at } => (format!("versions.{}", service.service), Some(*at)),
    }
}

pub(super) fn is_readable(state: &ReadingState) -> bool {
    matches!(state, ReadingState::Readable | ReadingState::Empty)
}

fn readability(before: &ReadingState, after: &ReadingState) -> Option<(Value, Value)> {
    let problem = |state: &ReadingState| match state {
        ReadingState::Readable | ReadingState::Empty => None,
        ReadingState::Broken(why) | ReadingState::Unknown(why) => Some(why.clone()),
    };
    let word = |problem: Option<String>| Value::from(problem.unwrap_or_else(|| "readable".into()));
    match (problem(before), problem(after)) {
        (None, None) => None,
        (was, is) if was == is => None,
        (was, is) => Some((word(was), word(is))),
    }
}

/// A manifest's image reference is shown as its tag; a tag that is only on one side is compared with what
/// ran by default on the other.
fn complete_version(
    item: &mut ChangeItem,
    service: Option<&str>,
    keys: &[&str],
    before: &CommonsReading,
    after: &CommonsReading,
) {
    if keys.first() == Some(&"versions") {
        let pins = [&item.before, &item.after].map(|v| v.as_ref().and_then(|v| v.as_str()).map(str::to_owned));
        let [was, is] = pins.map(|text| text.and_then(|t| ImageRef::parse(&t).pin().map(str::to_owned)));
        if was != is {
            (item.before, item.after) = (was.map(Value::from), is.map(Value::from));
        }
        return;
    }
    if keys.last() != Some(&"tag") {
        return;
    }
    let component = keys.iter().copied().find(|key| matches!(*key, "tube" | "spark"));
    let running = |commons: &CommonsReading| {
        let service = commons.services.iter().find(|s| Some(&*s.service) == service && s.enabled)?;
        let image = service.images.iter().find(|i| i.component.as_deref() == component)?;
        Some(Value::from(&*image.tag))
    };
    match (&item.before, &item.after) {
        (None, Some(_)) => item.before = running(before),
        (Some(_), None) => item.after = running(after),
        _ => {}
    }
}

/// The leaves of two trees of one commons that differ, as items (for a chart that moved).
pub(super) fn tree_items(commons: &CommonsReading, trees: (&Node, &Node), redactor: &Redactor<'_>) -> Vec<ChangeItem> {
    let running = |name: &str| commons.services.iter().find(|s| *s.service == *name).is_none_or(|s| s.enabled);
    diff::nodes(trees.0, trees.1)
        .iter()
        .filter(|d| !matches!(d.change, Change::Reformatted))
        .filter(|d| d.path.first().is_none_or(|first| catalogue::service(first).is_none() || running(first)))
        .map(|difference| {
            let keys: Vec<&str> = difference.path.keys().collect();
            let (before, after) = redactor.show_change(difference);
            ChangeItem {
                commons: Some(commons.folder.clone()),
                cluster: commons.cluster.clone(),
                service: areas::service(&keys),
                kind: ChangeKind::ChartDefault,
                area: Class::Chart,
                path: difference.path.to_string().into(),
                before,
                after,
                before_at: None,
                after_at: None,
            }
        })
        .collect()
}

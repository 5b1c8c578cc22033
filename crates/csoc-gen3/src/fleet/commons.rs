//! One commons, computed from the place that declares it.
//!
//! Everything here follows from the files named in the plan's inputs; what depends on the rest of the fleet (twin,
//! owners, the cluster's account) is added by the reading as a whole.

use std::sync::Arc;

use super::chart_ref::{chart_of, chart_of_wrapped};
use super::documents::Parsed;
use super::names::{Names, looks_like_hostname, propose_tier};
use super::plan::{Around, ChartAtHand, Plan};
use super::value_files::Resolved;
use super::values::{Layer, NoValues, Own, merge};
use super::{
    Cache, CommonsReading, Irregularity, IrregularityCode, Proposed, ReadingState, Said, Unread, ValueFile,
    ValueFileState, account, charted, kinds, services,
};
use crate::argo::HelmSource;
use crate::layout::{Place, What, base};
use crate::tree::Entry;
use crate::yaml::{Kind, Mark, Node};

pub struct Outcome {
    pub reading: CommonsReading,
    pub irregularities: Vec<Irregularity>,
    pub unread: Vec<Unread>,
}

pub fn compute(place: &Place, plan: Plan, around: &Around<'_>, cache: &mut Cache) -> Outcome {
    match &place.what {
        What::Manifest { declared } => super::manifest::compute(place, declared, around.tree, cache),
        _ => Work { place, around, cache, irregularities: Vec::new(), unread: Vec::new() }.run(plan),
    }
}

struct Work<'a> {
    place: &'a Place,
    around: &'a Around<'a>,
    cache: &'a mut Cache,
    irregularities: Vec<Irregularity>,
    unread: Vec<Unread>,
}

impl Work<'_> {
    fn run(mut self, mut plan: Plan) -> Outcome {
        let declared = self.declared_path();
        let mut layers = Vec::new();
        for file in &mut plan.files {
            self.irregularities.extend(file.irregularity(&declared, &self.place.folder));
            layers.extend(self.open(file));
        }
        let helm = plan.source.as_ref().and_then(|source| source.helm.as_ref());
        let own = match (&self.place.what, &plan.source, helm) {
            (What::Application { application, .. }, Some(source), Some(helm)) => {
                Some(Own { application, source, helm })
            }
            _ => None,
        };
        let (values, state) = self.values(&plan.files, &layers, own.as_ref(), plan.wrapped.as_ref());
        let services = match (&values, &state) {
            (Some(values), ReadingState::Readable) => self.services(plan.chart.as_ref(), values),
            _ => Vec::new(),
        };
        let files = plan.files.into_iter().map(|file| file.file).collect();
        let chart = match &plan.wrapped {
            Some(wrapped) => Some(chart_of_wrapped(wrapped)),
            None => plan.source.as_ref().and_then(chart_of),
        };
        let mut reading = blank(self.place, state);
        reading.value_files = files;
        reading.chart = chart;
        reading.charted = plan.chart.and_then(Result::ok);
        reading.services = services;
        self.describe(&mut reading, helm);
        fill_from_values(&mut reading, values);
        propose(&mut reading);
        Outcome { reading, irregularities: self.irregularities, unread: self.unread }
    }

    /// By the chart, or, when there is none or it does not work, by the catalogue.
    fn services(&mut self, chart: Option<&ChartAtHand>, values: &Node) -> Vec<super::ServiceReading> {
        let problem = match chart {
            None => return services::by_catalogue(values),
            Some(Err(problem)) => format!("the chart cannot be read: {problem}"),
            Some(Ok(loaded)) => match charted::services(loaded, values) {
                Ok(services) => return services,
                Err(error) => format!("the chart's values cannot be computed: {error}"),
            },
        };
        self.unread.push(Unread { path: self.declared_path(), line: None, reason: problem });
        services::by_catalogue(values)
    }

    fn declared_path(&self) -> Arc<str> {
        match &self.place.what {
            What::Application { declared, .. } | What::Template { declared, .. } | What::Manifest { declared } => {
                declared.path.clone()
            }
            What::Values { value_files } => value_files.first().cloned().unwrap_or_else(|| self.place.folder.clone()),
        }
    }

    /// What the Application itself says: names, destination.
    fn describe(&mut self, reading: &mut CommonsReading, helm: Option<&HelmSource>) {
        match &self.place.what {
            What::Application { application, .. } => {
                let value = |said: &Option<Said<Arc<str>>>| said.as_ref().map(|said| said.value.clone());
                reading.application = value(&application.name);
                reading.namespace = value(&application.destination.namespace);
                reading.release_name =
                    helm.and_then(|helm| value(&helm.release_name)).or_else(|| reading.application.clone());
                reading.declared_at = Some(application.at);
            }
            What::Template { declared, line, .. } => {
                let file = self.cache.file(&declared.path);
                reading.declared_at = Some(Mark { file, line: *line, column: 1 });
            }
            What::Values { value_files } => {
                let path = value_files.first().cloned().unwrap_or_else(|| self.place.folder.clone());
                let reason = "no Application in this repository says that these values are deployed, or in which \
                              order they are merged";
                self.unread.push(Unread { path, line: None, reason: reason.into() });
            }
            What::Manifest { .. } => {}
        }
    }

    /// Parse one value file; its state says what became of it.
    fn open(&mut self, resolved: &mut Resolved) -> Option<Layer> {
        let entry = resolved.entry.clone()?;
        let parsed = match self.cache.parsed(self.around.tree, &entry) {
            Ok(parsed) => parsed,
            Err(error) => {
                resolved.file.state = ValueFileState::Broken(error.to_string());
                let code = match error {
                    crate::tree::ReadError::TooLarge { .. } => IrregularityCode::TooLarge,
                    _ => IrregularityCode::ObjectMissing,
                };
                self.irregular(&entry, code, 1, 1, error.to_string());
                return None;
            }
        };
        let commons = Some(self.place.folder.clone());
        self.irregularities.extend(odd_documents(&parsed, &entry.path, commons, true));
        let Some(root) = parsed.documents.first() else {
            let reason = parsed.broken.as_ref().map_or_else(|| "cannot be read".into(), |odd| odd.detail.clone());
            resolved.file.state = ValueFileState::Broken(reason);
            return None;
        };
        match &root.kind {
            Kind::Null => {
                self.empty(resolved);
                None
            }
            Kind::Map(map) => {
                if map.is_empty() {
                    self.empty(resolved);
                }
                Some(Layer { parsed })
            }
            _ => {
                let reason = "the values are not a mapping; Helm refuses them".to_owned();
                self.irregular(&entry, IrregularityCode::NotAMapping, root.mark.line, root.mark.column, reason.clone());
                resolved.file.state = ValueFileState::Broken(reason);
                None
            }
        }
    }

    fn empty(&mut self, resolved: &mut Resolved) {
        if resolved.file.state == ValueFileState::Read {
            resolved.file.state = ValueFileState::Empty;
        }
        if let Some(entry) = resolved.entry.clone() {
            self.irregular(&entry, IrregularityCode::EmptyValues, 1, 1, "the value file says nothing".into());
        }
    }

    fn values(
        &mut self,
        files: &[Resolved],
        layers: &[Layer],
        own: Option<&Own<'_>>,
        wrapped: Option<&kinds::Wrapped>,
    ) -> (Option<Arc<Node>>, ReadingState) {
        if let Some(state) = blocking(files) {
            return (None, state);
        }
        let merged = match merge(layers, own, self.around.tree, self.around.ours) {
            Ok(merged) => merged,
            Err(NoValues::Broken(reason)) => return (None, ReadingState::Broken(reason)),
            Err(NoValues::Unknown(reason)) => return (None, ReadingState::Unknown(reason)),
        };
        let values = match wrapped {
            Some(wrapped) => Arc::new(super::values::below(&merged, &wrapped.key)),
            None => merged,
        };
        let says_nothing = matches!(&values.kind, Kind::Map(map) if map.is_empty());
        let state = match says_nothing && !files.is_empty() {
            true => ReadingState::Empty,
            false => ReadingState::Readable,
        };
        (Some(values), state)
    }

    fn irregular(&mut self, entry: &Entry, code: IrregularityCode, line: u32, column: u32, detail: String) {
        self.irregularities.push(Irregularity {
            code,
            path: entry.path.clone(),
            line,
            column,
            commons: Some(self.place.folder.clone()),
            detail,
        });
    }
}

/// The first file that makes the values unknowable, as a sentence. A missing file does not: the others
/// still say what was meant, and the file is reported.
fn blocking(files: &[Resolved]) -> Option<ReadingState> {
    let unknown = files.iter().find_map(|Resolved { file, .. }| match &file.state {
        ValueFileState::UnknownRevision { repository, revision } => {
            Some(format!("{} is read at {revision} of {repository}, which is not at hand", file.written))
        }
        ValueFileState::Outside if file.written.contains("://") => {
            Some(format!("{} is fetched from outside and not at hand", file.written))
        }
        _ => None,
    });
    let broken = files.iter().find_map(|Resolved { file, .. }| match &file.state {
        ValueFileState::Broken(reason) => Some(format!("{}: {reason}", shown(file))),
        ValueFileState::Outside if !file.written.contains("://") && file.written.contains("..") => {
            Some(format!("{} leads out of its repository", file.written))
        }
        _ => None,
    });
    broken.map(ReadingState::Broken).or(unknown.map(ReadingState::Unknown))
}

fn shown(file: &ValueFile) -> &str {
    file.path.as_deref().unwrap_or(&file.written)
}

/// A parsed file's irregularities. Where only the first document counts, more of them are irregular, too.
pub fn odd_documents(
    parsed: &Parsed,
    path: &Arc<str>,
    commons: Option<Arc<str>>,
    only_first: bool,
) -> Vec<Irregularity> {
    let mut odd: Vec<_> = parsed.notes.iter().chain(&parsed.broken).collect();
    if only_first {
        // An error after the first document is never met by Helm.
        odd.retain(|odd| parsed.documents.is_empty() || parsed.broken.as_ref() != Some(odd));
    } else {
        odd.extend(&parsed.later_notes);
        odd.retain(|odd| odd.code != IrregularityCode::ExtraDocuments);
    }
    let irregularity = |odd: &super::documents::Odd| Irregularity {
        code: odd.code,
        path: path.clone(),
        line: odd.line,
        column: odd.column,
        commons: commons.clone(),
        detail: odd.detail.clone(),
    };
    odd.into_iter().map(irregularity).collect()
}

/// A commons about which only its place is known.
pub fn blank(place: &Place, state: ReadingState) -> CommonsReading {
    let name = base(&place.folder);
    CommonsReading {
        folder: place.folder.clone(),
        application: None,
        cluster: place.cluster.clone(),
        layout: place.layout,
        hostname: None,
        folder_hostname: looks_like_hostname(name).then(|| name.into()),
        namespace: None,
        release_name: None,
        chart: None,
        charted: None,
        value_files: Vec::new(),
        values: None,
        services: Vec::new(),
        tier: Proposed { value: csoc_core::commons::Tier::Production, why: String::new() },
        twin: None,
        organization: None,
        owners: Vec::new(),
        account: None,
        environment: None,
        state,
        declared_at: None,
    }
}

fn fill_from_values(reading: &mut CommonsReading, values: Option<Arc<Node>>) {
    if let Some(values) = values.as_deref() {
        reading.hostname = said(values, "hostname");
        reading.environment = said(values, "environment");
        reading.account = account::stated(values);
    }
    reading.values = values;
}

/// A text of `global` that says something.
pub fn said(values: &Node, key: &str) -> Option<Said<Arc<str>>> {
    let node = values.get(&["global", key])?;
    match &node.kind {
        Kind::Str(text) if !text.trim().is_empty() => Some(Said { value: text.trim().into(), at: Some(node.mark) }),
        Kind::Int(_) | Kind::Float(_) => account::written(node),
        _ => None,
    }
}

pub fn propose(reading: &mut CommonsReading) {
    let hostname = reading.hostname.as_ref().map(|said| &*said.value).or(reading.folder_hostname.as_deref());
    reading.tier = propose_tier(Names {
        hostname,
        folder: Some(base(&reading.folder)),
        namespace: reading.namespace.as_deref(),
        cluster: reading.cluster.as_deref(),
    });
}

//! One walk over a tree: every place that declares a commons or a cluster, and what could not be followed.

mod undeclared;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::folders::{Folders, cluster_of, commons_folder, environment_folder, named_like_a_host};
use super::{base, is_yaml, parent};
use crate::argo::set::{Surroundings, expand};
use crate::argo::{self, Application};
use crate::fleet::kinds::{self, Role};
use crate::fleet::ours::Ours;
use crate::fleet::{Cache, Irregularity, IrregularityCode, Layout, LayoutFound, ReadContext, Unread};
use crate::tree::{Entry, EntryKind, Tree};
use crate::yaml::{Kind, Node};

#[derive(Debug, Default)]
pub struct Survey {
    pub layouts: Vec<LayoutFound>,
    /// One for each commons; folders are unique.
    pub places: Vec<Place>,
    pub clusters: Vec<ClusterFolder>,
    pub unread: Vec<Unread>,
    pub irregularities: Vec<Irregularity>,
    /// Which URLs mean this repository.
    pub ours: Ours,
}

#[derive(Debug)]
pub struct Place {
    pub folder: Arc<str>,
    pub layout: Layout,
    pub cluster: Option<Arc<str>>,
    pub what: What,
}

#[derive(Debug)]
pub enum What {
    Application {
        declared: Entry,
        application: Arc<Application>,
    },
    /// An Application that is a template: the files its `valueFiles` lines can mean, or those that the
    /// layout implies.
    Template {
        declared: Entry,
        line: u32,
        value_files: Vec<Arc<str>>,
    },
    Manifest {
        declared: Entry,
    },
    /// Values without anything that says who deploys them.
    Values {
        value_files: Vec<Arc<str>>,
    },
}

#[derive(Debug)]
pub struct ClusterFolder {
    pub folder: Arc<str>,
    /// `<folder>/cluster-values` or its other spellings; `None` when only commons stand in the folder.
    pub values_folder: Option<Arc<str>>,
    pub values: Option<Entry>,
    pub application: Option<Arc<Application>>,
}

pub fn survey(tree: &dyn Tree, context: &ReadContext<'_>, cache: &mut Cache) -> Survey {
    let folders = Folders::of(tree.entries());
    let mut walk = Walk { tree, context, cache, folders, survey: Survey::default(), taken: BTreeSet::new() };
    let declared = walk.declarations();
    walk.survey.ours = Ours::infer(&context.place, declared.iter().map(|d| &*d.application), tree);
    walk.clusters();
    walk.applications(declared);
    walk.manifests();
    walk.values_folders();
    walk.empty_clusters();
    walk.layouts();
    walk.survey
}

struct Declared {
    entry: Entry,
    application: Arc<Application>,
    from_set: bool,
}

struct Walk<'a> {
    tree: &'a dyn Tree,
    context: &'a ReadContext<'a>,
    cache: &'a mut Cache,
    folders: Folders<'a>,
    survey: Survey,
    /// Folders that are a commons already.
    taken: BTreeSet<Arc<str>>,
}

impl<'a> Walk<'a> {
    /// Every Application that can be read, in the order of paths; templates are noted on the way.
    fn declarations(&mut self) -> Vec<Declared> {
        let mut found = Vec::new();
        let files: Vec<&'a Entry> = self.folders.files.values().flatten().copied().collect();
        for entry in files {
            if entry.kind != EntryKind::File || !is_yaml(&entry.path) {
                continue;
            }
            let outline = self.cache.outline(self.tree, entry);
            if outline.declares {
                self.declaring_file(entry, outline.template_line, &mut found);
            }
        }
        found
    }

    fn declaring_file(&mut self, entry: &'a Entry, template_line: Option<u32>, found: &mut Vec<Declared>) {
        let Ok(parsed) = self.cache.parsed(self.tree, entry) else {
            self.unread(entry, None, "the object is not in this clone");
            return;
        };
        let holds_template =
            |node: &Arc<Node>| template_line.is_some() && argo::is_application(node) && has_template(node);
        if parsed.broken.is_some() && template_line.is_some() || parsed.documents.iter().any(holds_template) {
            self.template(entry, template_line.unwrap_or(1));
            return;
        }
        if let Some(odd) = &parsed.broken {
            let reason = format!("holds an Application and is not YAML: {}", odd.detail);
            self.unread(entry, Some(odd.line), &reason);
            self.irregular(entry, odd.code, odd.line, odd.column, odd.detail.clone());
        }
        for document in &parsed.documents {
            if argo::is_application(document) {
                match self.cache.application(entry, document) {
                    Some(application) => found.push(Declared { entry: entry.clone(), application, from_set: false }),
                    None => self.unread(entry, Some(document.mark.line), "the Application has no spec"),
                }
            } else if argo::is_application_set(document) {
                self.application_set(entry, document, found);
            }
        }
    }

    fn application_set(&mut self, entry: &Entry, document: &Node, found: &mut Vec<Declared>) {
        let (tree, place) = (self.tree, &self.context.place);
        let is_here = |url: &str, revision: &str| {
            place.is_this_repository(url) != argo::location::Sameness::Other && place.is_read_revision(revision)
        };
        let cache = &mut *self.cache;
        let mut parse =
            |path: &str| cache.parsed(tree, tree.find(path)?).ok()?.documents.first().map(|root| Node::clone(root));
        let expansion = expand(document, &mut Surroundings { tree, is_here: &is_here, parse: &mut parse });
        for (mark, reason) in expansion.unread {
            self.unread(entry, Some(mark.line), &reason);
        }
        found.extend(expansion.applications.into_iter().map(|application| Declared {
            entry: entry.clone(),
            application: Arc::new(application),
            from_set: true,
        }));
    }

    /// `app.yaml` with `{{ .Values.name }}`: said to be unread. Its folder is a commons all the same when
    /// the layout leaves no doubt; the value files are those that its own lines can mean.
    fn template(&mut self, entry: &'a Entry, line: u32) {
        self.unread(entry, Some(line), "holds template expressions; it is not YAML until it is rendered");
        self.irregular(entry, IrregularityCode::Template, line, 1, "template expressions in an Application".into());
        let folder = commons_folder(&entry.path);
        // A template for new commons lies at the root; commons lie in a cluster's folder.
        let clear = self.folders.file(&format!("{folder}/values"), "values.yaml").is_some()
            && (named_like_a_host(folder) || !parent(folder).is_empty());
        let deploys_gen3 = self.cache.text(self.tree, entry).ok().filter(|text| kinds::template_deploys_gen3(text));
        let (true, Some(text)) = (clear, deploys_gen3) else { return };
        let value_files = kinds::value_files_of_template(&text, folder, self.tree);
        let what = What::Template { declared: entry.clone(), line, value_files };
        let cluster = self.cluster_folder(folder).or_else(|| cluster_above(folder));
        self.place(folder.into(), Layout::Gen3Gitops, cluster, what);
    }

    fn clusters(&mut self) {
        let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for folder in self.folders.files.keys() {
            let mut above = *folder;
            loop {
                if let Some(cluster) = cluster_of(above) {
                    found.entry(cluster).or_default().push(above);
                }
                if above.is_empty() {
                    break;
                }
                above = parent(above);
            }
        }
        for (cluster, mut values_folders) in found {
            values_folders.sort_unstable();
            values_folders.dedup();
            let values = values_folders
                .iter()
                .find_map(|folder| Some((*folder, self.folders.file(folder, "cluster-values.yaml")?)));
            if values.is_none() && !values_folders.iter().any(|folder| base(folder) == "cluster-values") {
                continue;
            }
            let values_folder = values.map(|(folder, _)| folder).or(values_folders.first().copied());
            self.survey.clusters.push(ClusterFolder {
                folder: cluster.into(),
                values_folder: values_folder.map(Arc::from),
                values: values.map(|(_, entry)| entry.clone()),
                application: None,
            });
        }
    }

    /// The nearest folder above that holds a cluster's values.
    fn cluster_folder(&self, folder: &str) -> Option<Arc<str>> {
        let mut above = folder;
        while !above.is_empty() {
            above = parent(above);
            for name in ["cluster-values", "cluster-level-resources"] {
                if !above.is_empty() && self.folders.has(&format!("{above}/{name}")) {
                    return Some(above.into());
                }
            }
        }
        None
    }

    fn applications(&mut self, declared: Vec<Declared>) {
        let mut in_file: BTreeSet<Arc<str>> = BTreeSet::new();
        for Declared { entry, application, from_set } in declared {
            match kinds::role_of(&application, self.tree, &self.survey.ours, self.cache) {
                Role::Gen3 => {
                    let folder = self.folder_for(&entry, &application, from_set, in_file.contains(&entry.path));
                    in_file.insert(entry.path.clone());
                    let layout = self.layout_for(&entry, from_set);
                    let cluster = self.cluster_for(&entry, &application, layout);
                    let what = What::Application { declared: entry, application };
                    self.place(folder, layout, cluster, what);
                }
                Role::Cluster => self.cluster_application(&entry, application),
                Role::Other => {}
            }
        }
    }

    fn cluster_application(&mut self, entry: &Entry, application: Arc<Application>) {
        let written = application.sources.iter().filter_map(|source| source.helm.as_ref());
        let files: Vec<Arc<str>> = written.flat_map(|helm| helm.value_files.iter().map(|f| f.value.clone())).collect();
        let by_values = |cluster: &ClusterFolder| {
            let folder = format!("{}/", cluster.values_folder.as_deref().unwrap_or("\0"));
            files.iter().any(|file| file.contains(&folder))
        };
        let own_folder = parent(commons_folder(&entry.path));
        let clusters = &mut self.survey.clusters;
        let index =
            clusters.iter().position(by_values).or_else(|| clusters.iter().position(|c| *c.folder == *own_folder));
        if let Some(cluster) = index.and_then(|index| clusters.get_mut(index)) {
            cluster.application.get_or_insert(application);
        }
    }

    /// A folder of its own for each commons, stable over time: the folder that declares it, or, where one
    /// file declares several, that file's path with the Application's name.
    fn folder_for(&self, entry: &Entry, application: &Application, from_set: bool, further: bool) -> Arc<str> {
        let name = application.name.as_ref().map_or("unnamed", |name| &*name.value);
        let folder = commons_folder(&entry.path);
        let file = base(&entry.path);
        let plain = ["app", "application"]
            .iter()
            .any(|stem| file.strip_prefix(stem).is_some_and(|rest| matches!(rest, ".yaml" | ".yml")));
        if from_set || further {
            return format!("{}#{name}", entry.path).into();
        }
        let in_templates = parent(&entry.path).ends_with("templates");
        if !folder.is_empty() && (plain || in_templates || self.folders.has(&format!("{folder}/values"))) {
            return folder.into();
        }
        entry.path.rsplit_once('.').map_or(&*entry.path, |(stem, _)| stem).into()
    }

    fn layout_for(&self, entry: &Entry, from_set: bool) -> Layout {
        let folder = commons_folder(&entry.path);
        if from_set {
            Layout::ArgoApplicationSet
        } else if environment_folder(folder).is_some() {
            Layout::EnvironmentFolders
        } else if self.folders.has(&format!("{folder}/values")) || self.cluster_folder(folder).is_some() {
            Layout::Gen3Gitops
        } else {
            Layout::ArgoApplication
        }
    }

    fn cluster_for(&self, entry: &Entry, application: &Application, layout: Layout) -> Option<Arc<str>> {
        let folder = commons_folder(&entry.path);
        if let Some(cluster) = self.cluster_folder(folder) {
            return Some(cluster);
        }
        if let Some((environment, _)) = environment_folder(folder) {
            return Some(environment.into());
        }
        if let Some(above) = cluster_above(folder).filter(|_| layout == Layout::Gen3Gitops) {
            return Some(above);
        }
        let destination = &application.destination;
        let server = destination.server.as_ref().filter(|s| !s.value.contains("kubernetes.default.svc"));
        destination.name.as_ref().filter(|n| &*n.value != "in-cluster").or(server).map(|said| said.value.clone())
    }

    /// A folder that holds commons is a cluster even when nothing says how that cluster is set up.
    fn empty_clusters(&mut self) {
        let known: BTreeSet<Arc<str>> = self.survey.clusters.iter().map(|cluster| cluster.folder.clone()).collect();
        let used: BTreeSet<Arc<str>> = self.survey.places.iter().filter_map(|place| place.cluster.clone()).collect();
        for folder in used.difference(&known) {
            self.survey.clusters.push(ClusterFolder {
                folder: folder.clone(),
                values_folder: None,
                values: None,
                application: None,
            });
        }
        self.survey.clusters.sort_by(|a, b| a.folder.cmp(&b.folder));
    }

    fn place(&mut self, folder: Arc<str>, layout: Layout, cluster: Option<Arc<str>>, what: What) {
        let mut own = folder.clone();
        if self.taken.contains(&own)
            && let What::Application { declared, application } = &what
        {
            let name = application.name.as_ref().map_or("unnamed", |name| &*name.value);
            own = format!("{}#{name}", declared.path).into();
        }
        if self.taken.insert(own.clone()) {
            self.survey.places.push(Place { folder: own, layout, cluster, what });
        }
    }

    fn unread(&mut self, entry: &Entry, line: Option<u32>, reason: &str) {
        self.survey.unread.push(Unread { path: entry.path.clone(), line, reason: reason.into() });
    }

    fn irregular(&mut self, entry: &Entry, code: IrregularityCode, line: u32, column: u32, detail: String) {
        self.survey.irregularities.push(Irregularity {
            code,
            path: entry.path.clone(),
            line,
            column,
            commons: None,
            detail,
        });
    }

    fn layouts(&mut self) {
        let mut found: BTreeMap<Layout, Vec<Arc<str>>> = BTreeMap::new();
        for place in &self.survey.places {
            found.entry(place.layout).or_default().push(place.folder.clone());
        }
        let with_values = self.survey.clusters.iter().filter(|cluster| cluster.values.is_some()).count();
        if with_values > 0 {
            found.entry(Layout::Gen3Gitops).or_default();
        }
        for (layout, folders) in found {
            let reason = kinds::reason(layout, &folders, with_values);
            self.survey.layouts.push(LayoutFound { layout, root: kinds::common_root(&folders), reason });
        }
    }
}

/// The cluster by its folder's place alone: the folder above, or the one above that where several kinds of
/// environments are kept apart (`qaplanetv1/qa-environments/...`).
fn cluster_above(folder: &str) -> Option<Arc<str>> {
    let mut above = parent(folder);
    if base(above).ends_with("environments") && !parent(above).is_empty() {
        above = parent(above);
    }
    (!above.is_empty()).then(|| above.into())
}

/// Does any text of the document hold a template expression?
fn has_template(node: &Node) -> bool {
    match &node.kind {
        Kind::Str(text) => text.contains("{{"),
        Kind::Seq(items) => items.iter().any(has_template),
        Kind::Map(map) => map.iter().any(|(key, entry)| key.contains("{{") || has_template(&entry.node)),
        _ => false,
    }
}

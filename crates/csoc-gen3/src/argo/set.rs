//! An ApplicationSet, expanded as far as files alone can tell.
//!
//! Story: a set with the Git directory generator `environments/*` makes one Application for each folder
//! there; the folder's name goes where the template says `{{path.basename}}`. A generator that asks the
//! cluster (`clusters`, `pullRequest` ...) or a template that calls functions cannot be followed here: the
//! set is then reported as unread, with the reason, and nothing is guessed.

mod params;
mod template;

use globset::{GlobBuilder, GlobMatcher};

use super::application::{Application, read};
use crate::tree::{EntryKind, Tree};
use crate::yaml::{Kind, Mark, Node};
use params::Params;

/// What a set needs to know about the repository it stands in.
pub struct Surroundings<'a> {
    pub tree: &'a dyn Tree,
    /// Is this repository at this revision what is being read?
    pub is_here: &'a dyn Fn(&str, &str) -> bool,
    /// The documents of a file, for generators that read parameters from files.
    pub parse: &'a mut dyn FnMut(&str) -> Option<Node>,
}

#[derive(Clone, Debug, Default)]
pub struct Expansion {
    pub applications: Vec<Application>,
    /// What could not be followed: where, and a sentence.
    pub unread: Vec<(Mark, String)>,
}

/// More Applications than any fleet has; a matrix of matrices must not eat the memory.
const LIMIT: usize = 5_000;

pub fn expand(document: &Node, around: &mut Surroundings<'_>) -> Expansion {
    let mut expansion = Expansion::default();
    let Some(template) = document.get(&["spec", "template"]) else {
        expansion.unread.push((document.mark, "the ApplicationSet has no template".into()));
        return expansion;
    };
    if let Some(patch) = document.get(&["spec", "templatePatch"]) {
        expansion.unread.push((patch.mark, "the ApplicationSet patches its template when it is rendered".into()));
        return expansion;
    }
    let go = matches!(document.get(&["spec", "goTemplate"]).map(|n| &n.kind), Some(Kind::Bool(true)));
    for generator in sequence(document.get(&["spec", "generators"])) {
        match generate(generator, around, go, 0) {
            Ok(sets) => {
                for params in sets {
                    render_one(template, &params, go, &mut expansion);
                }
            }
            Err((mark, reason)) => expansion.unread.push((mark, reason)),
        }
    }
    expansion
}

fn render_one(template: &Node, params: &Params, go: bool, expansion: &mut Expansion) {
    match template::render(template, params, go) {
        Ok(rendered) => match read(&rendered) {
            Some(application) => expansion.applications.push(application),
            None => expansion.unread.push((template.mark, "the template has no spec".into())),
        },
        Err(template::Unknown { mark, expression }) => {
            let reason = format!("the template's {expression} cannot be told from files alone");
            if !expansion.unread.iter().any(|(at, text)| *at == mark && *text == reason) {
                expansion.unread.push((mark, reason));
            }
        }
    }
}

type Generated = Result<Vec<Params>, (Mark, String)>;

fn generate(generator: &Node, around: &mut Surroundings<'_>, go: bool, depth: usize) -> Generated {
    let Kind::Map(map) = &generator.kind else {
        return Err((generator.mark, "a generator that is not a mapping".into()));
    };
    if let Some(entry) = map.get("selector") {
        return Err((entry.key_mark, "the generator selects by labels, which are known when it runs".into()));
    }
    let Some((name, entry)) = map.iter().next() else {
        return Err((generator.mark, "an empty generator".into()));
    };
    let has_own_template = entry.node.get(&["template"]).is_some_and(|n| !matches!(&n.kind, Kind::Null));
    if has_own_template {
        return Err((entry.key_mark, format!("the {name} generator changes the template")));
    }
    let sets = match &**name {
        "list" => list(&entry.node)?,
        "git" => git(&entry.node, around)?,
        "matrix" if depth < 3 => matrix(&entry.node, around, go, depth)?,
        "merge" if depth < 3 => merge(&entry.node, around, go, depth)?,
        "clusters" => {
            return Err((
                entry.key_mark,
                "the clusters generator takes its clusters from Argo CD, not from files".into(),
            ));
        }
        other => return Err((entry.key_mark, format!("the {other} generator depends on what is outside the files"))),
    };
    if sets.len() > LIMIT {
        return Err((entry.key_mark, format!("the {name} generator makes {} sets of parameters", sets.len())));
    }
    Ok(sets)
}

fn list(node: &Node) -> Generated {
    if let Some(text) = node.get(&["elementsYaml"]) {
        return Err((text.mark, "the list's elements are written as a template".into()));
    }
    Ok(sequence(node.get(&["elements"])).map(Params::of_node).collect())
}

fn git(node: &Node, around: &mut Surroundings<'_>) -> Generated {
    let url = scalar(node.get(&["repoURL"])).unwrap_or_default();
    let revision = scalar(node.get(&["revision"])).unwrap_or_default();
    if !(around.is_here)(&url, &revision) {
        return Err((node.mark, format!("the git generator reads {url} at {revision}, which is not at hand")));
    }
    let prefix = scalar(node.get(&["pathParamPrefix"]));
    let mut sets = match (node.get(&["directories"]), node.get(&["files"])) {
        (Some(directories), _) => directories_of(directories, around.tree, prefix.as_deref())?,
        (None, Some(files)) => files_of(files, around, prefix.as_deref())?,
        (None, None) => Vec::new(),
    };
    if let Some(values) = node.get(&["values"]) {
        for set in &mut sets {
            set.insert_below("values", values);
        }
    }
    Ok(sets)
}

fn directories_of(node: &Node, tree: &dyn Tree, prefix: Option<&str>) -> Generated {
    let (mut include, mut exclude) = (Vec::new(), Vec::new());
    for item in sequence(Some(node)) {
        let pattern = scalar(item.get(&["path"])).unwrap_or_default();
        let excluded = matches!(item.get(&["exclude"]).map(|n| &n.kind), Some(Kind::Bool(true)));
        if excluded { &mut exclude } else { &mut include }.push(glob(&pattern, item.mark)?);
    }
    let matches = |globs: &[GlobMatcher], path: &str| globs.iter().any(|glob| glob.is_match(path));
    let found = folders(tree).into_iter().filter(|path| matches(&include, path) && !matches(&exclude, path));
    Ok(found.map(|path| Params::of_path(path, None, prefix)).collect())
}

/// Every folder of the tree that is not hidden, sorted.
fn folders(tree: &dyn Tree) -> Vec<&str> {
    let mut folders: Vec<&str> = Vec::new();
    for entry in tree.entries() {
        let hidden = |path: &str| path.split('/').any(|part| part.starts_with('.'));
        for (at, _) in entry.path.match_indices('/') {
            let folder = &entry.path[..at];
            if !hidden(folder) {
                folders.push(folder);
            }
        }
    }
    folders.sort_unstable();
    folders.dedup();
    folders
}

fn files_of(node: &Node, around: &mut Surroundings<'_>, prefix: Option<&str>) -> Generated {
    let mut globs = Vec::new();
    for item in sequence(Some(node)) {
        globs.push(glob(&scalar(item.get(&["path"])).unwrap_or_default(), item.mark)?);
    }
    let tree = around.tree;
    let mut sets = Vec::new();
    for entry in tree.entries() {
        if entry.kind != EntryKind::File || !globs.iter().any(|glob| glob.is_match(&*entry.path)) {
            continue;
        }
        let Some(content) = (around.parse)(&entry.path) else {
            return Err((node.mark, format!("{} gives parameters and cannot be read", entry.path)));
        };
        let (folder, file) = entry.path.rsplit_once('/').unwrap_or(("", &entry.path));
        let each = match &content.kind {
            Kind::Seq(items) => items.iter().collect(),
            _ => vec![&content],
        };
        for item in each {
            let mut params = Params::of_node(item);
            params.extend(Params::of_path(folder, Some(file), prefix));
            sets.push(params);
        }
    }
    Ok(sets)
}

/// Every set of the first with every set of the second; the second may use what the first gave.
fn matrix(node: &Node, around: &mut Surroundings<'_>, go: bool, depth: usize) -> Generated {
    let mut generators = sequence(node.get(&["generators"]));
    let (Some(first), Some(second), None) = (generators.next(), generators.next(), generators.next()) else {
        return Err((node.mark, "a matrix takes exactly two generators".into()));
    };
    let mut product = Vec::new();
    for outer in generate(first, around, go, depth + 1)? {
        let second = template::render(second, &outer, go).map_err(|unknown| {
            (unknown.mark, format!("the generator's {} cannot be told from files alone", unknown.expression))
        })?;
        for inner in generate(&second, around, go, depth + 1)? {
            let mut both = outer.clone();
            both.extend(inner);
            product.push(both);
            if product.len() > LIMIT {
                return Err((node.mark, format!("the matrix makes more than {LIMIT} sets of parameters")));
            }
        }
    }
    Ok(product)
}

/// The first generator's sets, each overlaid by the sets of the others with the same merge keys.
fn merge(node: &Node, around: &mut Surroundings<'_>, go: bool, depth: usize) -> Generated {
    let keys: Vec<String> = sequence(node.get(&["mergeKeys"])).filter_map(|key| scalar(Some(key))).collect();
    let mut generators = sequence(node.get(&["generators"]));
    let Some(first) = generators.next() else {
        return Err((node.mark, "a merge without generators".into()));
    };
    let mut sets = generate(first, around, go, depth + 1)?;
    for generator in generators {
        for overlay in generate(generator, around, go, depth + 1)? {
            for set in sets.iter_mut().filter(|set| keys.iter().all(|key| set.get(key) == overlay.get(key))) {
                set.extend(overlay.clone());
            }
        }
    }
    Ok(sets)
}

fn glob(pattern: &str, mark: Mark) -> Result<GlobMatcher, (Mark, String)> {
    let pattern = pattern.trim_matches('/');
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| (mark, format!("the pattern {pattern} cannot be read: {}", error.kind())))
}

fn sequence(node: Option<&Node>) -> impl Iterator<Item = &Node> {
    match node.map(|node| &node.kind) {
        Some(Kind::Seq(items)) => items.iter(),
        _ => [].iter(),
    }
}

fn scalar(node: Option<&Node>) -> Option<String> {
    params::text(node?)
}

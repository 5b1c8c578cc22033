//! Reads a folder as a fleet and prints what was understood:
//! `cargo run -p csoc-gen3 --example read-folder -- PATH [CHART_REPOSITORY]`. A chart repository is a folder
//! that holds the charts which the Applications name by their path; every revision is taken to be that one.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use csoc_gen3::fleet::{Cache, ChartPlace, Charts, FleetReading, ReadContext, read};
use csoc_gen3::tree::MemoryTree;

struct OneFolder(Arc<MemoryTree>);

impl Charts for OneFolder {
    fn find(&self, _: &str, path: &str, _: &str) -> Option<ChartPlace> {
        Some(ChartPlace { tree: self.0.clone(), folder: path.into(), name: "chart".into() })
    }
}

fn main() -> std::io::Result<()> {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let mut tree = MemoryTree::default();
    add(Path::new(&root), "", &mut tree)?;
    let charts = match std::env::args().nth(2) {
        Some(folder) => {
            let mut tree = MemoryTree::default();
            add(Path::new(&folder), "", &mut tree)?;
            Some(OneFolder(Arc::new(tree)))
        }
        None => None,
    };
    let context = ReadContext { charts: charts.as_ref().map(|charts| charts as &dyn Charts), ..ReadContext::default() };
    let mut cache = Cache::default();
    let started = Instant::now();
    let reading = read(&tree, &context, &mut cache);
    let cold = started.elapsed();
    let started = Instant::now();
    read(&tree, &context, &mut cache);
    let again = started.elapsed();
    print(&reading);
    println!("\ncold {cold:?}, again {again:?}");
    Ok(())
}

fn add(folder: &Path, prefix: &str, tree: &mut MemoryTree) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        if entry.file_type()?.is_dir() {
            if name != ".git" {
                add(&entry.path(), &path, tree)?;
            }
        } else if entry.file_type()?.is_file() {
            tree.insert(&path, &std::fs::read(entry.path())?);
        }
    }
    Ok(())
}

fn print(reading: &FleetReading) {
    for layout in &reading.layouts {
        println!("layout {:?} at {:?}: {}", layout.layout, layout.root, layout.reason);
    }
    println!("\n{} commons", reading.commons.len());
    for c in &reading.commons {
        let text = |said: &Option<csoc_gen3::fleet::Said<Arc<str>>>| {
            said.as_ref().map_or("-".to_owned(), |said| said.value.to_string())
        };
        let on: Vec<_> = c.services.iter().filter(|s| s.enabled).collect();
        println!(
            "{} | host {} | app {} | cluster {} | ns {} | release {} | {:?} ({}) | twin {} | org {} | owners {} | account {} | env {} | {:?} | chart {} | {} on of {}",
            c.folder,
            text(&c.hostname),
            c.application.as_deref().unwrap_or("-"),
            c.cluster.as_deref().unwrap_or("-"),
            c.namespace.as_deref().unwrap_or("-"),
            c.release_name.as_deref().unwrap_or("-"),
            c.tier.value,
            c.tier.why,
            c.twin.as_ref().map_or("-".into(), |t| format!("{} ({})", t.value, t.why)),
            c.organization.as_ref().map_or("-".into(), |o| format!("{} ({})", o.value, o.why)),
            c.owners.join(" "),
            text(&c.account),
            text(&c.environment),
            c.state,
            c.chart
                .as_ref()
                .map_or("-".into(), |chart| format!("{}@{} {:?}", chart.path, chart.revision, chart.revision_kind)),
            on.len(),
            c.services.len(),
        );
        for file in c.value_files.iter().filter(|f| !matches!(f.state, csoc_gen3::fleet::ValueFileState::Read)) {
            println!("    {} -> {:?} {:?}", file.written, file.path, file.state);
        }
        let tags: Vec<_> = on
            .iter()
            .flat_map(|s| {
                s.images.iter().map(move |i| {
                    format!(
                        "{}{}={}",
                        s.service,
                        i.component.as_ref().map_or(String::new(), |c| format!(".{c}")),
                        i.tag
                    )
                })
            })
            .collect();
        println!("    {}", tags.join(" "));
    }
    println!("\n{} clusters", reading.clusters.len());
    for c in &reading.clusters {
        let text = |said: &Option<csoc_gen3::fleet::Said<Arc<str>>>| {
            said.as_ref().map_or("-".to_owned(), |said| said.value.to_string())
        };
        let add_ons: Vec<_> = c
            .add_ons
            .iter()
            .map(|a| {
                format!(
                    "{}{}{}{}{}",
                    if a.enabled { "+" } else { "-" },
                    a.name,
                    a.revision.as_ref().map_or(String::new(), |r| format!("@{}", r.value)),
                    if a.configured { "*" } else { "" },
                    if a.file.is_some() { "#" } else { "" }
                )
            })
            .collect();
        println!(
            "{} | {} | {} | {} | {} | {}",
            c.folder,
            text(&c.stated_name),
            text(&c.project),
            text(&c.account),
            text(&c.node_image),
            add_ons.join(" ")
        );
    }
    println!("\n{} unread", reading.unread.len());
    for u in &reading.unread {
        println!("{}:{} {}", u.path, u.line.unwrap_or(0), u.reason);
    }
    println!("\n{} irregularities", reading.irregularities.len());
    for i in &reading.irregularities {
        println!(
            "{:?} {}:{}:{} [{}] {}",
            i.code,
            i.path,
            i.line,
            i.column,
            i.commons.as_deref().unwrap_or("-"),
            i.detail
        );
    }
}

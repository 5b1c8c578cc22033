//! The matrix service × commons.

use std::collections::{BTreeMap, HashMap};

use csoc_api::releases::{Matrix, MatrixCell, MatrixColumn, MatrixRow, TagCount};
use csoc_core::CommonsId;
use csoc_gen3::catalogue::{self, ServiceTier};
use csoc_gen3::tag::{Monthly, TagClass};

use super::entry::{CommonsEntry, ServiceEntry, StateEntry};
use super::lens::{CommonsSeen, Lens, reference};

/// Everything the lens sees; a filter keeps rows of it, see [`narrowed`].
pub fn matrix(lens: &Lens) -> Matrix {
    let readable = |seen: &&CommonsSeen| matches!(seen.entry().state, StateEntry::Readable);
    let shown: Vec<&CommonsSeen> = lens.commons.iter().filter(readable).collect();
    let services = columns(&shown);
    let place: HashMap<&str, usize> = services.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let rows: Vec<MatrixRow> = shown.iter().map(|seen| row(lens, seen, &place)).collect();
    let unreadable = lens.commons.iter().filter(|seen| !readable(seen)).map(|seen| reference(&seen.row)).collect();
    Matrix {
        newest: lens.newest().map(|newest| newest.to_string()),
        columns: services.iter().enumerate().map(|(at, name)| column(name, at, &rows)).collect(),
        rows,
        unreadable,
    }
}

/// Only some of its rows; columns that none of them has are left out, the counts follow.
pub fn narrowed(matrix: &Matrix, keep: impl Fn(CommonsId) -> bool) -> Matrix {
    let rows: Vec<&MatrixRow> = matrix.rows.iter().filter(|row| keep(CommonsId(row.commons))).collect();
    let used: Vec<usize> =
        (0..matrix.columns.len()).filter(|at| rows.iter().any(|row| row.cells[*at].is_some())).collect();
    let rows: Vec<MatrixRow> = rows
        .into_iter()
        .map(|row| MatrixRow { cells: used.iter().map(|at| row.cells[*at].clone()).collect(), ..row.clone() })
        .collect();
    Matrix {
        newest: matrix.newest.clone(),
        columns: used.iter().enumerate().map(|(at, old)| column(&matrix.columns[*old].service, at, &rows)).collect(),
        rows,
        unreadable: matrix.unreadable.iter().filter(|one| keep(CommonsId(one.id))).cloned().collect(),
    }
}

/// Core services first, then by how many run them.
fn columns<'l>(shown: &[&'l CommonsSeen]) -> Vec<&'l str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for service in shown.iter().flat_map(|seen| &seen.entry().services).filter(|s| s.enabled && !s.images.is_empty()) {
        *counts.entry(&service.service).or_default() += 1;
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
    names.sort_by_key(|(name, count)| (group(name) != "core", std::cmp::Reverse(*count), *name));
    names.into_iter().map(|(name, _)| name).collect()
}

fn row(lens: &Lens, seen: &CommonsSeen, place: &HashMap<&str, usize>) -> MatrixRow {
    let twin = seen.twin.and_then(|twin| lens.commons(twin)).map(CommonsSeen::entry);
    let mut cells = vec![None; place.len()];
    for service in seen.entry().services.iter().filter(|service| service.enabled) {
        if let Some(at) = place.get(service.service.as_str()) {
            cells[*at] = cell(lens, seen.entry(), service, twin);
        }
    }
    MatrixRow {
        commons: seen.row.id,
        name: seen.row.name.clone(),
        organization: seen.row.organization,
        tier: seen.row.tier.clone(),
        cluster: seen.row.cluster.as_ref().map(|cluster| cluster.name.clone()),
        release: seen.row.release.clone(),
        behind: seen.row.behind,
        cells,
    }
}

fn cell(lens: &Lens, entry: &CommonsEntry, service: &ServiceEntry, twin: Option<&CommonsEntry>) -> Option<MatrixCell> {
    let image = service.images.first()?;
    Some(MatrixCell {
        tag: image.tag.clone(),
        tag_class: image.tag_class.as_str().to_owned(),
        lag: lens.lag(&service.service, image),
        pin: entry
            .standing
            .pins
            .iter()
            .any(|(name, component)| *name == service.service && *component == image.component),
        assumed: image.origin != "explicit",
        differs: twin.is_some_and(|twin| tag_of(twin, &service.service) != Some(&image.tag)),
    })
}

/// What a commons runs of a service.
pub fn tag_of<'e>(entry: &'e CommonsEntry, service: &str) -> Option<&'e String> {
    let service = entry.services.iter().find(|other| other.enabled && other.service == service)?;
    service.images.first().map(|image| &image.tag)
}

fn column(service: &str, at: usize, rows: &[MatrixRow]) -> MatrixColumn {
    let cells: Vec<&MatrixCell> = rows.iter().filter_map(|row| row.cells[at].as_ref()).collect();
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for cell in &cells {
        *counts.entry(&cell.tag).or_default() += 1;
    }
    let newest = cells
        .iter()
        .filter(|cell| cell.tag_class == TagClass::Monthly.as_str())
        .filter_map(|cell| Some((Monthly::parse(&cell.tag)?, &cell.tag)))
        .max()
        .map(|(_, tag)| tag.clone());
    let mut tags: Vec<TagCount> =
        counts.into_iter().map(|(tag, count)| TagCount { tag: tag.to_owned(), count }).collect();
    tags.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| b.tag.cmp(&a.tag)));
    MatrixColumn {
        service: service.to_owned(),
        group: group(service).to_owned(),
        on: u32::try_from(cells.len()).unwrap_or(u32::MAX),
        newest,
        follows_release: catalogue::is_monthly(service),
        tags,
    }
}

pub fn group(service: &str) -> &'static str {
    match catalogue::service(service).map(|service| service.tier) {
        Some(ServiceTier::Core) => "core",
        Some(ServiceTier::Standard) => "standard",
        Some(ServiceTier::Optional) => "optional",
        Some(ServiceTier::Infrastructure) => "infra",
        Some(ServiceTier::ProjectSpecific) => "project-specific",
        None => "other",
    }
}

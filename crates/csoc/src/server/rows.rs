//! Answers of the API as the rows of the command line: a script reads the same fields with a server and without.

use std::collections::{BTreeMap, HashMap};

use csoc_api::clusters::ClusterDetail;
use csoc_api::commons as api;
use csoc_api::releases;
use uuid::Uuid;

use super::Client;
use crate::failure::Failure;
use crate::naming;
use crate::rows::{AddOnRow, ClusterRow, CommonsRow, ComponentRow, Matrix, MatrixRow, ServiceRow};

const ALL: usize = usize::MAX;

fn as_of(at: Option<&str>) -> Vec<(&'static str, String)> {
    at.map(|at| ("at", at.to_owned())).into_iter().collect()
}

pub fn commons(client: &Client, at: Option<&str>) -> Result<Vec<CommonsRow>, Failure> {
    let rows: Vec<api::CommonsRow> = client.all("commons", &as_of(at), ALL)?;
    let services: Vec<api::ServiceRow> = client.all("services", &as_of(at), ALL)?;
    let mut pins: HashMap<Uuid, Vec<String>> = HashMap::new();
    for service in services.iter().filter(|service| service.pin && service.enabled) {
        let tag = service.tag.as_deref().unwrap_or_default();
        pins.entry(service.commons_id).or_default().push(format!("{} {tag}", service.service));
    }
    Ok(rows.into_iter().map(|row| commons_row(row, &mut pins)).collect())
}

fn commons_row(row: api::CommonsRow, pins: &mut HashMap<Uuid, Vec<String>>) -> CommonsRow {
    let state = match row.state.config.as_str() {
        "unreadable" => "broken",
        "empty" => "empty",
        "gone" | "conflict" => "unknown",
        _ => "readable",
    };
    CommonsRow {
        commons: row.name,
        hostname: row.hostname,
        cluster: row.cluster.map(|cluster| cluster.name),
        tier: row.tier,
        twin: row.twin.map(|twin| twin.name),
        organization: Some(row.organization_name),
        release: row.release,
        behind: row.behind,
        pins: pins.remove(&row.id).unwrap_or_default(),
        services_enabled: row.services_enabled as usize,
        namespace: None,
        application: None,
        account: None,
        environment: None,
        chart: None,
        chart_revision: None,
        owners: row.owners,
        state: state.into(),
        reason: row.state.reasons.into_iter().next().filter(|_| state != "readable"),
        folder: row.folder,
    }
}

/// The commons that a person names, with what the server calls it.
pub fn find(client: &Client, wanted: &str, at: Option<&str>) -> Result<api::CommonsRow, Failure> {
    let rows: Vec<api::CommonsRow> = client.all("commons", &as_of(at), ALL)?;
    let names = |row: &api::CommonsRow| {
        let last = row.folder.rsplit('/').next().unwrap_or_default().to_owned();
        [row.folder.clone(), row.name.clone(), row.hostname.clone().unwrap_or_default(), last]
    };
    for way in 0..4 {
        let mut found = rows.iter().filter(|row| names(row)[way].eq_ignore_ascii_case(wanted));
        match (found.next(), found.next()) {
            (Some(one), None) => return Ok(one.clone()),
            (Some(one), Some(other)) => {
                return Err(Failure::new(format!(
                    "{wanted:?} names several commons; say which by its folder: {}, {}",
                    one.folder, other.folder
                )));
            }
            _ => {}
        }
    }
    Err(Failure::new(naming::unknown("commons", wanted, rows.iter().map(|row| row.name.as_str()))))
}

pub fn services(client: &Client, at: Option<&str>) -> Result<Vec<ServiceRow>, Failure> {
    let rows: Vec<api::CommonsRow> = client.all("commons", &as_of(at), ALL)?;
    let folders: HashMap<Uuid, String> = rows.into_iter().map(|row| (row.id, row.folder)).collect();
    let services: Vec<api::ServiceRow> = client.all("services", &as_of(at), ALL)?;
    Ok(with_components(services, &folders))
}

/// Images of one service stand in rows of their own; the first is the service's.
pub fn with_components(services: Vec<api::ServiceRow>, folders: &HashMap<Uuid, String>) -> Vec<ServiceRow> {
    let mut rows: Vec<ServiceRow> = Vec::new();
    let mut last = None;
    for row in services {
        let this = (row.commons_id, row.service.clone());
        if last.as_ref() == Some(&this)
            && let Some(service) = rows.last_mut()
        {
            service.components.push(ComponentRow {
                component: row.component.unwrap_or_default(),
                image: row.image.unwrap_or_default(),
                tag: row.tag.unwrap_or_default(),
                tag_class: row.tag_class.unwrap_or_default().into(),
                origin: row.origin.unwrap_or_default().into(),
            });
            continue;
        }
        last = Some(this);
        rows.push(ServiceRow {
            commons: row.commons,
            cluster: row.cluster,
            tier: row.tier,
            service: row.service,
            enabled: row.enabled,
            reason: row.reason,
            image: row.image,
            tag: row.tag,
            tag_class: row.tag_class.map(Into::into),
            origin: row.origin.map(Into::into),
            path: row.path,
            line: row.line,
            components: Vec::new(),
            folder: folders.get(&row.commons_id).cloned().unwrap_or_default(),
        });
    }
    rows
}

pub fn clusters(client: &Client) -> Result<Vec<ClusterRow>, Failure> {
    let rows: Vec<csoc_api::clusters::ClusterRow> = client.all("clusters", &[], ALL)?;
    rows.into_iter()
        .map(|row| {
            let detail: ClusterDetail = client.get(&format!("clusters/{}", row.id), &[])?;
            Ok(ClusterRow {
                cluster: row.name,
                stated_name: row.stated_name,
                project: row.project,
                account: row.account,
                node_image: row.node_image,
                commons: detail.commons.into_iter().map(|commons| commons.name).collect(),
                add_ons: detail
                    .add_ons
                    .into_iter()
                    .map(|add_on| AddOnRow {
                        name: add_on.name,
                        enabled: add_on.enabled,
                        revision: add_on.revision,
                        configured: add_on.configured,
                    })
                    .collect(),
                path: detail.values_path,
            })
        })
        .collect()
}

pub fn matrix(client: &Client, at: Option<&str>) -> Result<Matrix, Failure> {
    let matrix: releases::Matrix = client.get("matrix", &as_of(at))?;
    let rows: Vec<api::CommonsRow> = client.all("commons", &as_of(at), ALL)?;
    let folders: HashMap<Uuid, String> = rows.into_iter().map(|row| (row.id, row.folder)).collect();
    let services: Vec<String> = matrix.columns.into_iter().map(|column| column.service).collect();
    let row = |row: releases::MatrixRow| MatrixRow {
        commons: row.name,
        cluster: row.cluster,
        tier: row.tier,
        release: row.release,
        behind: row.behind,
        tags: services
            .iter()
            .zip(row.cells)
            .filter_map(|(service, cell)| Some((service.clone(), cell?.tag)))
            .collect::<BTreeMap<_, _>>(),
        folder: folders.get(&row.commons).cloned().unwrap_or_default(),
    };
    Ok(Matrix { newest: matrix.newest, rows: matrix.rows.into_iter().map(row).collect(), services: services.clone() })
}

//! A commons of the older kind: `<hostname>/manifest.json`.

use super::commons::{Outcome, blank, odd_documents, propose, said};
use super::{Cache, IrregularityCode, ReadingState, Said, ValueFile, ValueFileState, account, services};
use crate::layout::Place;
use crate::tree::{Entry, Tree};
use crate::yaml::{Kind, Mark};

pub fn compute(place: &Place, declared: &Entry, tree: &dyn Tree, cache: &mut Cache) -> Outcome {
    let mut reading = blank(place, ReadingState::Readable);
    let at = Mark { file: cache.file(&declared.path), line: 1, column: 1 };
    reading.declared_at = Some(at);
    let mut irregularities = Vec::new();
    let mut file_state = ValueFileState::Read;
    match cache.parsed(tree, declared) {
        Err(error) => {
            reading.state = ReadingState::Broken(format!("{}: {error}", declared.path));
            file_state = ValueFileState::Broken(error.to_string());
        }
        Ok(parsed) => {
            irregularities = odd_documents(&parsed, &declared.path, Some(place.folder.clone()), true);
            for irregularity in &mut irregularities {
                if irregularity.code == IrregularityCode::BrokenYaml {
                    irregularity.code = IrregularityCode::BrokenJson;
                }
            }
            match parsed.documents.first().filter(|root| matches!(root.kind, Kind::Map(_))) {
                Some(root) => {
                    reading.hostname = said(root, "hostname");
                    reading.environment = said(root, "environment");
                    reading.account = account::by_arn(root);
                    reading.services = services::by_manifest(root);
                    reading.values = Some(root.clone());
                }
                None => {
                    let why = parsed.broken.as_ref().map_or("it is not an object", |odd| &odd.detail);
                    reading.state = ReadingState::Broken(format!("{}: {why}", declared.path));
                    file_state = ValueFileState::Broken(why.to_owned());
                }
            }
        }
    }
    let written = Said { value: declared.path.clone(), at: Some(at) };
    reading.value_files = vec![ValueFile {
        written: written.value.clone(),
        path: Some(declared.path.clone()),
        state: file_state,
        at: written.at,
    }];
    propose(&mut reading);
    Outcome { reading, irregularities, unread: Vec::new() }
}

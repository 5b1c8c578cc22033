//! Walks the whole contract as nobody, as a stranger and as every role. A new route without a permission,
//! or one that says another permission than it demands, fails here.

use std::collections::BTreeMap;

use csoc_core::access::{Permission, Role};
use csoc_source::Repository;
use csoc_testkit::fleets::{SampleFleet, Story};
use reqwest::Method;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::stage::{Answer, Person, Stage, organization, source, stage};

/// What stands in everything of the other organization's, and nowhere else.
const MARK: &str = "borealis";

struct Operation {
    method: Method,
    path: String,
    permission: String,
    /// Needs the permission for the whole installation.
    everywhere: bool,
    body: Option<Value>,
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn has_id(&self) -> bool {
        self.path.contains('{')
    }

    /// As `who`, with ids that `ids` gives for the path's first word; those that it does not know exist nowhere.
    async fn ask(&self, who: &Person, ids: &BTreeMap<&str, String>) -> Answer {
        let word = self.path.trim_start_matches("/api/v1/").split('/').next().unwrap().to_owned();
        let nowhere = Uuid::now_v7().to_string();
        let mut path = String::new();
        for (n, part) in self.path.split('/').skip(1).enumerate() {
            let id = if n == 3 { ids.get(word.as_str()).unwrap_or(&nowhere) } else { &nowhere };
            path = format!("{path}/{}", if part.starts_with('{') { id.as_str() } else { part });
        }
        who.send(self.method.clone(), &path, self.body.clone()).await
    }
}

fn contract() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&csoc_server::openapi_json()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, told) in methods.as_object().unwrap() {
            let schema = &told["requestBody"]["content"]["application/json"]["schema"];
            operations.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                permission: told["x-permission"]
                    .as_str()
                    .unwrap_or_else(|| panic!("{method} {path} says no x-permission"))
                    .to_owned(),
                everywhere: told["x-scope"] == "installation",
                body: schema.is_object().then(|| example(&document, schema)),
            });
        }
    }
    assert!(operations.len() > 40);
    operations
}

/// The least that a shape accepts.
fn example(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return example(document, document.pointer(reference.trim_start_matches('#')).unwrap());
    }
    if let Some(kinds) = schema["oneOf"].as_array().or(schema["allOf"].as_array()) {
        return example(document, &kinds[0]);
    }
    if let Some(values) = schema["enum"].as_array() {
        return values[0].clone();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let fields = required.map(|name| (name.to_owned(), example(document, &schema["properties"][name])));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Some("array") => json!([]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(false),
        _ if schema["format"] == "uuid" => json!(Uuid::now_v7()),
        _ if schema["format"] == "date-time" => json!("2027-01-01T00:00:00Z"),
        _ => json!("x"),
    }
}

fn is_open(permission: &str) -> bool {
    matches!(permission, "nobody" | "signature")
}

#[test]
fn every_operation_says_a_permission_that_exists() {
    for operation in contract() {
        let said = operation.permission.as_str();
        let known = is_open(said) || said == "signed-in" || Permission::parse(said).is_some();
        assert!(known, "{} says {said}", operation.name());
        let open_to_all = ["/api/v1/setup", "/api/v1/session", "/api/v1/webhooks/{source}"];
        assert!(!is_open(said) || open_to_all.contains(&operation.path.as_str()), "{} is open", operation.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_and_who_has_no_role_get_nothing() {
    let stage = stage().await;
    let root = stage.administrator().await;
    let stranger = stage.person_with(&root, "stranger", json!([])).await;
    for operation in contract().iter().filter(|operation| !is_open(&operation.permission)) {
        let answer = operation.ask(&stage.nobody(), &BTreeMap::new()).await;
        assert_eq!(answer.problem().await, "not_signed_in", "{}", operation.name());
        if operation.permission != "signed-in" {
            let answer = operation.ask(&stranger, &BTreeMap::new()).await;
            assert_eq!(answer.problem().await, "forbidden", "{}", operation.name());
        }
    }
}

/// A token with just one permission tells exactly which one an operation demands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operation_demands_the_permission_that_it_says() {
    let stage = stage().await;
    let root = stage.administrator().await;
    for permission in Permission::ALL {
        let ask = json!({ "name": "one", "permissions": [permission.as_str()], "days": 1 });
        let token = root.post("/tokens", ask).await.is(201).await;
        let one = stage.bearer(token["secret"].as_str().unwrap());
        for operation in contract().iter().filter(|o| Permission::parse(&o.permission).is_some()) {
            let answer = operation.ask(&one, &BTreeMap::new()).await;
            let demanded = operation.permission == permission.as_str();
            let (status, name) = (answer.status(), operation.name());
            assert_eq!(
                status != 403,
                demanded,
                "{name} says {}; with only {} it answers {status}",
                operation.permission,
                permission.as_str()
            );
            assert!(status < 500, "{name} answers {status}: {}", answer.text().await);
        }
    }
}

/// A repository of the other organization: the sample's newest files under other names.
fn other_fleet(sample: &SampleFleet) -> Story {
    let repository = Repository::open(&sample.repositories.fleet).unwrap();
    let tip = repository.default_branch().unwrap().tip;
    let tree = repository.tree(tip).unwrap();
    let rename = |text: &str| text.replace("sample-commons.org", &format!("{MARK}.example")).replace("bramble", MARK);
    let mut files = Vec::new();
    for entry in csoc_gen3::tree::Tree::entries(&tree) {
        if let Ok(bytes) = repository.read(entry.id) {
            files.push((rename(&entry.path), rename(&String::from_utf8_lossy(&bytes))));
        }
    }
    let mut story = Story::new();
    let all: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), Some(text.as_str()))).collect();
    story.land(&format!("Import {MARK}"), &all);
    let changed: Vec<_> = files
        .iter()
        .filter(|(path, _)| path.ends_with("values/values.yaml"))
        .map(|(path, text)| (path.as_str(), format!("{text}\n{MARK}_flag: true\n")))
        .collect();
    story.land(
        &format!("Flag {MARK} (#77)"),
        &changed.iter().map(|(path, text)| (*path, Some(text.as_str()))).collect::<Vec<_>>(),
    );
    story
}

struct Two {
    stage: Stage,
    root: Person,
    north: String,
    /// Ids of things in the other organization, by the first word of their path.
    south: BTreeMap<&'static str, String>,
    _fleets: (SampleFleet, Story),
}

/// North has the sample fleet, South has one like it under other names.
async fn two_organizations() -> Two {
    let sample = csoc_testkit::fleets::sample();
    let other = other_fleet(&sample);
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let south = organization(&root, &format!("South {MARK}")).await;
    source(&root, &north, "gitops", &sample.repositories.fleet).await;
    let theirs = source(&root, &south, &format!("{MARK}-gitops"), &other.path()).await;
    stage.person(&root, &format!("{MARK}-ana"), "viewer", Some(&south)).await;
    let mut ids = BTreeMap::from([("organizations", south.clone()), ("sources", theirs.clone()), ("webhooks", theirs)]);
    for word in ["people", "commons", "clusters", "changes", "findings"] {
        let rows = root.get(&format!("/{word}?organization={south}&limit=1")).await.ok().await;
        let row = &rows["items"][0];
        let id = ["id", "person"].iter().find_map(|name| row[*name].as_str());
        ids.insert(word, id.unwrap_or_else(|| panic!("no {word} in South: {rows}")).to_owned());
    }
    let rollouts = root.get(&format!("/rollouts?organization={south}&limit=1")).await.ok().await;
    ids.extend(rollouts["items"][0]["id"].as_str().map(|id| ("rollouts", id.to_owned())));
    Two { stage, root, north, south: ids, _fleets: (sample, other) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_another_organizations_does_not_exist() {
    let two = two_organizations().await;
    for role in Role::ALL {
        let who =
            two.stage.person(&two.root, &format!("{}-of-north", role.as_str()), role.as_str(), Some(&two.north)).await;
        for operation in contract().iter().filter(|o| Permission::parse(&o.permission).is_some()) {
            let allowed =
                Permission::parse(&operation.permission).is_some_and(|p| role.allows(p)) && !operation.everywhere;
            let answer = operation.ask(&who, &two.south).await;
            let (name, status) = (format!("{} as {}", operation.name(), role.as_str()), answer.status());
            let expected = if !allowed { 403 } else { 404 };
            if !allowed || operation.has_id() {
                assert_eq!(status, expected, "{name}: {}", answer.text().await);
            } else if operation.path != "/api/v1/events" && operation.method == Method::GET {
                let text = answer.text().await;
                assert!(!text.contains(MARK), "{name} tells of South: {}", around(&text, MARK));
                for id in two.south.values() {
                    assert!(!text.contains(id), "{name} tells of {id}: {}", around(&text, id));
                }
            }
        }
    }
}

fn around<'t>(text: &'t str, part: &str) -> &'t str {
    let at = text.find(part).unwrap_or(0);
    text.get(at.saturating_sub(200)..(at + 100).min(text.len())).unwrap_or(text)
}

/// As its own organization's viewer everything is there: the isolation above hides nothing from who may see.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_ones_own_is_there() {
    let two = two_organizations().await;
    let south = two.south["organizations"].clone();
    let who = two.stage.person(&two.root, "own", "admin", Some(&south)).await;
    for operation in contract().iter().filter(|o| o.method == Method::GET && o.has_id() && !o.everywhere) {
        let word = operation.path.trim_start_matches("/api/v1/").split('/').next().unwrap();
        if two.south.contains_key(word) && !is_open(&operation.permission) {
            let answer = operation.ask(&who, &two.south).await;
            assert_eq!(answer.status(), 200, "{}: {}", operation.name(), answer.text().await);
        }
    }
}

/// An organization that one may not see and one that does not exist are the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scope_picker_cannot_reach_further() {
    let two = two_organizations().await;
    let who = two.stage.person(&two.root, "north", "admin", Some(&two.north)).await;
    for id in [two.south["organizations"].clone(), Uuid::now_v7().to_string()] {
        for word in ["commons", "clusters", "changes", "findings", "people", "sources"] {
            let rows = who.get(&format!("/{word}?organization={id}")).await.ok().await;
            let none = rows.as_array().map_or(rows["total"] == 0, Vec::is_empty);
            assert!(none, "{word}: {rows}");
        }
    }
    assert_eq!(who.get("/commons?organization=x").await.problem().await, "invalid");
}

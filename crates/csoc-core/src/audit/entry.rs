//! One thing that was done, refused or tried.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::chain::{Hash, RowFields, hex};
use crate::access::{Actor, Credential};
use crate::{OrganizationId, PersonId};

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The intent of an act that takes a while: recorded before it begins, ended by a later row.
    Started,
    Ok,
    /// Not allowed.
    Refused,
    Failed,
    /// Begun, and the server ended before it knew how it went.
    Interrupted,
}

impl Outcome {
    pub const ALL: &[Outcome] =
        &[Outcome::Started, Outcome::Ok, Outcome::Refused, Outcome::Failed, Outcome::Interrupted];

    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Started => "started",
            Outcome::Ok => "ok",
            Outcome::Refused => "refused",
            Outcome::Failed => "failed",
            Outcome::Interrupted => "interrupted",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|o| o.as_str() == text)
    }
}

/// Who. The name is kept as it was then: a person may be renamed or removed later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorRef {
    /// `None` for the server itself and for somebody who was not recognized.
    pub id: Option<PersonId>,
    pub name: String,
    /// `session`, `token`, `loopback`, `system`, or `none`.
    pub credential_kind: String,
    pub credential_id: Option<String>,
}

impl ActorRef {
    /// The server acting on its own (a timer, a webhook).
    pub fn system() -> Self {
        Self::unidentified("system", "system")
    }

    /// Somebody who is not signed in; `name` is what they called themselves, if anything.
    pub fn nobody(name: impl Into<String>) -> Self {
        Self::unidentified(name, "none")
    }

    fn unidentified(name: impl Into<String>, kind: &str) -> Self {
        Self { id: None, name: name.into(), credential_kind: kind.to_owned(), credential_id: None }
    }
}

impl From<&Actor> for ActorRef {
    fn from(actor: &Actor) -> Self {
        let (kind, credential_id) = match actor.credential {
            Credential::Session(id) => ("session", Some(id.to_string())),
            Credential::Token(id) => ("token", Some(id.to_string())),
            Credential::Loopback => ("loopback", None),
        };
        Self { id: Some(actor.person), name: actor.name.clone(), credential_kind: kind.to_owned(), credential_id }
    }
}

/// On what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// A resource word: `source`, `commons`, `person`, ...
    pub kind: String,
    pub id: Option<String>,
    pub name: Option<String>,
}

impl Object {
    pub fn new(kind: impl Into<String>, id: impl ToString, name: impl Into<String>) -> Self {
        Self { kind: kind.into(), id: Some(id.to_string()), name: Some(name.into()) }
    }
}

/// What is handed in to be recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub time: Timestamp,
    pub actor: ActorRef,
    /// Where the request came from.
    pub address: Option<String>,
    pub request_id: Option<String>,
    /// `source.create`, `session.revoke`, ...
    pub action: String,
    pub object: Object,
    /// Whose it was. `None`: of the installation, visible only to those who may read everything.
    pub organization: Option<OrganizationId>,
    pub result: Outcome,
    /// The `started` row that this one ends.
    pub intent: Option<i64>,
    /// What changed, before and after. Secrets never come here.
    pub detail: Option<serde_json::Value>,
}

impl Entry {
    pub fn new(time: Timestamp, actor: ActorRef, action: impl Into<String>, object: Object, result: Outcome) -> Self {
        Self {
            time,
            actor,
            address: None,
            request_id: None,
            action: action.into(),
            object,
            organization: None,
            result,
            intent: None,
            detail: None,
        }
    }

    /// The columns as they are stored and hashed. A zero byte, which PostgreSQL cannot hold in a text, is
    /// shown as U+FFFD.
    pub fn fields(&self, seq: i64) -> RowFields {
        let text = |value: &str| Some(value.replace('\0', "\u{fffd}"));
        let maybe = |value: &Option<String>| value.as_deref().and_then(text);
        RowFields {
            seq,
            time: self.time.as_millisecond(),
            intent: self.intent,
            texts: [
                self.actor.id.map(|id| id.to_string()),
                text(&self.actor.name),
                text(&self.actor.credential_kind),
                maybe(&self.actor.credential_id),
                maybe(&self.address),
                maybe(&self.request_id),
                text(&self.action),
                text(&self.object.kind),
                maybe(&self.object.id),
                maybe(&self.object.name),
                self.organization.map(|id| id.to_string()),
                Some(self.result.as_str().to_owned()),
                self.detail.as_ref().map(serde_json::Value::to_string),
            ],
        }
    }

    /// Back from the columns. An error names the column that is not what this program writes.
    pub fn from_fields(row: &RowFields) -> Result<Self, &'static str> {
        let [
            actor_id,
            actor_name,
            credential_kind,
            credential_id,
            address,
            request_id,
            action,
            object_kind,
            object_id,
            object_name,
            organization,
            result,
            detail,
        ] = row.texts.clone();
        Ok(Self {
            time: Timestamp::from_millisecond(row.time).map_err(|_| "time")?,
            actor: ActorRef {
                id: actor_id.map(|id| id.parse()).transpose().map_err(|_| "actor_id")?,
                name: actor_name.ok_or("actor_name")?,
                credential_kind: credential_kind.ok_or("credential_kind")?,
                credential_id,
            },
            address,
            request_id,
            action: action.ok_or("action")?,
            object: Object { kind: object_kind.ok_or("object_kind")?, id: object_id, name: object_name },
            organization: organization.map(|id| id.parse()).transpose().map_err(|_| "organization")?,
            result: result.as_deref().and_then(Outcome::parse).ok_or("result")?,
            intent: row.intent,
            detail: detail.map(|text| serde_json::from_str(&text)).transpose().map_err(|_| "detail")?,
        })
    }
}

/// A recorded entry with its place in the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub seq: i64,
    pub entry: Entry,
    pub hash: Hash,
}

impl Record {
    /// One object for an export: the entry's fields, its number and its hash.
    pub fn to_json(&self) -> String {
        let mut object = serde_json::json!({ "seq": self.seq });
        if let (Some(object), Ok(serde_json::Value::Object(entry))) =
            (object.as_object_mut(), serde_json::to_value(&self.entry))
        {
            object.extend(entry);
            object.insert("hash".to_owned(), hex(&self.hash).into());
        }
        object.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_comes_back_from_its_columns() {
        let actor = ActorRef { id: Some(PersonId(uuid::Uuid::nil())), ..ActorRef::nobody("ana") };
        let time = Timestamp::from_millisecond(1_764_000_000_123).unwrap();
        let mut entry = Entry::new(time, actor, "source.create", Object::new("source", 7, "fleet"), Outcome::Ok);
        entry.detail = Some(serde_json::json!({"branch": {"before": null, "after": "main"}}));
        entry.intent = Some(3);
        assert_eq!(Entry::from_fields(&entry.fields(9)), Ok(entry));
    }
}

//! A signed statement about the chain: "row `seq` has this hash", or "everything up to row `seq`, whose
//! hash is this, was pruned". The key that signs is not in the database.

use aws_lc_rs::digest;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::chain::{Hash, hex, unhex};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkKind {
    Checkpoint,
    /// `seq` is the last row that was removed.
    Prune,
}

impl MarkKind {
    pub fn as_str(self) -> &'static str {
        match self {
            MarkKind::Checkpoint => "checkpoint",
            MarkKind::Prune => "prune",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [MarkKind::Checkpoint, MarkKind::Prune].into_iter().find(|k| k.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub kind: MarkKind,
    pub seq: i64,
    #[serde(with = "as_hex")]
    pub hash: Hash,
    /// Unix milliseconds.
    pub time: i64,
    /// Which key signed it: [`PublicKey::id`].
    pub key: String,
    /// Ed25519, hexadecimal.
    pub signature: String,
}

impl Mark {
    fn message(&self) -> Vec<u8> {
        let mut message = b"csoc audit mark v1\0".to_vec();
        message.extend(self.kind.as_str().bytes().chain([0]));
        message.extend(self.seq.to_be_bytes());
        message.extend(self.hash);
        message.extend(self.time.to_be_bytes());
        message.extend(self.key.bytes());
        message
    }

    /// When it was signed, as the signer's clock said.
    pub fn at(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.time).ok()
    }

    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        let Some(signature) = unhex(&self.signature) else { return false };
        let verifier = UnparsedPublicKey::new(&ED25519, key.0);
        self.key == key.id() && verifier.verify(&self.message(), &signature).is_ok()
    }
}

/// Verifies marks; may be shown to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    pub fn from_hex(text: &str) -> Option<Self> {
        unhex(text.trim())?.try_into().ok().map(Self)
    }

    pub fn to_hex(self) -> String {
        hex(&self.0)
    }

    /// Short name of the key: the start of its SHA-256.
    pub fn id(&self) -> String {
        let digest = digest::digest(&digest::SHA256, &self.0);
        hex(digest.as_ref().get(..8).unwrap_or_default())
    }
}

/// Signs marks. Lives in a file beside the database or wherever the configuration says, never in it.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl SigningKey {
    /// `None` when it is not a PKCS#8 Ed25519 private key.
    pub fn from_pkcs8(der: &[u8]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).ok()?;
        let public = PublicKey(pair.public_key().as_ref().try_into().ok()?);
        Some(Self { pair, public })
    }

    pub fn public(&self) -> PublicKey {
        self.public
    }

    pub fn sign(&self, kind: MarkKind, seq: i64, hash: Hash, time: Timestamp) -> Mark {
        let mut mark =
            Mark { kind, seq, hash, time: time.as_millisecond(), key: self.public.id(), signature: String::new() };
        mark.signature = hex(self.pair.sign(&mark.message()).as_ref());
        mark
    }
}

mod as_hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::{Hash, hex, unhex};

    pub fn serialize<S: Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(hash))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = unhex(&text).and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| D::Error::custom("a hash is 64 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> SigningKey {
        // PKCS#8 of an Ed25519 key is a fixed head and the 32 bytes of the seed.
        let head = unhex("302e020100300506032b657004220420").unwrap();
        SigningKey::from_pkcs8(&[head, vec![seed; 32]].concat()).unwrap()
    }

    #[test]
    fn a_mark_holds_only_for_what_was_signed() {
        let (ours, theirs) = (key(1), key(2));
        let mark = ours.sign(MarkKind::Checkpoint, 5, [3; 32], Timestamp::UNIX_EPOCH);
        assert!(mark.is_signed_by(&ours.public()) && !mark.is_signed_by(&theirs.public()));
        for forged in [
            Mark { seq: 6, ..mark.clone() },
            Mark { hash: [4; 32], ..mark.clone() },
            Mark { time: 1, ..mark.clone() },
            Mark { kind: MarkKind::Prune, ..mark.clone() },
            Mark { signature: "00".repeat(64), ..mark.clone() },
        ] {
            assert!(!forged.is_signed_by(&ours.public()));
        }
        let text = serde_json::to_string(&mark).unwrap();
        assert_eq!(serde_json::from_str::<Mark>(&text).unwrap(), mark);
    }
}

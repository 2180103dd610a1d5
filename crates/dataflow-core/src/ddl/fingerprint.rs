//! A short name for a set of models: equal models, equal fingerprints.

use std::fmt;
use std::hash::Hasher as _;
use std::str::FromStr;

use serde::Serialize;
use siphasher::sip128::{Hasher128 as _, SipHasher13};

use crate::dialect::Dialect;
use crate::schema::{
    Access, DefaultValue, Field, FieldType, Generated, Limit, ModelSchema, Rules, SchemaSet, Stamp,
    Text,
};

/// Raise it when the same models would get other tables than before.
const LAYOUT: u32 = 2;

/// 128 bits of SipHash 1-3 over the models' canonical JSON. It guards against change, not against
/// forgery: the key is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(u128);

/// The text is not 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a fingerprint of 32 hexadecimal digits")]
pub struct FingerprintError;

impl Fingerprint {
    /// The fingerprint of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut digest = Digest::default();
        digest.update(bytes);
        digest.finish()
    }

    /// The fingerprint of one model, whatever its documentation says.
    pub fn of_model(model: &ModelSchema) -> Self {
        let mut digest = Digest::default();
        digest.update_model(model);
        digest.finish()
    }

    /// The fingerprint of a set of models on a dialect, whatever their order of registration.
    pub fn of_set(schema_set: &SchemaSet, dialect: &dyn Dialect) -> Self {
        let mut models: Vec<_> = schema_set.models().collect();
        models.sort_unstable_by(|left, right| left.name.cmp(&right.name));
        let mut digest = Digest::default();
        digest.update(dialect.name().as_bytes());
        digest.update(&LAYOUT.to_le_bytes());
        for model in models {
            digest.update_model(model);
        }
        for table in schema_set.dropped_tables() {
            digest.update(table.to_string().as_bytes());
            digest.update(&[0]);
        }
        // Where nobody follows the changes, a set keeps the fingerprint it had before anybody could.
        if schema_set.wants_change_feed() == Some(true) {
            digest.update(b"change feed with tenants");
        }
        digest.finish()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 32 {
            return Err(FingerprintError);
        }
        let hash = u128::from_str_radix(text, 16).map_err(|_| FingerprintError)?;
        Ok(Self(hash))
    }
}

/// A fingerprint on its way.
#[derive(Default)]
struct Digest {
    hasher: SipHasher13,
    /// The JSON of one value: many short writes cost more than one long one.
    json: Vec<u8>,
}

impl Digest {
    fn update(&mut self, bytes: &[u8]) {
        self.hasher.write(bytes);
    }

    fn update_json(&mut self, value: &impl Serialize) {
        self.json.clear();
        serde_json::to_writer(&mut self.json, value).expect("a schema serializes into memory");
        self.hasher.write(&self.json);
    }

    fn update_model(&mut self, model: &ModelSchema) {
        let fields: Vec<_> = model.fields.iter().map(FieldDigest::of).collect();
        self.update_json(&(
            &model.name,
            &model.table,
            fields,
            &model.key,
            &model.indexes,
            &model.relations,
        ));
        // A model that declares none keeps the fingerprint it had before there were any.
        if !model.checks.is_empty() {
            self.update_json(&model.checks);
        }
        if let Some(comment) = &model.comment {
            self.update(comment.as_bytes());
        }
        if model.without_rowid {
            self.update(b"without rowid");
        }
        if model.append_only {
            self.update(b"append only");
        }
        if model.audited {
            self.update(b"audited");
        }
        if model.row_level_security {
            self.update(b"row level security");
        }
        if !model.inverses.is_empty() {
            self.update_json(&model.inverses);
        }
        if !model.evolution.is_none() {
            self.update_json(&model.evolution);
        }
    }

    fn finish(self) -> Fingerprint {
        Fingerprint(self.hasher.finish128().as_u128())
    }
}

/// A field without its documentation: name, column, type, whether it may be null, default. What every
/// field has comes without names, which would be half of what is written and hashed.
#[derive(Serialize)]
struct FieldDigest<'a>(
    &'a str,
    &'a str,
    &'a FieldType,
    bool,
    &'a Option<DefaultValue>,
    Rare<'a>,
);

/// What few fields have.
#[derive(Serialize)]
struct Rare<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    stamp: Option<Stamp>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    tenant: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    generated: &'a Option<Generated>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Limit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    collation: &'a Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: &'a Option<Text>,
    #[serde(skip_serializing_if = "Rules::is_none")]
    rules: &'a Rules,
    #[serde(skip_serializing_if = "Access::is_open")]
    access: Access,
}

impl<'a> FieldDigest<'a> {
    fn of(field: &'a Field) -> Self {
        let rare = Rare {
            stamp: field.stamp,
            tenant: field.tenant,
            generated: &field.generated,
            limit: field.limit,
            collation: &field.collation,
            comment: &field.comment,
            rules: &field.rules,
            access: field.access,
        };
        Self(
            &field.name,
            &field.column,
            &field.field_type,
            field.nullable,
            &field.default,
            rare,
        )
    }
}

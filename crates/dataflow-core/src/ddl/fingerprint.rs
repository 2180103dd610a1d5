//! A short name for a set of models: equal models, equal fingerprints.

use std::fmt;
use std::io;
use std::str::FromStr;

use serde::Serialize;

use crate::dialect::Dialect;
use crate::schema::{
    DefaultValue, Field, FieldType, Generated, Limit, ModelSchema, SchemaSet, Stamp,
};

/// Raise it when the same models would get other tables than before.
const LAYOUT: u32 = 2;

/// 128 bits of FNV-1a over the models' canonical JSON. It guards against change, not against
/// forgery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(u128);

/// The text is not 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a fingerprint of 32 hexadecimal digits")]
pub struct FingerprintError;

impl Fingerprint {
    /// The fingerprint of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Fnv::default();
        hasher.update(bytes);
        Self(hasher.0)
    }

    /// The fingerprint of one model, whatever its documentation says.
    pub fn of_model(model: &ModelSchema) -> Self {
        let mut hasher = Fnv::default();
        hasher.update_model(model);
        Self(hasher.0)
    }

    /// The fingerprint of a set of models on a dialect, whatever their order of registration.
    pub fn of_set(schema_set: &SchemaSet, dialect: &dyn Dialect) -> Self {
        let mut models: Vec<_> = schema_set.models().collect();
        models.sort_unstable_by(|left, right| left.name.cmp(&right.name));
        let mut hasher = Fnv::default();
        hasher.update(dialect.name().as_bytes());
        hasher.update(&LAYOUT.to_le_bytes());
        for model in models {
            hasher.update_model(model);
        }
        for table in schema_set.dropped_tables() {
            hasher.update(table.as_bytes());
            hasher.update(&[0]);
        }
        Self(hasher.0)
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

/// FNV-1a, 128 bits: <http://www.isthe.com/chongo/tech/comp/fnv/>.
struct Fnv(u128);

impl Default for Fnv {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Fnv {
    fn update(&mut self, bytes: &[u8]) {
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        for &byte in bytes {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(PRIME);
        }
    }

    fn update_model(&mut self, model: &ModelSchema) {
        let fields: Vec<_> = model.fields.iter().map(FieldDigest::of).collect();
        let digest = (
            &model.name,
            &model.table,
            fields,
            &model.key,
            &model.indexes,
            &model.relations,
        );
        serde_json::to_writer(&mut *self, &digest).expect("a schema serializes into memory");
        // A model that declares none keeps the fingerprint it had before there were any.
        if !model.checks.is_empty() {
            let checks = &model.checks;
            serde_json::to_writer(&mut *self, checks).expect("a schema serializes into memory");
        }
        if !model.evolution.is_none() {
            let evolution = &model.evolution;
            serde_json::to_writer(self, evolution).expect("a schema serializes into memory");
        }
    }
}

impl io::Write for Fnv {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A field without its documentation.
#[derive(Serialize)]
struct FieldDigest<'a> {
    name: &'a str,
    column: &'a str,
    field_type: &'a FieldType,
    nullable: bool,
    default: &'a Option<DefaultValue>,
    stamp: Option<Stamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    generated: &'a Option<Generated>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Limit>,
}

impl<'a> FieldDigest<'a> {
    fn of(field: &'a Field) -> Self {
        Self {
            name: &field.name,
            column: &field.column,
            field_type: &field.field_type,
            nullable: field.nullable,
            default: &field.default,
            stamp: field.stamp,
            generated: &field.generated,
            limit: field.limit,
        }
    }
}

//! What the ledger tells about models: who registered which, in which version.

use std::collections::HashMap;

use super::{REGISTRY_TABLE, VERSION_TABLE};
use crate::ddl::{Executor, Fingerprint, TextRow};
use crate::dialect::literal;
use crate::error::{Error, Kind, Result};
use crate::schema::{ModelSchema, TableName};

/// A model that some application registered in a database.
#[derive(Debug, Clone, PartialEq)]
pub struct Registered {
    /// The application.
    pub application: String,
    /// How often it was changed since, counted from 1.
    pub version: u32,
    /// The fingerprint of that version.
    pub fingerprint: Fingerprint,
    /// The model, as that application declares it.
    pub model: ModelSchema,
}

/// The models that applications registered in a database, in their newest versions; none where
/// nobody ever did. Each can be part of a [`SchemaSet`](crate::SchemaSet) of another application.
///
/// # Errors
///
/// When the database does not answer, or a definition cannot be read because a newer release wrote
/// it.
pub fn registered(executor: &mut dyn Executor) -> Result<Vec<Registered>> {
    if executor
        .inspect(&[REGISTRY_TABLE.into()])?
        .tables
        .is_empty()
    {
        return Ok(Vec::new());
    }
    let rows = executor.query(&format!(
        "SELECT application, version, fingerprint, definition, model FROM {REGISTRY_TABLE} \
         ORDER BY application, model"
    ))?;
    rows.into_iter().map(read).collect()
}

fn read(row: TextRow) -> Result<Registered> {
    let mut values = row.into_iter().map(Option::unwrap_or_default);
    let mut next = || values.next().unwrap_or_default();
    let (application, version, fingerprint, definition, model) =
        (next(), next(), next(), next(), next());
    let unreadable = || {
        Error::new(
            Kind::Schema,
            format!("application {application:?}, model {model:?}: the definition cannot be read"),
        )
        .with_help("a newer release may have written it; use that release here too")
    };
    Ok(Registered {
        version: version.parse().map_err(|_| unreadable())?,
        fingerprint: fingerprint.parse().map_err(|_| unreadable())?,
        model: serde_json::from_str(&definition).map_err(|_| unreadable())?,
        application,
    })
}

/// What the ledger knows about the models of one application.
#[derive(Debug, Default)]
pub(in crate::ddl) struct Versions {
    /// The newest version of each model: its fingerprint, and its definition where it can be read.
    newest: HashMap<String, (String, Option<ModelSchema>)>,
    /// The fingerprints of all versions of each model.
    all: HashMap<String, Vec<String>>,
}

impl Versions {
    /// Reads them; the ledger's tables must exist.
    pub(in crate::ddl) fn read(executor: &mut dyn Executor, application: &str) -> Result<Self> {
        let application = literal(application);
        let mut versions = Self::default();
        let newest = executor.query(&format!(
            "SELECT model, fingerprint, definition FROM {REGISTRY_TABLE} \
             WHERE application = {application}"
        ))?;
        for row in newest {
            if let [Some(model), Some(fingerprint), definition] = row.as_slice() {
                let definition = definition
                    .as_deref()
                    .and_then(|text| serde_json::from_str(text).ok());
                let entry = (fingerprint.clone(), definition);
                versions.newest.insert(model.clone(), entry);
            }
        }
        let all = executor.query(&format!(
            "SELECT model, fingerprint FROM {VERSION_TABLE} WHERE application = {application}"
        ))?;
        for row in all {
            if let [Some(model), Some(fingerprint)] = row.as_slice() {
                let entry = versions.all.entry(model.clone()).or_default();
                entry.push(fingerprint.clone());
            }
        }
        Ok(versions)
    }

    /// Whether a newer version of a model has been here: this one was, and is the newest no longer.
    pub(in crate::ddl) fn is_outdated(&self, model: &ModelSchema) -> bool {
        let fingerprint = Fingerprint::of_model(model).to_string();
        let was_here = self
            .all
            .get(&*model.name)
            .is_some_and(|all| all.contains(&fingerprint));
        was_here && !self.ends_with(model, &fingerprint)
    }

    /// Whether this version of a model is the one that was registered last.
    pub(in crate::ddl) fn is_newest(&self, model: &ModelSchema) -> bool {
        self.ends_with(model, &Fingerprint::of_model(model).to_string())
    }

    fn ends_with(&self, model: &ModelSchema, fingerprint: &str) -> bool {
        let newest = self.newest.get(&*model.name);
        newest.is_some_and(|(newest, _)| newest == fingerprint)
    }

    /// The table that a model was stored in last.
    pub(in crate::ddl) fn table_of(&self, model: &ModelSchema) -> Option<&TableName> {
        let (_, definition) = self.newest.get(&*model.name)?;
        definition.as_ref().map(|definition| &definition.table)
    }

    /// The newest definition of a model that was stored in one of these tables.
    pub(in crate::ddl) fn definition_of_table<'a>(
        &'a self,
        tables: &'a [TableName],
    ) -> Option<&'a ModelSchema> {
        let mut newest = self.newest_of_table(tables);
        newest.next().map(|(_, definition)| definition)
    }

    /// All versions of the models that were stored in one of these tables in their newest, as far
    /// as they can be read.
    pub(in crate::ddl) fn all_of_table(
        &self,
        executor: &mut dyn Executor,
        application: &str,
        tables: &[TableName],
    ) -> Result<Vec<ModelSchema>> {
        let newest = self.newest_of_table(tables);
        let models: Vec<String> = newest.map(|(model, _)| literal(model)).collect();
        if models.is_empty() {
            return Ok(Vec::new());
        }
        let rows = executor.query(&format!(
            "SELECT definition FROM {VERSION_TABLE} \
             WHERE application = {} AND model IN ({})",
            literal(application),
            models.join(", ")
        ))?;
        let definitions = rows.into_iter().flatten().flatten();
        Ok(definitions
            .filter_map(|text| serde_json::from_str(&text).ok())
            .collect())
    }

    /// The models that were stored in one of these tables in their newest version, by name.
    fn newest_of_table<'a>(
        &'a self,
        tables: &'a [TableName],
    ) -> impl Iterator<Item = (&'a String, &'a ModelSchema)> {
        let newest = self.newest.iter();
        newest
            .filter_map(|(model, (_, definition))| Some((model, definition.as_ref()?)))
            .filter(|(_, definition)| tables.contains(&definition.table))
    }
}

/// The statement that removes the models of tables that are gone from the registry; their versions
/// stay.
pub(in crate::ddl) fn forget_tables(
    versions: &Versions,
    application: &str,
    tables: &[&TableName],
    kept: &[&ModelSchema],
) -> Option<String> {
    let is_kept = |name: &str| kept.iter().any(|model| model.name == name);
    let gone: Vec<String> = versions
        .newest
        .iter()
        .filter_map(|(name, (_, definition))| Some((name, definition.as_ref()?)))
        .filter(|(name, definition)| tables.contains(&&definition.table) && !is_kept(name))
        .map(|(name, _)| literal(name))
        .collect();
    (!gone.is_empty()).then(|| {
        format!(
            "DELETE FROM {REGISTRY_TABLE} WHERE application = {} AND model IN ({})",
            literal(application),
            gone.join(", ")
        )
    })
}

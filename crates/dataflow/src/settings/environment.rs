//! Settings from the environment: `DATAFLOW__` and the name of the setting.
//!
//! Only the double underscore counts: Kubernetes gives every container variables such as
//! `DATAFLOW_PORT` for a service called dataflow.

use std::ffi::OsString;

use dataflow_core::ddl::DriftCheck;
use dataflow_core::error::{Kind, closest};
use dataflow_core::plan::Policy;
use dataflow_core::{Error, duration};

use super::{AutoMigrate, Config};

const PREFIX: &str = "DATAFLOW__";

const SWITCH: &str = "true or false";
const TEXT: &str = "a text that is not empty";
const COUNT: &str = "a whole number";
const DURATION: &str = duration::FORM;

/// The name of a setting, what it takes, and how a text is put in its place; none when the text is
/// not what it takes.
type Key = (
    &'static str,
    &'static str,
    fn(&mut Config, &str) -> Option<()>,
);

const KEYS: [Key; 28] = [
    ("DATABASE_URL", TEXT, |config, text| {
        put(&mut config.database_url, filled(text))
    }),
    ("DDL_URL", TEXT, |config, text| {
        put(&mut config.ddl_url, filled(text))
    }),
    (
        "READ_URLS",
        "urls with spaces between them",
        |config, text| put(&mut config.read_urls, urls(text)),
    ),
    ("TRANSACTION_POOLING", SWITCH, |config, text| {
        put(&mut config.transaction_pooling, switch(text))
    }),
    ("APPLICATION_NAME", TEXT, |config, text| {
        put(&mut config.application_name, filled(text))
    }),
    ("AUTO_MIGRATE", "on, off or warn", |config, text| {
        put(&mut config.auto_migrate, auto_migrate(text))
    }),
    ("SKIP_MIGRATION", SWITCH, |config, text| {
        put(&mut config.skip_migration, switch(text))
    }),
    ("SKIP_REGISTRY", SWITCH, |config, text| {
        put(&mut config.skip_registry, switch(text))
    }),
    ("ENABLE_MODEL_PERSISTENCE", SWITCH, |config, text| {
        put(&mut config.enable_model_persistence, switch(text))
    }),
    ("ENABLE_METRICS", SWITCH, |config, text| {
        put(&mut config.enable_metrics, switch(text))
    }),
    ("ENABLE_CACHING", SWITCH, |config, text| {
        put(&mut config.enable_caching, switch(text))
    }),
    ("ENABLE_CHANGES", SWITCH, |config, text| {
        put(&mut config.enable_changes, switch(text))
    }),
    ("CHANGES_INTERVAL", DURATION, |config, text| {
        put(&mut config.changes_interval, duration::parse(text))
    }),
    ("CHANGES_KEPT_FOR", DURATION, |config, text| {
        put(&mut config.changes_kept_for, duration::parse(text))
    }),
    ("CHANGES_KEPT", COUNT, |config, text| {
        put(&mut config.changes_kept, text.parse().ok())
    }),
    ("AUDIT_AT_DOORS", SWITCH, |config, text| {
        put(&mut config.audit_at_doors, switch(text))
    }),
    ("AUDIT_KEPT_FOR", DURATION, |config, text| {
        put(&mut config.audit_kept_for, duration::parse(text))
    }),
    ("CONNECTION_POOL_SIZE", COUNT, |config, text| {
        put(&mut config.connection_pool_size, text.parse().ok())
    }),
    (
        "DRIFT_CHECK",
        "probe, fingerprint or full",
        |config, text| put(&mut config.drift_check, drift_check(text)),
    ),
    (
        "MIGRATION_POLICY",
        "safe, full or the hash of an approved plan",
        |config, text| put(&mut config.migration_policy, migration_policy(text)),
    ),
    ("CONNECT_TIMEOUT", DURATION, |config, text| {
        put(&mut config.connect_timeout, duration::parse(text))
    }),
    ("ACQUIRE_TIMEOUT", DURATION, |config, text| {
        put(&mut config.acquire_timeout, duration::parse(text))
    }),
    ("STATEMENT_TIMEOUT", DURATION, |config, text| {
        put(&mut config.statement_timeout, duration::parse(text))
    }),
    ("TRANSACTION_IDLE_TIMEOUT", DURATION, |config, text| {
        put(&mut config.transaction_idle_timeout, duration::parse(text))
    }),
    ("MAX_LIFETIME", DURATION, |config, text| {
        put(&mut config.max_lifetime, duration::parse(text))
    }),
    ("IDLE_TIMEOUT", DURATION, |config, text| {
        put(&mut config.idle_timeout, duration::parse(text))
    }),
    ("LOCK_TIMEOUT", DURATION, |config, text| {
        put(&mut config.lock_timeout, duration::parse(text))
    }),
    ("MIGRATION_TIMEOUT", DURATION, |config, text| {
        put(&mut config.migration_timeout, duration::parse(text))
    }),
];

/// The variables of a process. One that could be a setting and is not Unicode is a mistake; what
/// else is not is nobody's business here.
pub(crate) fn read(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> (Vec<(String, String)>, Vec<Error>) {
    let mut read = Vec::new();
    let mut mistakes = Vec::new();
    for (key, value) in variables {
        match (key.into_string(), value.into_string()) {
            (Ok(key), Ok(value)) => read.push((key, value)),
            (Ok(key), Err(_)) if is_read(&key) => mistakes.push(not_unicode(&key, "a value")),
            (Err(key), _) if key.to_string_lossy().starts_with(PREFIX) => {
                mistakes.push(not_unicode(&key.to_string_lossy(), "a name"));
            }
            _ => {}
        }
    }
    (read, mistakes)
}

fn is_read(key: &str) -> bool {
    key == "DATABASE_URL" || key.starts_with(PREFIX)
}

fn not_unicode(key: &str, what: &str) -> Error {
    let message = format!("environment key {key:?} has {what} that is not UTF-8");
    Error::new(Kind::Configuration, message).with_help("write it in UTF-8, or remove it")
}

/// Lets the variables of an environment override a configuration. Gives every mistake.
pub(crate) fn apply(
    config: &mut Config,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Vec<Error> {
    let mut mistakes = Vec::new();
    for (variable, text) in variables {
        let Some(name) = variable.strip_prefix(PREFIX) else {
            continue;
        };
        match KEYS.iter().find(|(key, ..)| *key == name) {
            None => mistakes.push(unknown(&variable)),
            Some((_, takes, set)) if set(config, &text).is_none() => {
                let message =
                    format!("environment key {variable:?} does not have a value it takes");
                let mistake = Error::new(Kind::Configuration, message);
                mistakes.push(mistake.with_help(format!("give it {takes}")));
            }
            Some(_) => {}
        }
    }
    mistakes
}

fn unknown(variable: &str) -> Error {
    let names = KEYS.map(|(key, ..)| format!("{PREFIX}{key}"));
    let help = match closest(variable, names.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("the keys are {}", names.join(", ")),
    };
    let message = format!("environment key {variable:?} is not known");
    Error::new(Kind::Configuration, message).with_help(help)
}

fn put<T>(place: &mut Option<T>, value: Option<T>) -> Option<()> {
    *place = Some(value?);
    Some(())
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn urls(text: &str) -> Option<Vec<String>> {
    let urls: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    (!urls.is_empty()).then_some(urls)
}

fn switch(text: &str) -> Option<bool> {
    match text {
        "true" | "on" | "1" => Some(true),
        "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

fn auto_migrate(text: &str) -> Option<AutoMigrate> {
    match text {
        "warn" => Some(AutoMigrate::Warn),
        text => switch(text).map(AutoMigrate::from),
    }
}

fn migration_policy(text: &str) -> Option<Policy> {
    match text {
        "safe" => Some(Policy::Safe),
        "full" => Some(Policy::Full),
        hash => hash.parse().ok().map(Policy::Approved),
    }
}

fn drift_check(text: &str) -> Option<DriftCheck> {
    match text {
        "probe" => Some(DriftCheck::Probe),
        "fingerprint" => Some(DriftCheck::Fingerprint),
        "full" => Some(DriftCheck::Full),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_setting_that_is_not_unicode_is_refused() {
        use std::os::unix::ffi::OsStringExt as _;

        let os = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
        let (variables, mistakes) = read([
            (os(b"DATAFLOW__ENABLE_CACHING"), os(b"tru\xff")),
            (os(b"DATAFLOW__\xff"), os(b"true")),
            (os(b"DATABASE_URL"), os(b"sqlite://\xff.db")),
            (os(b"DATAFLOW_PORT"), os(b"\xff")),
            (os(b"PATH"), os(b"\xff")),
            (os(b"\xff"), os(b"")),
            (os(b"DATAFLOW__ENABLE_METRICS"), os(b"true")),
        ]);
        let kept = ("DATAFLOW__ENABLE_METRICS".to_owned(), "true".to_owned());
        assert_eq!(variables, [kept]);
        let messages: Vec<String> = mistakes.iter().map(Error::to_string).collect();
        let expected = ["DATAFLOW__ENABLE_CACHING", "DATAFLOW__", "DATABASE_URL"];
        assert_eq!(messages.len(), expected.len(), "{messages:?}");
        for (message, key) in messages.iter().zip(expected) {
            assert!(message.contains(key), "{message}");
            assert!(message.contains("is not UTF-8"), "{message}");
        }
    }
}

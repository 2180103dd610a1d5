//! Settings from environment keys.

use std::ffi::OsString;
use std::time::Duration;

use dataflow_core::error::{Error, Kind, Result, closest};

use super::{Config, Settings};

/// What every key begins with. A single underscore would take `NEXUS_PORT=tcp://…`, which
/// Kubernetes gives to every container beside a service called nexus.
const PREFIX: &str = "NEXUS__";

/// Puts the value of one key into a config; the error says what the key takes.
type Setter = fn(&mut Config, &str) -> std::result::Result<(), &'static str>;

/// Every key, without the prefix.
const KEYS: [(&str, Setter); 18] = [
    ("HOST", |config, text| {
        put(&mut config.host, Ok(text.to_owned()))
    }),
    ("ALLOW_ANONYMOUS", |config, text| {
        put(&mut config.allow_anonymous, switch(text))
    }),
    ("API_PORT", |config, text| {
        put(&mut config.api_port, port(text))
    }),
    ("MCP_PORT", |config, text| {
        put(&mut config.mcp_port, port(text))
    }),
    ("ENABLE_MCP", |config, text| {
        put(&mut config.enable_mcp, switch(text))
    }),
    ("AUTO_DISCOVERY", |config, text| {
        put(&mut config.auto_discovery, switch(text))
    }),
    ("WORKFLOWS_DIR", |config, text| {
        put(&mut config.workflows_dir, Ok(text.into()))
    }),
    ("TENANT_HEADER", |config, text| {
        put(&mut config.tenant_header, Ok(text.to_owned()))
    }),
    ("ENABLE_METRICS", |config, text| {
        put(&mut config.enable_metrics, switch(text))
    }),
    ("CALL_DEADLINE", |config, text| {
        put(&mut config.call_deadline, duration(text))
    }),
    ("MAX_CONNECTIONS", |config, text| {
        put(&mut config.limits.max_connections, count(text))
    }),
    ("MAX_BODY_BYTES", |config, text| {
        put(&mut config.limits.max_body_bytes, count(text))
    }),
    ("FIRST_BYTE_DEADLINE", |config, text| {
        put(&mut config.limits.first_byte_deadline, duration(text))
    }),
    ("HEAD_DEADLINE", |config, text| {
        put(&mut config.limits.head_deadline, duration(text))
    }),
    ("BODY_DEADLINE", |config, text| {
        put(&mut config.limits.body_deadline, duration(text))
    }),
    ("IDLE_DEADLINE", |config, text| {
        put(&mut config.limits.idle_deadline, duration(text))
    }),
    ("WRITE_DEADLINE", |config, text| {
        put(&mut config.limits.write_deadline, duration(text))
    }),
    ("DRAIN_DEADLINE", |config, text| {
        put(&mut config.limits.drain_deadline, duration(text))
    }),
];

impl Config {
    /// What this config and the environment of the process mean together.
    ///
    /// # Errors
    ///
    /// Those of [`overridden_by`](Self::overridden_by) and of [`Settings::of`].
    pub fn resolve(self) -> Result<Settings> {
        let variables = std::env::vars_os().filter_map(|(variable, value)| {
            let variable = variable.into_string().ok()?;
            variable.starts_with(PREFIX).then_some((variable, value))
        });
        let variables: Result<Vec<_>> = variables.map(in_unicode).collect();
        Settings::of(&self.overridden_by(variables?)?)
    }

    /// The same config with what the environment says in place of what the application gave: who
    /// deploys a program knows where it runs.
    ///
    /// ```
    /// use nexus_core::config::Config;
    ///
    /// let given = Config { api_port: Some(8002), ..Config::default() };
    /// let variables = [("NEXUS__API_PORT".to_owned(), "9000".to_owned())];
    ///
    /// assert_eq!(given.overridden_by(variables)?.api_port, Some(9000));
    /// # Ok::<(), nexus_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a key that begins with `NEXUS__` is not known, or its value is not what it takes. The
    /// value is not repeated.
    pub fn overridden_by(
        mut self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self> {
        for (variable, value) in variables {
            let Some(key) = variable.strip_prefix(PREFIX) else {
                continue;
            };
            let Some((_, setter)) = KEYS.iter().find(|(known, _)| *known == key) else {
                return Err(unknown(key));
            };
            setter(&mut self, value.trim()).map_err(|expected| {
                let message =
                    format!("environment key {variable} has a value that it does not take");
                Error::new(Kind::Configuration, message).with_help(format!("it takes {expected}"))
            })?;
        }
        Ok(self)
    }
}

fn in_unicode((variable, value): (String, OsString)) -> Result<(String, String)> {
    match value.into_string() {
        Ok(value) => Ok((variable, value)),
        Err(_) => {
            let message = format!("environment key {variable} has a value that is not UTF-8");
            Err(Error::new(Kind::Configuration, message))
        }
    }
}

fn unknown(key: &str) -> Error {
    let error = Error::new(
        Kind::Configuration,
        format!("environment key {PREFIX}{key} is not known"),
    );
    let known = KEYS.iter().map(|(known, _)| *known);
    match closest(key, known.clone()) {
        Some(closest) => error.with_help(format!("did you mean {PREFIX}{closest}?")),
        None => {
            let known: Vec<_> = known.map(|known| format!("{PREFIX}{known}")).collect();
            error.with_help(format!("the keys are {}", known.join(", ")))
        }
    }
}

fn put<T>(
    setting: &mut Option<T>,
    value: std::result::Result<T, &'static str>,
) -> std::result::Result<(), &'static str> {
    *setting = Some(value?);
    Ok(())
}

fn switch(text: &str) -> std::result::Result<bool, &'static str> {
    text.parse().map_err(|_| "true or false")
}

fn port(text: &str) -> std::result::Result<u16, &'static str> {
    text.parse().map_err(|_| "a number from 0 to 65535")
}

fn count(text: &str) -> std::result::Result<usize, &'static str> {
    let count = text.parse().ok().filter(|count| *count > 0);
    count.ok_or("a number from 1 upwards")
}

fn duration(text: &str) -> std::result::Result<Duration, &'static str> {
    let milliseconds = |digits: &str, factor: u64| digits.parse::<u64>().ok()?.checked_mul(factor);
    let parsed = match text {
        text if text.ends_with("ms") => milliseconds(&text[..text.len() - 2], 1),
        text if text.ends_with('s') => milliseconds(&text[..text.len() - 1], 1_000),
        text if text.ends_with('m') => milliseconds(&text[..text.len() - 1], 60_000),
        _ => None,
    };
    let parsed = parsed.filter(|milliseconds| *milliseconds > 0);
    parsed
        .map(Duration::from_millis)
        .ok_or("a time such as 500ms, 30s or 2m")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(key: &str, value: &str) -> Result<Config> {
        Config::default().overridden_by([(key.to_owned(), value.to_owned())])
    }

    #[test]
    fn every_key_sets_its_setting_and_no_other() {
        for (key, _) in KEYS {
            let value = match key {
                "HOST" | "WORKFLOWS_DIR" => "here",
                "ALLOW_ANONYMOUS" | "AUTO_DISCOVERY" | "ENABLE_MCP" | "ENABLE_METRICS" => "true",
                _ if key.ends_with("DEADLINE") => "3s",
                _ => "7",
            };
            let config = read(&format!("{PREFIX}{key}"), value).unwrap();
            let text = format!("{config:?}").to_ascii_uppercase();
            assert_eq!(text.matches("SOME(").count(), 1, "{key}");
            assert!(text.contains(&format!("{key}: SOME(")), "{key}: {text}");
        }
    }

    #[test]
    fn times_have_units() {
        let cases = [("500ms", 500), ("30s", 30_000), ("2m", 120_000)];
        for (text, milliseconds) in cases {
            let deadline = read("NEXUS__CALL_DEADLINE", text).unwrap().call_deadline;
            assert_eq!(
                deadline,
                Some(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_value_that_a_key_does_not_take_is_refused_and_not_repeated() {
        let cases = [
            ("NEXUS__API_PORT", "tcp://hunter2", "65535"),
            ("NEXUS__API_PORT", "65536", "65535"),
            ("NEXUS__MCP_PORT", "hunter2", "65535"),
            ("NEXUS__ENABLE_METRICS", "hunter2", "true or false"),
            ("NEXUS__CALL_DEADLINE", "30", "30s"),
            ("NEXUS__CALL_DEADLINE", "0s", "30s"),
            ("NEXUS__MAX_BODY_BYTES", "0", "1 upwards"),
        ];
        for (key, value, advice) in cases {
            let error = read(key, value).unwrap_err();
            assert!(error.to_string().contains(key), "{error}");
            assert!(error.help().unwrap().contains(advice), "{error:?}");
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_closest() {
        let error = read("NEXUS__API_PROT", "1").unwrap_err();
        assert_eq!(error.help(), Some("did you mean NEXUS__API_PORT?"));
        let error = read("NEXUS__COLOR", "red").unwrap_err();
        assert!(error.help().unwrap().contains("NEXUS__HOST"), "{error:?}");
    }

    #[test]
    fn a_key_with_one_underscore_belongs_to_somebody_else() {
        assert_eq!(
            read("NEXUS_PORT", "tcp://10.0.0.1:80").unwrap(),
            Config::default()
        );
    }
}

//! What a caller may wish of a private server.

use std::path::PathBuf;

/// How a private server is to be set up. The default suits tests: everybody is let in, no TLS,
/// and no waiting for the disk.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The server's certificate; with one, the server offers TLS beside plain connections.
    pub tls: Option<CertificateFiles>,
    /// How users prove who they are.
    pub auth: Auth,
    /// Whether a commit waits for the disk.
    pub durability: Durability,
    /// Lines of `postgresql.conf`, as name and value; a later line wins over an earlier one and
    /// over this crate's own.
    pub extra: Vec<(String, String)>,
}

/// A server certificate and its key, both PEM. They are copied, and may have any owner and mode.
#[derive(Debug, Clone)]
pub struct CertificateFiles {
    /// The certificate, followed by any intermediate ones.
    pub certificate: PathBuf,
    /// Its private key, without a passphrase.
    pub key: PathBuf,
}

/// How users prove who they are.
#[derive(Debug, Clone, Default)]
pub enum Auth {
    /// Anybody who reaches the port is believed.
    #[default]
    Trust,
    /// Passwords, checked with SCRAM-SHA-256.
    Scram {
        /// The password of the superuser `postgres`.
        password: String,
    },
}

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Durability {
    /// It does not: a crash of the machine may lose the cluster, which no test minds.
    #[default]
    Off,
    /// It does, as PostgreSQL's own defaults say; for measurements.
    Default,
}

impl Settings {
    /// The text appended to the `postgresql.conf` that `initdb` wrote, except what depends on
    /// the port.
    pub(crate) fn configuration(&self) -> String {
        let mut lines = vec![
            ("listen_addresses", "127.0.0.1"),
            ("max_connections", "300"),
            ("log_min_messages", "warning"),
        ];
        if self.durability == Durability::Off {
            lines.extend([
                ("fsync", "off"),
                ("synchronous_commit", "off"),
                ("full_page_writes", "off"),
            ]);
        }
        if self.tls.is_some() {
            lines.extend([
                ("ssl", "on"),
                ("ssl_cert_file", "server.crt"),
                ("ssl_key_file", "server.key"),
            ]);
        }
        lines.extend(
            self.extra
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        lines
            .iter()
            .map(|(name, value)| format!("{name} = '{}'\n", value.replace('\'', "''")))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_lines_come_last_and_are_quoted() {
        let settings = Settings {
            extra: vec![
                ("fsync".into(), "on".into()),
                ("application_name".into(), "it's".into()),
            ],
            ..Settings::default()
        };
        let text = settings.configuration();
        assert!(
            text.ends_with("fsync = 'on'\napplication_name = 'it''s'\n"),
            "{text}"
        );
    }

    #[test]
    fn default_durability_touches_nothing_of_the_server() {
        let settings = Settings {
            durability: Durability::Default,
            ..Settings::default()
        };
        assert!(!settings.configuration().contains("fsync"));
        assert!(
            Settings::default()
                .configuration()
                .contains("fsync = 'off'")
        );
    }

    #[test]
    fn a_certificate_turns_tls_on() {
        let tls = Some(CertificateFiles {
            certificate: "a.crt".into(),
            key: "a.key".into(),
        });
        assert!(
            Settings {
                tls,
                ..Settings::default()
            }
            .configuration()
            .contains("ssl = 'on'")
        );
        assert!(!Settings::default().configuration().contains("ssl"));
    }
}

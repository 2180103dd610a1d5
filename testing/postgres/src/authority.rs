//! Self-made certificates, for servers that speak TLS.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

use crate::{CertificateFiles, Error, Result};

/// A certificate authority nobody knows, with its files in a directory that goes with this value.
///
/// ```
/// use private_postgres::Authority;
///
/// let authority = Authority::create()?;
/// let files = authority.issue("localhost")?;
/// assert!(files.certificate.exists() && files.key.exists());
/// // A client that is to trust the server: `sslmode=verify-full&sslrootcert=<this path>`.
/// assert!(authority.root_certificate().exists());
/// # Ok::<(), private_postgres::Error>(())
/// ```
#[derive(Debug)]
pub struct Authority {
    directory: TempDir,
    root_certificate: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Makes an authority with a fresh key.
    ///
    /// # Errors
    ///
    /// When the temporary directory cannot be written.
    pub fn create() -> Result<Authority> {
        let failed = cannot_certify("the authority");
        let directory = tempfile::tempdir().map_err(Error::io(std::env::temp_dir()))?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "private authority");
        let key = KeyPair::generate().map_err(&failed)?;
        let certificate = params.self_signed(&key).map_err(&failed)?;
        let root_certificate = write(&directory, "root.crt", &certificate.pem())?;
        Ok(Authority {
            directory,
            root_certificate,
            issuer: Issuer::new(params, key),
        })
    }

    /// The authority's own certificate, PEM: what a client is told to trust.
    pub fn root_certificate(&self) -> &Path {
        &self.root_certificate
    }

    /// Makes a server certificate for `host`, a DNS name or an IP address.
    ///
    /// # Errors
    ///
    /// [`Error::Certificate`] when `host` is no name, and when the files cannot be written.
    pub fn issue(&self, host: &str) -> Result<CertificateFiles> {
        let failed = cannot_certify(host);
        let mut params = CertificateParams::new([host.to_owned()]).map_err(&failed)?;
        params.distinguished_name.push(DnType::CommonName, host);
        let key = KeyPair::generate().map_err(&failed)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(&failed)?;
        Ok(CertificateFiles {
            certificate: write(&self.directory, &format!("{host}.crt"), &certificate.pem())?,
            key: write(
                &self.directory,
                &format!("{host}.key"),
                &key.serialize_pem(),
            )?,
        })
    }
}

fn write(directory: &TempDir, name: &str, pem: &str) -> Result<PathBuf> {
    let path = directory.path().join(name);
    fs::write(&path, pem).map_err(Error::io(&path))?;
    Ok(path)
}

fn cannot_certify(subject: &str) -> impl Fn(rcgen::Error) -> Error {
    move |source| Error::Certificate {
        subject: subject.to_owned(),
        source,
    }
}

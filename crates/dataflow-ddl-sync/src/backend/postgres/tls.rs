//! Whom an encrypted connection trusts, with libpq's meaning of each mode.

use std::path::Path;
use std::sync::Arc;

use dataflow_core::endpoint::{PostgresEndpoint, SslMode};
use dataflow_core::error::{Error, Kind, Result};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What performs the handshake for an endpoint.
///
/// # Errors
///
/// When the file of root certificates cannot be used.
pub(super) fn connector(endpoint: &PostgresEndpoint) -> Result<MakeRustlsConnect> {
    // Named, not the process's default: another library may have set that, or none.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("ring supports the default protocol versions");
    let checks = match (endpoint.ssl_mode, &endpoint.ssl_root_cert) {
        (SslMode::VerifyFull, _) => Checks::ChainAndName,
        (SslMode::VerifyCa, _) | (SslMode::Require, Some(_)) => Checks::Chain,
        (SslMode::Disable | SslMode::Prefer | SslMode::Require, _) => Checks::Nothing,
    };
    let config = if checks == Checks::Nothing {
        config
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate { provider }))
    } else {
        let roots = roots(endpoint.ssl_root_cert.as_deref())?;
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .expect("there is a root and no revocation list");
        match checks {
            Checks::Chain => config
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyName { verifier })),
            _ => config.with_webpki_verifier(verifier),
        }
    };
    Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Checks {
    Nothing,
    Chain,
    ChainAndName,
}

/// The roots of a file instead of the public ones, or the public ones.
fn roots(file: Option<&Path>) -> Result<RootCertStore> {
    let Some(path) = file else {
        return Ok(RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        });
    };
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(path)
        .map_err(|fault| unusable_roots(path).with_source(fault))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|fault| unusable_roots(path).with_source(fault))?;
        roots
            .add(certificate)
            .map_err(|fault| unusable_roots(path).with_source(fault))?;
    }
    if roots.is_empty() {
        return Err(unusable_roots(path));
    }
    Ok(roots)
}

fn unusable_roots(path: &Path) -> Error {
    Error::new(
        Kind::Configuration,
        format!(
            "sslrootcert {:?} holds no usable certificate",
            path.display()
        ),
    )
    .with_help("name a file of certificates in PEM form that this program may read")
}

/// Trusts any certificate, but lets nobody pretend to hold the key of another's.
#[derive(Debug)]
struct AnyCertificate {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// Trusts what descends from a root, whatever host it names.
#[derive(Debug)]
struct AnyName {
    verifier: Arc<WebPkiServerVerifier>,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verdict =
            self.verifier
                .verify_server_cert(certificate, intermediates, name, ocsp_response, now);
        match verdict {
            // The name is looked at last, so all else holds.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

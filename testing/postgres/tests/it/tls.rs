//! A server with a self-made certificate.

use std::sync::Arc;

use postgres::Client;
use private_postgres::{Authority, Cluster, Settings};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A client configuration that trusts `authority` and nobody else.
fn trust(authority: &Authority) -> MakeRustlsConnect {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(authority.root_certificate()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    MakeRustlsConnect::new(config)
}

#[test]
fn a_client_that_trusts_the_authority_connects_and_another_does_not() {
    let authority = Authority::create().unwrap();
    let tls = Some(authority.issue("127.0.0.1").unwrap());
    let cluster = Cluster::start(Settings {
        tls,
        ..Settings::default()
    })
    .unwrap();
    let url = format!("{}?sslmode=require", cluster.url());

    let mut client = Client::connect(&url, trust(&authority)).unwrap();
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert!(client.query_one(sql, &[]).unwrap().get::<_, bool>(0));

    let stranger = Authority::create().unwrap();
    assert!(Client::connect(&url, trust(&stranger)).is_err());
}

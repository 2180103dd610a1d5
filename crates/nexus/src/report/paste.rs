//! Commands that show what is served, ready to be pasted into a shell.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{SystemTime, UNIX_EPOCH};

use dataflow_core::ModelSchema;
use dataflow_core::node::{ModelVerb, Object};
use dataflow_core::schema::{Field, FieldType};
use nexus_core::http::path_of_rows;
use nexus_core::{Operation, Registry};
use serde_json::{Value as Json, json};

const SENDS_JSON: &str = "-H 'content-type: application/json'";

/// Lists the first model, creates a row of it, and lists the tools.
pub(crate) fn commands(
    registry: &Registry,
    api: SocketAddr,
    mcp: Option<SocketAddr>,
) -> Vec<String> {
    let mut commands = Vec::new();
    let api = format!("http://{}", reachable(api));
    match first_create(registry) {
        Some((operation, model_schema)) => {
            let url = api + &path_of_rows(model_schema);
            let row = quoted(&plausible_row(operation, model_schema));
            commands.push(format!("curl {url}"));
            commands.push(format!("curl {url} {SENDS_JSON} -d {row}"));
        }
        None => commands.push(format!("curl {api}/workflows")),
    }
    if let Some(mcp) = mcp {
        let url = format!("http://{}/mcp", reachable(mcp));
        let list = quoted(&json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }));
        commands.push(format!("curl {url} {SENDS_JSON} -d {list}"));
    }
    commands
}

/// A source names models after those they point at, so its first needs no row of another.
fn first_create(registry: &Registry) -> Option<(&Operation, &ModelSchema)> {
    let mut models = registry.models().iter();
    models.find_map(|model| Some((model.get(ModelVerb::Create)?, model.schema())))
}

/// An address that a program on this machine can connect to.
pub(super) fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// What a new row must be given. The time is in its texts: a unique one must differ at each start.
fn plausible_row(operation: &Operation, model_schema: &ModelSchema) -> Json {
    let milliseconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_millis() as u64);
    let required = operation.descriptor().input().required_names();
    let fields = required
        .into_iter()
        .filter_map(|name| model_schema.field(name));
    let members =
        fields.map(|field| (field.name.to_string(), plausible_value(field, milliseconds)));
    Json::Object(Object::from_iter(members))
}

fn plausible_value(field: &Field, number: u64) -> Json {
    let name = &field.name;
    match &field.field_type {
        FieldType::Bool => true.into(),
        FieldType::I16 | FieldType::I32 => 1.into(),
        FieldType::I64 => number.into(),
        FieldType::F32 | FieldType::F64 => 1.5.into(),
        FieldType::String if name.contains("email") => format!("ada-{number}@example.org").into(),
        FieldType::String => format!("{name} {number}").into(),
        FieldType::Bytes => "aGVsbG8=".into(),
        FieldType::Uuid => format!("00000000-0000-4000-8000-{number:012x}").into(),
        FieldType::Timestamp => "2026-01-01T00:00:00Z".into(),
        FieldType::LocalDateTime => "2026-01-01T09:30:00".into(),
        FieldType::Date => "2026-01-01".into(),
        FieldType::LocalTime => "09:30:00".into(),
        FieldType::Decimal => "1.50".into(),
        FieldType::Json => json!({}),
        FieldType::Array(_) => json!([]),
        FieldType::Enum(enum_type) => enum_type.variants.first().map(ToString::to_string).into(),
    }
}

/// A JSON text as one word of a shell.
fn quoted(json: &Json) -> String {
    format!("'{}'", json.to_string().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_does_not_end_the_word() {
        assert_eq!(quoted(&json!("it's")), r#"'"it'\''s"'"#);
    }

    #[test]
    fn an_address_that_stands_for_all_is_reached_through_loopback() {
        for (address, expected) in [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("10.0.0.1:80", "10.0.0.1:80"),
        ] {
            let address: SocketAddr = address.parse().expect("the case is an address");
            assert_eq!(reachable(address).to_string(), expected);
        }
    }
}

//! Enums of types.

use std::collections::HashSet;

use dataflow::SchemaSet;
use dataflow::schema::{EnumType, snake_case};
use dataflow_core::adopt::variant_name;

use super::text::{attribute, literal, of_one_line};

/// The enums of fields, each once.
pub(super) fn enum_types(schema_set: &SchemaSet) -> Vec<&EnumType> {
    let fields = schema_set.models().flat_map(|model| model.fields.iter());
    let mut enum_types = Vec::new();
    for field in fields {
        if let Some(enum_type) = field.field_type.enum_type()
            && !enum_types.contains(&enum_type)
        {
            enum_types.push(enum_type);
        }
    }
    enum_types
}

/// An enum.
pub(super) fn enumeration(enum_type: &EnumType) -> String {
    let name = enum_type.type_name.as_deref().unwrap_or(&enum_type.name);
    let mut text = format!(
        "\n/// A value of type `{}`.\n#[derive(Debug, Clone, Copy, PartialEq, Eq, ModelEnum)]\n",
        of_one_line(name)
    );
    text += &attribute(&[format!("type = {}", literal(name)).into()], "");
    text += &format!("pub enum {} {{\n", enum_type.name);
    let mut taken = HashSet::new();
    for label in enum_type.variants.iter() {
        let variant = variant_name(label, &mut taken);
        if snake_case(&variant) != *label {
            text += &attribute(&[format!("rename = {}", literal(label)).into()], "    ");
        }
        text += &format!("    {variant},\n");
    }
    text + "}\n"
}

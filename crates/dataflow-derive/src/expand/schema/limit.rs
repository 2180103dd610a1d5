//! How much of its type a field takes.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use crate::parsed::ParsedField;

// __dataflow::max_length::<String>(200)
//
// __dataflow::digits_of::<Decimal>(10, 2)
//
// __dataflow::precision_of::<DateTime<Utc>>(3)
pub(super) fn limit(field: &ParsedField) -> Option<TokenStream> {
    let (field_type, limit) = (&field.field_type, &field.limit);
    if let Some(characters) = &limit.max_length {
        return Some(quote_spanned!(characters.span()=>
            __dataflow::max_length::<#field_type>(#characters)));
    }
    let precision = limit.precision.as_ref()?;
    Some(match &limit.scale {
        Some(scale) => quote_spanned!(precision.span()=>
            __dataflow::digits_of::<#field_type>(#precision, #scale)),
        None => quote_spanned!(precision.span()=>
            __dataflow::precision_of::<#field_type>(#precision)),
    })
}

//! The function under the attribute, and the tests that are made of it.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Path, Token, Visibility};

use super::arguments::Place;
use crate::errors::Errors;

/// The function under the attribute. What follows its name is passed on unread.
pub(super) struct Function {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    asyncness: Option<Token![async]>,
    name: Ident,
    rest: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let asyncness = input.parse()?;
        input.parse::<Token![fn]>()?;
        Ok(Self {
            attributes,
            visibility,
            asyncness,
            name: input.parse()?,
            rest: input.parse()?,
        })
    }
}

impl Function {
    /// Reports what keeps it from being a test of a database.
    pub(super) fn check(&self, errors: &mut Errors) {
        if self.asyncness.is_none() {
            let message = "a test of a database is an `async fn`";
            errors.push(syn::Error::new(self.name.span(), message));
        }
        let takes_something = match self.rest.clone().into_iter().next() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                !group.stream().is_empty()
            }
            _ => false,
        };
        if !takes_something {
            let message = "a test takes the database it is given: \
                `(database: DataFlow)`, or a `DataFlowBuilder` to set it up";
            errors.push(syn::Error::new(self.name.span(), message));
        }
    }

    /// One test for each place, or one where none is named.
    pub(super) fn expand(
        &self,
        krate: &TokenStream,
        models: &[Path],
        places: &[Place],
    ) -> TokenStream {
        let Self {
            attributes,
            visibility,
            asyncness,
            name,
            rest,
        } = self;
        let is_of_tests = |attribute: &&Attribute| {
            ["ignore", "should_panic", "cfg"]
                .iter()
                .any(|word| attribute.path().is_ident(word))
        };
        let (of_tests, of_function): (Vec<_>, Vec<_>) = attributes.iter().partition(is_of_tests);
        let panics = of_tests
            .iter()
            .any(|attribute| attribute.path().is_ident("should_panic"));
        let test = |test_name: &Ident, place: &Ident, function: TokenStream| {
            let run = quote! {
                #krate::testing::run(
                    #krate::testing::Place::#place,
                    |builder| builder #(.model::<#models>())*,
                    #function,
                )
            };
            // A test that is to panic must be written as one that returns nothing.
            let (output, run) = if panics {
                (quote!(), quote!(let _ = #run;))
            } else {
                (quote!(-> impl ::std::process::Termination), run)
            };
            quote! {
                #(#of_tests)*
                #[test]
                fn #test_name() #output { #run }
            }
        };
        let function = quote!(#(#of_function)* #visibility #asyncness fn #name #rest);
        if places.is_empty() {
            let given = Ident::new("Given", Span::call_site());
            let outer = test(name, &given, quote!({ #function #name }));
            return quote!(#outer);
        }
        let tests = places
            .iter()
            .map(|place| test(&place.word, &place.variant, quote!(super::#name)));
        quote! {
            #[cfg(test)]
            #function
            #[cfg(test)]
            mod #name {
                #[allow(unused_imports, reason = "models may stand there, or in the list of paths")]
                use super::*;
                #(#tests)*
            }
        }
    }
}

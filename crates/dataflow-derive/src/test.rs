//! `#[dataflow::test]`: one test for each database it is to run on.
//!
//! ```text
//! #[dataflow::test(models(User), on(sqlite, postgres))]
//! async fn users_are_stored(database: DataFlow) { … }
//! ```
//!
//! becomes
//!
//! ```text
//! async fn users_are_stored(database: DataFlow) { … }
//! mod users_are_stored {
//!     use super::*;
//!     #[test]
//!     fn sqlite() -> impl ::std::process::Termination {
//!         ::dataflow::testing::run(
//!             ::dataflow::testing::Place::Sqlite,
//!             |builder| builder.model::<User>(),
//!             super::users_are_stored,
//!         )
//!     }
//!     …
//! }
//! ```

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Path, Token, Visibility, parenthesized};

use crate::errors::Errors;
use crate::krate;

/// What may stand in `on(…)`, with the variant of `Place` it means.
const PLACES: [(&str, &str); 3] = [
    ("sqlite", "Sqlite"),
    ("memory", "Memory"),
    ("postgres", "Postgres"),
];

/// Expands the attribute.
pub(crate) fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.push(error);
            return errors.finish().into_iter().chain([item]).collect();
        }
    };
    function.check(&mut errors);
    let arguments = syn::parse2::<Arguments>(arguments)
        .map_err(|error| errors.push(error))
        .ok();
    let found = arguments.and_then(|arguments| {
        let places = arguments.places(&mut errors);
        let krate = match &arguments.krate {
            Some(path) => Ok(quote!(#path)),
            None => krate::path_of_dataflow(),
        };
        let krate = krate.map_err(|error| errors.push(error)).ok()?;
        Some((krate, arguments.models, places))
    });
    let messages = errors.finish();
    match found {
        Some((krate, models, places)) if messages.is_none() => {
            function.expand(&krate, &models, &places)
        }
        _ => quote!(#messages #item),
    }
}

/// The function under the attribute. What follows its name is passed on unread.
struct Function {
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
    fn check(&self, errors: &mut Errors) {
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

    fn expand(&self, krate: &TokenStream, models: &[Path], places: &[Place]) -> TokenStream {
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

/// One word of `on(…)`.
struct Place {
    word: Ident,
    variant: Ident,
}

/// What stands in the brackets of the attribute.
#[derive(Default)]
struct Arguments {
    models: Vec<Path>,
    on: Vec<Ident>,
    krate: Option<Path>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut arguments = Self::default();
        while !input.is_empty() {
            if input.peek(Token![crate]) {
                input.parse::<Token![crate]>()?;
                input.parse::<Token![=]>()?;
                arguments.krate = Some(input.parse::<LitStr>()?.parse()?);
            } else {
                arguments.parse_list(input)?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(arguments)
    }
}

impl Arguments {
    fn parse_list(&mut self, input: ParseStream) -> syn::Result<()> {
        let word: Ident = input.parse()?;
        let advice = "write `models(User, …)`, `on(sqlite, memory, postgres)`, or neither";
        if word != "models" && word != "on" {
            let message = format!("unknown argument `{word}`; {advice}");
            return Err(syn::Error::new(word.span(), message));
        }
        let list;
        parenthesized!(list in input);
        if word == "models" {
            self.models = list_of(&list)?;
        } else {
            self.on = list_of(&list)?;
        }
        Ok(())
    }

    fn places(&self, errors: &mut Errors) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for word in &self.on {
            let known = PLACES.iter().find(|(known, _)| word == known);
            match known {
                None => {
                    let message =
                        format!("unknown database `{word}`; write sqlite, memory or postgres");
                    errors.push(syn::Error::new(word.span(), message));
                }
                Some(_) if places.iter().any(|place| place.word == *word) => {
                    let message = format!("`{word}` stands twice");
                    errors.push(syn::Error::new(word.span(), message));
                }
                Some((_, variant)) => places.push(Place {
                    word: word.clone(),
                    variant: format_ident!("{variant}"),
                }),
            }
        }
        places
    }
}

fn list_of<T: Parse>(list: ParseStream) -> syn::Result<Vec<T>> {
    let items = Punctuated::<T, Token![,]>::parse_terminated(list)?;
    Ok(items.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use quote::quote;

    fn pretty(arguments: proc_macro2::TokenStream, item: proc_macro2::TokenStream) -> String {
        let file = syn::parse2(super::test(arguments, item));
        prettyplease::unparse(&file.expect("generated code is a list of items"))
    }

    #[test]
    fn one_test_stands_in_the_place_of_the_function() {
        let expanded = pretty(
            quote!(models(User, blog::Post), crate = "::df"),
            quote! {
                #[ignore]
                async fn works(database: DataFlow) -> df::Result<()> {
                    Ok(())
                }
            },
        );
        assert_snapshot!(expanded, @r#"
        #[ignore]
        #[test]
        fn works() -> impl ::std::process::Termination {
            ::df::testing::run(
                ::df::testing::Place::Given,
                |builder| builder.model::<User>().model::<blog::Post>(),
                {
                    async fn works(database: DataFlow) -> df::Result<()> {
                        Ok(())
                    }
                    works
                },
            )
        }
        "#);
    }

    #[test]
    fn a_test_for_each_database_stands_beside_the_function() {
        let expanded = pretty(
            quote!(on(sqlite, postgres), crate = "::df"),
            quote! {
                /// It does.
                #[should_panic]
                async fn works(builder: DataFlowBuilder) {}
            },
        );
        assert_snapshot!(expanded, @r#"
        #[cfg(test)]
        /// It does.
        async fn works(builder: DataFlowBuilder) {}
        #[cfg(test)]
        mod works {
            #[allow(unused_imports, reason = "models may stand there, or in the list of paths")]
            use super::*;
            #[should_panic]
            #[test]
            fn sqlite() {
                let _ = ::df::testing::run(
                    ::df::testing::Place::Sqlite,
                    |builder| builder,
                    super::works,
                );
            }
            #[should_panic]
            #[test]
            fn postgres() {
                let _ = ::df::testing::run(
                    ::df::testing::Place::Postgres,
                    |builder| builder,
                    super::works,
                );
            }
        }
        "#);
    }
}

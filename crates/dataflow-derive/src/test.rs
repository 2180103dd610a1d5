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

mod arguments;
mod function;

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;
use crate::krate;
use arguments::Arguments;
use function::Function;

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

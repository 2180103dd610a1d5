//! What stands in `#[model(…)]`, read against the words that may stand there.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Meta, Token, parenthesized, token};

use crate::errors::Errors;
use crate::words::{Form, Place};

/// The arguments of every `#[model(…)]` on one item, each of them known and in its right form.
pub(super) struct Arguments {
    place: &'static Place,
    given: Vec<Argument>,
    /// Whether a mistake kept a word from being read, so that its absence proves nothing.
    pub(super) incomplete: bool,
}

/// One word with what follows it.
struct Argument {
    name: Ident,
    form: Form,
    tokens: TokenStream,
}

impl Arguments {
    /// Reads all that can be read and reports the rest.
    pub(super) fn read(
        attributes: &[Attribute],
        place: &'static Place,
        errors: &mut Errors,
    ) -> Self {
        let mut arguments = Self {
            place,
            given: Vec::new(),
            incomplete: false,
        };
        for attribute in attributes {
            if attribute.path().is_ident("model") {
                arguments.read_attribute(attribute, errors);
            }
        }
        arguments
    }

    fn read_attribute(&mut self, attribute: &Attribute, errors: &mut Errors) {
        let Meta::List(list) = &attribute.meta else {
            let example = self.place.words[0].example;
            let message = format!("`model` says nothing; write such as `#[model({example})]`");
            errors.add(&attribute.meta, message);
            self.incomplete = true;
            return;
        };
        for piece in split_at_commas(list.tokens.clone()) {
            match syn::parse2::<Argument>(piece).and_then(|argument| self.checked(argument)) {
                Ok(argument) => self.given.push(argument),
                Err(error) => {
                    self.incomplete = true;
                    errors.push(error);
                }
            }
        }
    }

    /// The argument, if it is known, in its right form and given once.
    fn checked(&self, argument: Argument) -> syn::Result<Argument> {
        let name = argument.name.to_string();
        let refuse = |message: String| Err(syn::Error::new(argument.name.span(), message));
        let Some(word) = self.place.word(&name) else {
            let advice = self.place.advice(&name);
            return refuse(format!("unknown attribute `{name}`; {advice}"));
        };
        if word.form != argument.form {
            return refuse(format!(
                "`{name}` has the wrong form; write `{}`",
                word.example
            ));
        }
        if word.form != Form::List && self.find(&name).is_some() {
            return refuse(format!("`{name}` stands twice; remove one"));
        }
        Ok(argument)
    }

    fn find(&self, name: &str) -> Option<&Argument> {
        self.given.iter().find(|argument| argument.name == name)
    }

    /// The word, if it stands here without a value.
    pub(super) fn flag(&self, name: &str) -> Option<Ident> {
        self.find(name).map(|argument| argument.name.clone())
    }

    /// The value of a word, if it stands here and its value can be read.
    pub(super) fn value<T: Parse>(&self, name: &str, errors: &mut Errors) -> Option<T> {
        let argument = self.find(name)?;
        let word = self.place.word(name)?;
        let wrong = |_| {
            let message = format!("`{name}` takes a value such as `{}`", word.example);
            errors.add(&argument.tokens, message);
        };
        syn::parse2(argument.tokens.clone()).map_err(wrong).ok()
    }

    /// Each of some words with a list, and what stands in its parentheses.
    pub(super) fn lists(&self, words: &[&str]) -> impl Iterator<Item = (&Ident, &TokenStream)> {
        self.given
            .iter()
            .filter(|argument| argument.form == Form::List)
            .filter(move |argument| words.iter().any(|word| argument.name == word))
            .map(|argument| (&argument.name, &argument.tokens))
    }
}

const NAMELESS: &str = "an attribute begins with its name; write it before the value";
const SEPARATE: &str = "unexpected token; separate attributes with commas";

impl Parse for Argument {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let name = Ident::parse_any(input)
            .map_err(|_| input.error(NAMELESS))?
            .unraw();
        let (form, tokens) = if input.is_empty() {
            (Form::Flag, name.to_token_stream())
        } else if input.peek(Token![=]) {
            let equals: Token![=] = input.parse()?;
            if input.is_empty() {
                let message = format!("`{name}` has no value; write one, or remove it");
                return Err(syn::Error::new_spanned(equals, message));
            }
            (Form::Value, input.parse()?)
        } else if input.peek(token::Paren) {
            let list;
            parenthesized!(list in input);
            (Form::List, list.parse()?)
        } else {
            return Err(input.error(SEPARATE));
        };
        if !input.is_empty() {
            return Err(input.error(SEPARATE));
        }
        Ok(Self { name, form, tokens })
    }
}

/// The pieces between the commas. Splitting first lets one bad piece leave the others readable.
fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let is_comma =
        |tree: &TokenTree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ',');
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    trees
        .split(is_comma)
        .filter(|piece| !piece.is_empty())
        .map(|piece| piece.iter().cloned().collect())
        .collect()
}

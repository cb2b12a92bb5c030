//! The record's form in a request and in a response.

use std::rc::Rc;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::attributes::encoding;
use super::evolution::{self, Older, Other};
use super::field::{field, slot, take};
use super::group;
use super::names::{asked_at, place_of, private, private_at};
use crate::model::{
    Attribute, Beside, Constant, Field, Form, Group, Record, Skipped, Target, Template, Unknown,
    groups, in_item,
};

/// About how many bytes of JSON an attribute has besides its name: 12 of them are the same for all
/// texts. What is too little costs a second allocation, what is too much costs nothing.
const VALUE_SIZE_HINT: usize = 40;
/// About how many bytes a group has.
const GROUP_SIZE_HINT: usize = 128;

/// As an item.
pub(super) fn item(record: &Record, beside: Beside<'_>) -> TokenStream {
    let Beside { templates, constants } = beside;
    let target = &record.target;
    let p = private();
    let size_hint = size_hint(&record.fields);
    let keys =
        (!templates.is_empty()).then(|| quote!(#p::encode_templates::<Self>(self, __writer);));
    let write = write(&record.fields, |ident| quote!(&self.#ident));
    let unknown = evolution::write_unknown(&record.fields, beside);
    let checks = group::checks_of_parameters(target, &record.fields);
    let constants = write_constants(constants);
    let write = quote!(#checks #keys #constants #write #unknown);
    let read = read_item(record, beside);
    let upgrade = evolution::upgrade(record);
    implementations(target, size_hint, &write, &read, upgrade.as_ref())
}

/// `impl EncodeItem` and `impl DecodeItem`: `write` has `self` and `__writer`, `read` has
/// `__item`.
pub(super) fn implementations(
    target: &Target,
    size_hint: usize,
    write: &TokenStream,
    read: &TokenStream,
    upgrade: Option<&TokenStream>,
) -> TokenStream {
    let p = private();
    let size_hint = Literal::usize_unsuffixed(size_hint);
    let encode = target.implement_stored(&quote!(#p::EncodeItem));
    let decode = target.implement_read(&quote!(#p::DecodeItem<'__de>));
    quote! {
        #encode {
            const SIZE_HINT: #p::usize = #size_hint;
            fn encode_attributes(&self, __writer: &mut #p::Writer) {
                #write
            }
        }
        #decode {
            fn decode_attributes(
                mut __item: #p::Members<'_, '__de>,
            ) -> #p::Result<Self, #p::DecodeError> {
                #read
            }
            #upgrade
        }
    }
}

/// About how many bytes of JSON the fields have.
pub(super) fn size_hint(fields: &[Field]) -> usize {
    let own: usize = in_item(fields).map(|attribute| attribute.name.len() + VALUE_SIZE_HINT).sum();
    own + groups(fields).count() * GROUP_SIZE_HINT
}

/// Writes the fields, each from the reference to it.
pub(super) fn write(fields: &[Field], reference: impl Fn(&Ident) -> TokenStream) -> TokenStream {
    let p = private();
    let each = in_item(fields).map(|attribute| {
        let Attribute { ident, ty, .. } = attribute;
        let encoding = encoding(attribute);
        let (name, value) = (slot(attribute), reference(ident));
        quote_spanned! {place_of(ty)=>
            __writer.plain_attribute_as::<#encoding, #ty>(#name, #value);
        }
    });
    let places = in_item(fields).map(slot);
    let names = in_item(fields).map(|Attribute { name, .. }| {
        let json = if needs_no_escape(name) { format!("\"{name}\":") } else { String::new() };
        quote!((#name, #json))
    });
    let attributes = in_item(fields).next().map(|_| {
        quote! {
            let [#(#places),*] = const { &#p::PlainName::all([#(#names),*]) };
            #(#each)*
        }
    });
    let groups = groups(fields).map(|Group { ident, ty, .. }| {
        let place = place_of(ty);
        let at = private_at(place);
        let value = reference(ident);
        let ty = asked_at(ty, place);
        quote_spanned!(place=> <#ty as #at::Group>::encode_group(#value, __writer);)
    });
    quote!(#attributes #(#groups)*)
}

fn write_constants(constants: &[Constant]) -> TokenStream {
    let p = private();
    let each = constants
        .iter()
        .map(|Constant { name, text }| quote!(#p::Writer::attribute(__writer, #name, #text);));
    each.collect()
}

/// Whether the name is in JSON as it is; one that is not is written at run time.
fn needs_no_escape(name: &str) -> bool {
    name.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\')
}

/// Reads the fields, and makes what the path says of them.
pub(super) fn read(fields: &[Field], path: &TokenStream) -> TokenStream {
    let other = evolution::other(&[], false);
    read_with(fields, Beside::default(), &other, path)
}

/// Reads an item, whose keys must be those that its parts make, with its constants.
fn read_item(record: &Record, beside: Beside<'_>) -> TokenStream {
    let Record { fields, denies_unknown, .. } = record;
    let other = evolution::other(fields, *denies_unknown);
    read_with(fields, beside, &other, &quote!(Self))
}

fn read_with(
    fields: &[Field],
    Beside { templates, constants }: Beside<'_>,
    other: &Other,
    path: &TokenStream,
) -> TokenStream {
    let p = private();
    let Older { slots: older_slots, arms: older_arms, takeovers } = evolution::older(fields);
    let Other { kept, arm: other } = other;
    let attributes: Vec<_> = in_item(fields).collect();
    let slots = attributes.iter().map(|attribute| {
        let slot = slot(attribute);
        quote!(let mut #slot = #p::Field::new();)
    });
    let arms = attributes.iter().enumerate().map(|(place, attribute)| {
        let place = Literal::usize_unsuffixed(place);
        let read = field(attribute, &slot(attribute));
        quote_spanned!(place_of(&attribute.ty)=> #place => #read,)
    });
    let names = attributes.iter().map(|attribute| &attribute.name);
    let found = attributes.iter().enumerate().map(|(place, attribute)| {
        let name = Literal::byte_string(attribute.name.as_bytes());
        let place = Literal::usize_unsuffixed(place);
        quote!(#name => #place,)
    });
    let asides = groups(fields).map(|group| {
        let aside = aside(group);
        quote!(let mut #aside = <#p::Aside<'_> as #p::Default>::default();)
    });
    let passed = groups(fields).map(|group| {
        let aside = aside(group);
        let place = place_of(&group.ty);
        let at = private_at(place);
        let ty = asked_at(&group.ty, place);
        quote_spanned! {place=>
            _ if <#ty as #at::Group>::NAMES.contains(&__name) => {
                __item.put_aside(&mut #aside, __name)
            }
        }
    });
    let values = fields.iter().map(|field| value(field, templates));
    let key_slots = key_slots(templates);
    let key_arms = key_arms(templates);
    let Constants { slots: constant_slots, arms: constant_arms, checks: constant_checks } =
        read_constants(constants);
    let other_arms = quote!(#key_arms #constant_arms #older_arms #(#passed)*);
    let other = if other_arms.is_empty() {
        other.clone()
    } else {
        quote! {
            match __name.as_bytes() {
                #other_arms
                _ => #other,
            }
        }
    };
    // Not by `?`, which the compiler takes three times as long for.
    let take: TokenStream = attributes.iter().map(|attribute| take(attribute)).collect();
    let read = verified(templates, &take, &quote!(#path { #(#values,)* }));
    quote! {
        const __NAMES: &[&#p::str] = &[#(#names),*];
        #(#slots)*
        #key_slots
        #constant_slots
        #older_slots
        #(#asides)*
        #kept
        while let #p::Some((__field, __name)) =
            __item.next_field(const { &#p::FieldNames::new(__NAMES) }, |__name| {
                match __name.as_bytes() {
                    #(#found)*
                    _ => #p::FieldNames::OTHER,
                }
            })?
        {
            // One way out, and not one for each field.
            let __read = match __field {
                #(#arms)*
                _ => #other,
            };
            __read?;
        }
        #constant_checks
        #takeovers
        #read
    }
}

/// What a field of the struct is made of.
fn value(field: &Field, templates: &[Rc<Template>]) -> TokenStream {
    let p = private();
    match field {
        Field::Stored(attribute) if attribute.form == Form::InKey => {
            let Attribute { ident, ordinal, .. } = &**attribute;
            let ordinal = Literal::usize_unsuffixed(*ordinal);
            let is_key = |template: &&Rc<Template>| template.parts().any(|part| part.is(attribute));
            // Without a key it is a mistake, and nothing beside an error runs.
            let Some(place) = templates.iter().position(|template| is_key(&template)) else {
                return quote!(#ident: __item.refuse()?);
            };
            let (key, place) = (stored_key(place), Literal::usize_unsuffixed(place));
            quote!(#ident: #p::part_of_key::<Self, #ordinal>(#place, &#key, &__item)?)
        }
        Field::Stored(attribute) => {
            let Attribute { ident, .. } = &**attribute;
            let value = slot(attribute);
            quote!(#ident: #value)
        }
        Field::Skipped(skipped) => {
            let Skipped { ident, ty } = &**skipped;
            let default = quote_spanned!(place_of(ty)=> <#ty as #p::Default>::default());
            quote!(#ident: #default)
        }
        Field::Unknown(unknown) => {
            let Unknown { ident, .. } = &**unknown;
            quote!(#ident: __unknown)
        }
        Field::Flattened(group) => {
            let aside = aside(group);
            let Group { ident, ty, .. } = &**group;
            let place = place_of(ty);
            let at = private_at(place);
            quote_spanned!(place=>
                #ident: <#ty as #at::ReadGroup<'__de>>::decode_group(__item.resume(#aside))?
            )
        }
    }
}

/// What reads the constants.
struct Constants {
    /// Whether each was there.
    slots: TokenStream,
    arms: TokenStream,
    /// That all were there.
    checks: TokenStream,
}

fn read_constants(constants: &[Constant]) -> Constants {
    let mut read = Constants {
        slots: TokenStream::new(),
        arms: TokenStream::new(),
        checks: TokenStream::new(),
    };
    for (place, Constant { name, text }) in constants.iter().enumerate() {
        let slot = format_ident!("__constant_{}", place);
        let bytes = Literal::byte_string(name.as_bytes());
        read.slots.extend(quote!(let mut #slot = false;));
        read.arms.extend(quote!(#bytes => __item.constant(&mut #slot, #text),));
        read.checks.extend(quote!(__item.had_constant(#slot, #name)?;));
    }
    read
}

/// Where the stored keys wait until the item ends.
fn key_slots(templates: &[Rc<Template>]) -> TokenStream {
    let p = private();
    let slots = templates.iter().enumerate().map(|(place, _)| {
        let slot = key_slot(place);
        quote!(let mut #slot = #p::StoredKey::new();)
    });
    slots.collect()
}

fn key_arms(templates: &[Rc<Template>]) -> TokenStream {
    let arms = templates.iter().enumerate().map(|(place, template)| {
        let slot = key_slot(place);
        let name = Literal::byte_string(template.name.as_bytes());
        quote!(#name => __item.field(&mut #slot),)
    });
    arms.collect()
}

/// What was read, if its keys are those that its parts make.
fn verified(templates: &[Rc<Template>], take: &TokenStream, read: &TokenStream) -> TokenStream {
    let p = private();
    if templates.is_empty() {
        return quote!(#take #p::Ok(#read));
    }
    let stored: Vec<_> = (0..templates.len()).map(stored_key).collect();
    let taken = templates.iter().enumerate().map(|(place, template)| {
        let (slot, stored, name) = (key_slot(place), stored_key(place), &template.name);
        quote!(let #stored = __item.take(#slot, #name)?;)
    });
    quote! {
        #(#taken)*
        #take
        let __read = #read;
        #p::verify_templates::<Self>(&__read, &[#(#stored),*], &__item)?;
        #p::Ok(__read)
    }
}

fn key_slot(place: usize) -> Ident {
    format_ident!("__key_{}", place)
}

/// A stored key, once the item has ended.
fn stored_key(place: usize) -> Ident {
    format_ident!("__stored_{}", place)
}

/// Where the attributes of a group wait.
fn aside(group: &Group) -> Ident {
    format_ident!("__group_{}", group.ordinal)
}

//! The fields of a struct, all at once: generated code makes one call for them, which the compiler
//! checks once, and not one for each field.

use std::borrow::Cow;

use super::members::Field;
use super::plain_name::PlainName;
use super::{DecodeError, Decoding, Encoding, FieldNames, Members, ShapeAttributes, Writer};

/// A field of a struct while its item is read, with a default for an absent attribute.
#[doc(hidden)]
pub struct FieldOr<C, T, D> {
    field: Field<C, T>,
    default: D,
    is_null_absent: bool,
}

impl<C, T, D: Fn() -> T> FieldOr<C, T, D> {
    /// A null reads as the default, too.
    pub const fn new(default: D) -> Self {
        Self { field: Field::new(), default, is_null_absent: true }
    }

    /// A null does not.
    pub const fn without_null(default: D) -> Self {
        Self { field: Field::new(), default, is_null_absent: false }
    }

    /// What it holds.
    pub fn field(&mut self) -> &mut Field<C, T> {
        &mut self.field
    }
}

/// A field of a struct while its item is read.
#[doc(hidden)]
pub trait ReadField<'de> {
    type Value;

    fn read(&mut self, item: &mut Members<'_, 'de>) -> Result<(), DecodeError>;

    fn take(self, item: &Members<'_, 'de>, name: &'static str) -> Result<Self::Value, DecodeError>;
}

impl<'de, C: Decoding<'de, T>, T> ReadField<'de> for Field<C, T> {
    type Value = T;

    #[inline]
    fn read(&mut self, item: &mut Members<'_, 'de>) -> Result<(), DecodeError> {
        item.field(self)
    }

    #[inline]
    fn take(self, item: &Members<'_, 'de>, name: &'static str) -> Result<T, DecodeError> {
        item.take(self, name)
    }
}

impl<'de, C: Decoding<'de, T>, T, D: Fn() -> T> ReadField<'de> for FieldOr<C, T, D> {
    type Value = T;

    #[inline]
    fn read(&mut self, item: &mut Members<'_, 'de>) -> Result<(), DecodeError> {
        if self.is_null_absent {
            item.field_or(&mut self.field, &self.default)
        } else {
            item.field(&mut self.field)
        }
    }

    #[inline]
    fn take(self, item: &Members<'_, 'de>, _: &'static str) -> Result<T, DecodeError> {
        Ok(item.take_or(self.field, self.default))
    }
}

/// Fields of a struct while its item is read: a tuple of them, or [more](Fields).
#[doc(hidden)]
pub trait ReadFields<'de> {
    const COUNT: usize;
    type Values;

    /// Reads the value of the member that was just named into the field at this place, or hands it
    /// on if there is none.
    fn read(
        &mut self,
        place: usize,
        item: &mut Members<'_, 'de>,
        name: Cow<'de, str>,
        other: impl FnOnce(&mut Members<'_, 'de>, Cow<'de, str>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError>;

    /// What the fields hold at the end.
    fn take(
        self,
        item: &Members<'_, 'de>,
        names: &'static [&'static str],
    ) -> Result<Self::Values, DecodeError>;
}

/// More fields than one tuple has.
#[doc(hidden)]
pub struct Fields<A, B>(pub A, pub B);

impl<'de, A: ReadFields<'de>, B: ReadFields<'de>> ReadFields<'de> for Fields<A, B> {
    const COUNT: usize = A::COUNT + B::COUNT;
    type Values = (A::Values, B::Values);

    #[inline]
    fn read(
        &mut self,
        place: usize,
        item: &mut Members<'_, 'de>,
        name: Cow<'de, str>,
        other: impl FnOnce(&mut Members<'_, 'de>, Cow<'de, str>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        match place.checked_sub(A::COUNT) {
            None => self.0.read(place, item, name, other),
            Some(place) => self.1.read(place, item, name, other),
        }
    }

    #[inline]
    fn take(
        self,
        item: &Members<'_, 'de>,
        names: &'static [&'static str],
    ) -> Result<Self::Values, DecodeError> {
        let (first, more) = names.split_at_checked(A::COUNT).unwrap_or_default();
        Ok((self.0.take(item, first)?, self.1.take(item, more)?))
    }
}

/// Values of fields, each with the form that it is written in.
#[doc(hidden)]
pub trait WriteFields<C> {
    /// The name of each.
    type Names: 'static;

    fn write(self, writer: &mut Writer, names: &'static Self::Names);
}

/// Types of fields, each with the form that it is stored in.
#[doc(hidden)]
pub trait DescribeFields<C> {
    /// Of each the name, the older names, and whether it has a default.
    type Each;

    fn describe(attributes: &mut ShapeAttributes<'_>, each: Self::Each);
}

/// A field's name, its older names, and whether it has a default.
type Told = (&'static str, &'static [&'static str], bool);

macro_rules! tuples {
    ($($count:literal: $($field:ident $form:ident $name:ident $place:tt)*;)*) => {$(
        #[allow(unused_variables, reason = "there may be no fields")]
        impl<'de, $($field: ReadField<'de>),*> ReadFields<'de> for ($($field,)*) {
            const COUNT: usize = $count;
            type Values = ($($field::Value,)*);
            #[inline]
            fn read(
                &mut self,
                place: usize,
                item: &mut Members<'_, 'de>,
                name: Cow<'de, str>,
                other: impl FnOnce(&mut Members<'_, 'de>, Cow<'de, str>) -> Result<(), DecodeError>,
            ) -> Result<(), DecodeError> {
                match place {
                    $($place => self.$place.read(item),)*
                    _ => other(item, name),
                }
            }

            #[inline]
            fn take(
                self,
                item: &Members<'_, 'de>,
                names: &'static [&'static str],
            ) -> Result<Self::Values, DecodeError> {
                let name = |place: usize| names.get(place).copied().unwrap_or_default();
                Ok(($(self.$place.take(item, name($place))?,)*))
            }
        }

        #[allow(unused_variables, reason = "as above")]
        impl<$($form: Encoding<$field>, $field),*> WriteFields<($($form,)*)> for ($(&$field,)*) {
            type Names = [PlainName; $count];

            #[expect(clippy::inline_always, reason = "the compiler is to see what the names are")]
            #[inline(always)]
            fn write(self, writer: &mut Writer, names: &'static Self::Names) {
                let [$($name),*] = names;
                $(writer.plain_attribute_as::<$form, $field>($name, self.$place);)*
            }
        }

        #[allow(unused_variables, reason = "as above")]
        impl<$($form: Encoding<$field>, $field),*> DescribeFields<($($form,)*)> for ($($field,)*) {
            type Each = [Told; $count];

            fn describe(attributes: &mut ShapeAttributes<'_>, each: Self::Each) {
                let [$($name),*] = each;
                $(attributes.attribute::<$form, $field>($name.0, $name.1, $name.2);)*
            }
        }
    )*};
}

tuples! {
    0: ;
    1: A Ca a 0;
    2: A Ca a 0 B Cb b 1;
    3: A Ca a 0 B Cb b 1 D Cd d 2;
    4: A Ca a 0 B Cb b 1 D Cd d 2 E Ce e 3;
    5: A Ca a 0 B Cb b 1 D Cd d 2 E Ce e 3 F Cf f 4;
    6: A Ca a 0 B Cb b 1 D Cd d 2 E Ce e 3 F Cf f 4 G Cg g 5;
    7: A Ca a 0 B Cb b 1 D Cd d 2 E Ce e 3 F Cf f 4 G Cg g 5 H Ch h 6;
    8: A Ca a 0 B Cb b 1 D Cd d 2 E Ce e 3 F Cf f 4 G Cg g 5 H Ch h 6 I Ci i 7;
    9: A Ca a 0 B Cb b 1 D Cd d 2 E Ce e 3 F Cf f 4 G Cg g 5 H Ch h 6 I Ci i 7 J Cj j 8;
    10: A Ca a 0 B Cb b 1 D Cd d 2 E Ce e 3 F Cf f 4 G Cg g 5 H Ch h 6 I Ci i 7 J Cj j 8 K Ck k 9;
    11: A Ca a 0 B Cb b 1 D Cd d 2 E Ce e 3 F Cf f 4 G Cg g 5 H Ch h 6 I Ci i 7 J Cj j 8 K Ck k 9
        L Cl l 10;
    12: A Ca a 0 B Cb b 1 D Cd d 2 E Ce e 3 F Cf f 4 G Cg g 5 H Ch h 6 I Ci i 7 J Cj j 8 K Ck k 9
        L Cl l 10 M Cm m 11;
}

impl<'de> Members<'_, 'de> {
    /// Reads all members: each into the field whose place `find` gives, or by `other`.
    ///
    /// # Errors
    /// When the JSON is malformed, a value does not fit or a field is named twice.
    #[doc(hidden)]
    #[inline]
    pub fn read_fields<F: ReadFields<'de>>(
        &mut self,
        fields: &mut F,
        names: &'static FieldNames,
        find: impl Fn(&str) -> usize,
        mut other: impl FnMut(&mut Members<'_, 'de>, Cow<'de, str>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        while let Some((place, name)) = self.next_field(names, &find)? {
            fields.read(place, self, name, &mut other)?;
        }
        Ok(())
    }

    /// What the fields hold at the end, or what their types have for absent attributes.
    ///
    /// # Errors
    /// When an attribute is missing.
    #[doc(hidden)]
    #[inline]
    pub fn take_fields<F: ReadFields<'de>>(
        &self,
        fields: F,
        names: &'static [&'static str],
    ) -> Result<F::Values, DecodeError> {
        fields.take(self, names)
    }
}

impl Writer {
    /// Writes the fields, each in its form.
    #[doc(hidden)]
    #[expect(clippy::inline_always, reason = "as it is of each field")]
    #[inline(always)]
    pub fn fields<C, F: WriteFields<C>>(&mut self, names: &'static F::Names, fields: F) {
        fields.write(self, names);
    }
}

impl ShapeAttributes<'_> {
    /// The attributes of these forms and types.
    pub fn fields<C, F: DescribeFields<C>>(&mut self, each: F::Each) {
        F::describe(self, each);
    }
}

//! Which values a type has as they are stored, as data.

use super::descriptor::Descriptor;
use super::kind::descriptor_of;
use super::{AttributeValue, Encoding};

/// Which values a type has as they are stored: what `Schema::of` tells of an attribute.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::Schema;
///
/// #[derive(Entity)]
/// #[dynamo(table = "users")]
/// struct User {
///     #[dynamo(partition_key)]
///     user_id: String,
///     age: Option<u8>,
/// }
///
/// let schema = Schema::of::<User>()?;
/// let [user_id, age] = &schema.tables()[0].entities()[0].attributes[..] else { panic!("two") };
/// assert_eq!((user_id.name, user_id.shape.code()), ("user_id", Some("S")));
/// assert_eq!((age.name, age.shape.code()), ("age", Some("N")));
/// assert!(age.shape.is_optional() && !user_id.shape.is_optional());
/// # Ok::<(), dynamo_runtime::tables::Contradiction>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueShape {
    /// A value of any data type: what serde writes.
    Any,
    /// A value of one data type.
    Scalar {
        /// DynamoDB's name of the data type, such as `S`.
        code: &'static str,
        /// The form that a text or a number has, such as `timestamp`; empty for any.
        form: &'static str,
    },
    /// A whole number (N) within these bounds, both included.
    Integer {
        /// The least.
        least: i128,
        /// The greatest.
        most: u128,
    },
    /// One of these texts (S).
    Texts {
        /// The texts of the variants.
        variants: Vec<&'static str>,
        /// Whether any other text is read too.
        is_open: bool,
    },
    /// One of these whole numbers (N).
    Integers(Vec<i128>),
    /// A list (L), of so many elements where its length is fixed.
    Sequence {
        /// What each element is.
        element: Box<Self>,
        /// The number of the elements.
        length: Option<usize>,
    },
    /// A list (L) whose elements have types of their own.
    Tuple(Vec<Self>),
    /// A map (M) from any name.
    Map(Box<Self>),
    /// A set (SS, NS or BS).
    Set(Box<Self>),
    /// A map (M) with these attributes.
    Document(Vec<AttributeShape>),
    /// A map (M) whose other attributes depend on one.
    Tagged {
        /// The attribute that tells the variant.
        tag: &'static str,
        /// Each variant's text, with its attributes.
        variants: Vec<(&'static str, Vec<AttributeShape>)>,
    },
    /// A value that may be absent.
    Optional(Box<Self>),
    /// The document around it that has this Rust type.
    Recursive(&'static str),
}

/// One attribute of an item or of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttributeShape {
    /// Its name.
    pub name: &'static str,
    /// Older names, under which it is read too.
    pub aliases: &'static [&'static str],
    /// Whether it is read as a default where it is absent.
    pub has_default: bool,
    /// Its values.
    pub shape: ValueShape,
}

impl ValueShape {
    /// DynamoDB's name of the data type, such as `S`; `None` where it may be any.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::Any => return None,
            Self::Scalar { code, .. } => code,
            Self::Integer { .. } | Self::Integers(_) => "N",
            Self::Texts { .. } => "S",
            Self::Sequence { .. } | Self::Tuple(_) => "L",
            Self::Map(_) | Self::Document(_) | Self::Tagged { .. } | Self::Recursive(_) => "M",
            Self::Set(element) => match element.code() {
                Some("N") => "NS",
                Some("B") => "BS",
                _ => "SS",
            },
            Self::Optional(shape) => return shape.code(),
        })
    }

    /// Whether the value may be absent.
    pub fn is_optional(&self) -> bool {
        matches!(self, Self::Any | Self::Optional(_))
    }

    /// A value of the type's data type, in this form.
    pub(crate) fn in_form<T: AttributeValue + ?Sized>(form: &'static str) -> Self {
        Self::scalar(descriptor_of::<T>().map_or("", Descriptor::code), form)
    }

    pub(crate) const fn scalar(code: &'static str, form: &'static str) -> Self {
        Self::Scalar { code, form }
    }

    /// Of whatever form, of the one data type.
    pub(super) const fn of_descriptor(descriptor: Option<Descriptor>) -> Self {
        match descriptor {
            None => Self::Any,
            Some(descriptor) => Self::scalar(descriptor.code(), ""),
        }
    }
}

/// Tells of the attributes of a variant.
type Describe = fn(&mut ShapeAttributes<'_>);

/// Puts the shapes of types together; a document within itself is named there.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Shapes {
    /// The documents around.
    around: Vec<&'static str>,
}

impl Shapes {
    /// The text enum of these variants.
    pub fn texts(&self, variants: &[&'static str], is_open: bool) -> ValueShape {
        ValueShape::Texts { variants: variants.to_vec(), is_open }
    }

    /// The number enum of these variants.
    pub fn integers(&self, variants: &[i128]) -> ValueShape {
        ValueShape::Integers(variants.to_vec())
    }

    /// A list, or binary where the elements are bytes.
    pub(crate) fn list<T: AttributeValue>(&mut self, length: Option<usize>) -> ValueShape {
        match descriptor_of::<[T]>() {
            Some(Descriptor::Binary) => ValueShape::scalar("B", ""),
            _ => ValueShape::Sequence { element: T::shape(self).into(), length },
        }
    }

    /// The document of this type.
    pub fn document<T: ?Sized>(
        &mut self,
        describe: impl FnOnce(&mut ShapeAttributes<'_>),
    ) -> ValueShape {
        self.within::<T>(|shapes| ValueShape::Document(shapes.attributes(describe)))
    }

    /// The document of this type, whose attributes depend on a tag.
    pub fn tagged<T: ?Sized>(
        &mut self,
        tag: &'static str,
        variants: &[(&'static str, Describe)],
    ) -> ValueShape {
        self.within::<T>(|shapes| {
            let each = variants.iter();
            let each = each.map(|(text, describe)| (*text, shapes.attributes(describe)));
            ValueShape::Tagged { tag, variants: each.collect() }
        })
    }

    fn within<T: ?Sized>(&mut self, shape: impl FnOnce(&mut Self) -> ValueShape) -> ValueShape {
        let name = std::any::type_name::<T>();
        if self.around.contains(&name) {
            return ValueShape::Recursive(name);
        }
        self.around.push(name);
        let shape = shape(self);
        self.around.pop();
        shape
    }

    /// The attributes that it is told of.
    pub fn attributes(
        &mut self,
        describe: impl FnOnce(&mut ShapeAttributes<'_>),
    ) -> Vec<AttributeShape> {
        let mut attributes = ShapeAttributes { shapes: self, each: Vec::new() };
        describe(&mut attributes);
        attributes.each
    }
}

/// The attributes of an item or of a document, as the derive tells them.
#[doc(hidden)]
#[derive(Debug)]
pub struct ShapeAttributes<'s> {
    shapes: &'s mut Shapes,
    each: Vec<AttributeShape>,
}

/// What is told of an attribute.
#[doc(hidden)]
#[derive(Debug)]
pub struct AttributeFacts {
    name: &'static str,
    aliases: &'static [&'static str],
    has_default: bool,
    shape: fn(&mut Shapes) -> ValueShape,
}

impl AttributeFacts {
    /// Of an attribute of this form and type.
    pub const fn of<F: Encoding<T>, T>(
        name: &'static str,
        aliases: &'static [&'static str],
        has_default: bool,
    ) -> Self {
        Self { name, aliases, has_default, shape: F::shape }
    }
}

impl ShapeAttributes<'_> {
    /// Attributes, each in the form in which it is stored.
    pub fn attributes(&mut self, all: &[AttributeFacts]) {
        for AttributeFacts { name, aliases, has_default, shape } in all {
            let (name, aliases, has_default) = (*name, *aliases, *has_default);
            let shape = shape(self.shapes);
            self.each.push(AttributeShape { name, aliases, has_default, shape });
        }
    }

    /// One attribute that serde writes.
    pub fn any(&mut self, name: &'static str, aliases: &'static [&'static str], has_default: bool) {
        self.each.push(AttributeShape { name, aliases, has_default, shape: ValueShape::Any });
    }

    /// One attribute that is the same text in all items.
    pub fn constant(&mut self, name: &'static str, text: &'static str) {
        let shape = ValueShape::Texts { variants: vec![text], is_open: false };
        self.each.push(AttributeShape { name, aliases: &[], has_default: false, shape });
    }

    /// One attribute that is JSON in a text; only serde knows whether it is optional.
    pub fn json(
        &mut self,
        name: &'static str,
        aliases: &'static [&'static str],
        has_default: bool,
    ) {
        let shape = ValueShape::Optional(ValueShape::scalar("S", "json").into());
        self.each.push(AttributeShape { name, aliases, has_default, shape });
    }

    /// Those of a document that is flattened.
    pub fn group<G: AttributeValue>(&mut self) {
        match G::shape(self.shapes) {
            ValueShape::Document(attributes) => self.each.extend(attributes),
            ValueShape::Tagged { tag, variants } => {
                let tags = variants.iter().map(|(text, _)| *text).collect();
                let shape = ValueShape::Texts { variants: tags, is_open: false };
                self.push(AttributeShape { name: tag, aliases: &[], has_default: false, shape });
                for attribute in variants.into_iter().flat_map(|(_, attributes)| attributes) {
                    self.push_optional(attribute);
                }
            }
            _ => {}
        }
    }

    /// An attribute of some variants, which is in some items.
    fn push_optional(&mut self, mut attribute: AttributeShape) {
        if !attribute.shape.is_optional() {
            attribute.shape = ValueShape::Optional(attribute.shape.into());
        }
        self.push(attribute);
    }

    fn push(&mut self, attribute: AttributeShape) {
        if self.each.iter().all(|known| known.name != attribute.name) {
            self.each.push(attribute);
        }
    }
}

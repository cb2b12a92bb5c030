//! The functions and comparisons of condition expressions that need more than an operator.

use super::{AttributeType, DocumentPath, ExpressionError, Fragment};
use crate::codec::Encoding;

impl Fragment {
    /// That what is at the path is stored as this type.
    pub(crate) fn has_type(path: &DocumentPath, ty: AttributeType) -> Self {
        let call = Self::default().operator("attribute_type(").path(path).text(", ");
        call.written(path, |writer| writer.string(ty.as_str())).text(")")
    }

    /// A function of what is at the path alone.
    pub(crate) fn call(function: &'static str, path: &DocumentPath) -> Self {
        Self::default().operator(function).path(path).text(")")
    }

    /// That what is at the path is within the bounds, both included.
    pub(crate) fn between<C: Encoding<T>, T>(path: &DocumentPath, least: &T, most: &T) -> Self {
        Self::bounded::<C, T>(Self::default().path(path), path, least, most)
    }

    /// That the operand, of what is at the path, is within the bounds.
    pub(crate) fn bounded<C: Encoding<T>, T>(
        operand: Self,
        path: &DocumentPath,
        least: &T,
        most: &T,
    ) -> Self {
        let bounds =
            Self::default().value::<C, T>(path, least).text(" AND ").value::<C, T>(path, most);
        if bounds.is_descending() {
            return Self::failed(ExpressionError::ReversedBounds { attribute: path.describe() });
        }
        operand.operator(" BETWEEN ").append(bounds)
    }

    /// That what is at the path begins with the prefix.
    pub(crate) fn begins_with<C: Encoding<T>, T>(path: &DocumentPath, prefix: &T) -> Self {
        let call = Self::default().operator("begins_with(").path(path).text(", ");
        let call = call.value::<C, T>(path, prefix);
        if call.has_empty_value() {
            return Self::failed(ExpressionError::EmptyPrefix { attribute: path.describe() });
        }
        call.text(")")
    }
}

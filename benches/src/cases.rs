//! The cases, by name.

mod aws;
mod calls;
mod decode;
mod encode;
mod expressions;
pub(crate) mod tls;
mod vectors;

use crate::measure::Case;

/// A case that is not made yet.
#[derive(Clone, Copy)]
pub struct Named {
    /// As the command takes it.
    pub name: &'static str,
    /// Whether the same input takes the same instructions, so that they can be counted.
    pub is_steady: bool,
    make: fn() -> Case,
}

impl Named {
    const fn steady(name: &'static str, make: fn() -> Case) -> Self {
        Self { name, is_steady: true, make }
    }

    /// Makes the case, and sees that all of its subjects come to the same result.
    pub fn make(self) -> Case {
        (self.make)()
    }
}

/// All cases, in the order in which they are shown.
pub const ALL: &[Named] = &[
    Named::steady("decode_page_owned", decode::page_owned),
    Named::steady("decode_page_borrowed", decode::page_borrowed),
    Named::steady("decode_item", decode::item),
    Named::steady("decode_nested", decode::nested),
    Named::steady("encode_item", encode::item),
    Named::steady("encode_item_reused", encode::item_reused),
    Named::steady("encode_nested", encode::nested),
    Named::steady("encode_batch", encode::batch),
    Named::steady("encode_batch_reused", encode::batch_reused),
    Named::steady("encode_key", encode::key),
    Named::steady("encode_embedding", vectors::encode),
    Named::steady("decode_embedding", vectors::decode),
    Named::steady("render_condition", expressions::condition),
    Named::steady("render_update", expressions::update),
    Named::steady("get_item_memory", calls::get_item),
    Named::steady("put_item_memory", calls::put_item),
    Named::steady("update_item_memory", calls::update_item),
    Named::steady("query_page_memory", calls::query_page),
    Named::steady("search_memory", vectors::search),
    Named { name: "get_item_tls", is_steady: false, make: tls::get_item },
    Named { name: "put_item_tls", is_steady: false, make: tls::put_item },
    Named::steady("aws_put_baseline", aws::put_baseline),
    Named::steady("aws_put_shallow_map_s", aws::put_shallow_map_s),
    Named::steady("aws_put_shallow_map_m", aws::put_shallow_map_m),
    Named::steady("aws_put_nested_m", aws::put_nested_m),
    Named::steady("aws_put_nested_l", aws::put_nested_l),
    Named::steady("aws_put_mixed_item_s", aws::put_mixed_item_s),
    Named::steady("aws_get_baseline", aws::get_baseline),
    Named::steady("aws_get_shallow_map_s", aws::get_shallow_map_s),
    Named::steady("aws_get_shallow_map_m", aws::get_shallow_map_m),
    Named::steady("aws_get_nested_m", aws::get_nested_m),
    Named::steady("aws_get_nested_l", aws::get_nested_l),
    Named::steady("aws_get_mixed_item_s", aws::get_mixed_item_s),
];

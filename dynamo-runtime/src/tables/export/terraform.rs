//! Terraform, in HCL.
//!
//! Source: [aws_dynamodb_table](https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table).

use std::fmt::Write as _;

use crate::tables::schema::{IndexProjection, Schema, Table, TableIndex, TableKey};
use crate::tables::settings::Encryption;

pub(super) fn text(schema: &Schema) -> String {
    let mut text = String::new();
    for (place, table) in schema.tables().iter().enumerate() {
        if place > 0 {
            text.push('\n');
        }
        resource(table, &mut Hcl { text: &mut text, indent: 0 });
    }
    text
}

/// Blocks and arguments, indented.
struct Hcl<'t> {
    text: &'t mut String,
    indent: usize,
}

impl Hcl<'_> {
    fn block(&mut self, head: &str, body: impl FnOnce(&mut Self)) {
        let _ = writeln!(self.text, "{:1$}{head} {{", "", self.indent);
        self.indent += 2;
        body(self);
        self.indent -= 2;
        let _ = writeln!(self.text, "{:1$}}}", "", self.indent);
    }

    fn raw(&mut self, name: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.text, "{:1$}{name} = {value}", "", self.indent);
    }

    fn string(&mut self, name: &str, value: &str) {
        self.raw(name, quoted(value));
    }
}

/// A string of HCL, in which nothing is taken for a template.
fn quoted(value: &str) -> String {
    let json = serde_json::Value::from(value).to_string();
    json.replace("${", "$${").replace("%{", "%%{")
}

/// A name of Terraform: letters, digits and `_`, and a letter or `_` first.
fn name_of(table: &str) -> String {
    let mut name: String = table
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' })
        .collect();
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}

fn resource(table: &Table, hcl: &mut Hcl<'_>) {
    let settings = table.settings();
    let name = name_of(table.name());
    hcl.block(&format!("resource \"aws_dynamodb_table\" \"{name}\""), |hcl| {
        hcl.string("name", table.name());
        hcl.string("billing_mode", "PAY_PER_REQUEST");
        hcl.string("hash_key", table.partition_key().name);
        if let Some(key) = table.sort_key() {
            hcl.string("range_key", key.name);
        }
        hcl.raw("deletion_protection_enabled", !settings.is_unprotected);
        if let Some(view) = settings.stream {
            hcl.raw("stream_enabled", true);
            hcl.string("stream_view_type", view.name());
        }
        if let Some(class) = settings.class {
            hcl.string("table_class", class.name());
        }
        for TableKey { name, code } in table.key_attributes() {
            hcl.block("attribute", |hcl| {
                hcl.string("name", name);
                hcl.string("type", code);
            });
        }
        for each in table.indexes() {
            index(each, hcl);
        }
        if let Some(attribute) = table.expiry() {
            hcl.block("ttl", |hcl| {
                hcl.string("attribute_name", attribute);
                hcl.raw("enabled", true);
            });
        }
        of_settings(table, hcl);
        // What Terraform would replace is lost.
        hcl.block("lifecycle", |hcl| hcl.raw("prevent_destroy", true));
    });
    if let Some(policy) = &settings.resource_policy {
        hcl.text.push('\n');
        hcl.block(&format!("resource \"aws_dynamodb_resource_policy\" \"{name}\""), |hcl| {
            hcl.raw("resource_arn", format_args!("aws_dynamodb_table.{name}.arn"));
            hcl.string("policy", policy);
        });
    }
}

fn of_settings(table: &Table, hcl: &mut Hcl<'_>) {
    let settings = table.settings();
    if let Some(days) = settings.recovery_days {
        hcl.block("point_in_time_recovery", |hcl| {
            hcl.raw("enabled", true);
            hcl.raw("recovery_period_in_days", days);
        });
    }
    if let Some(encryption) = &settings.encryption {
        hcl.block("server_side_encryption", |hcl| {
            hcl.raw("enabled", true);
            if let Encryption::CustomerManaged(key) = encryption {
                hcl.string("kms_key_arn", key);
            }
        });
    }
    if let Some(most) = settings.max_throughput {
        hcl.block("on_demand_throughput", |hcl| {
            hcl.raw("max_read_request_units", most.reads);
            hcl.raw("max_write_request_units", most.writes);
        });
    }
    if let Some(warm) = settings.warm_throughput {
        hcl.block("warm_throughput", |hcl| {
            hcl.raw("read_units_per_second", warm.reads);
            hcl.raw("write_units_per_second", warm.writes);
        });
    }
    if !settings.tags.is_empty() {
        hcl.block("tags =", |hcl| {
            for (key, value) in &settings.tags {
                hcl.string(&quoted(key), value);
            }
        });
    }
}

fn index(index: &TableIndex, hcl: &mut Hcl<'_>) {
    let kind = if index.is_global { "global_secondary_index" } else { "local_secondary_index" };
    hcl.block(kind, |hcl| {
        hcl.string("name", index.name);
        match (&index.partition_keys[..], &index.sort_keys[..]) {
            (_, [key]) if !index.is_global => hcl.string("range_key", key.name),
            ([key], []) => hcl.string("hash_key", key.name),
            ([key], [sort]) => {
                hcl.string("hash_key", key.name);
                hcl.string("range_key", sort.name);
            }
            (keys, sorts) => {
                let keys = keys.iter().map(|key| (key, "HASH"));
                for (key, role) in keys.chain(sorts.iter().map(|key| (key, "RANGE"))) {
                    hcl.block("key_schema", |hcl| {
                        hcl.string("attribute_name", key.name);
                        hcl.string("key_type", role);
                    });
                }
            }
        }
        match &index.projection {
            IndexProjection::All => hcl.string("projection_type", "ALL"),
            IndexProjection::KeysOnly => hcl.string("projection_type", "KEYS_ONLY"),
            IndexProjection::Include(names) => {
                hcl.string("projection_type", "INCLUDE");
                let names: Vec<_> = names.iter().map(|name| quoted(name)).collect();
                hcl.raw("non_key_attributes", format_args!("[{}]", names.join(", ")));
            }
        }
    });
}

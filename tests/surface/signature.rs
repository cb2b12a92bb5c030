//! Types, bounds and signatures as text; of a path its last name.

use serde_json::Value;

pub(crate) fn of_function(function: &Value) -> String {
    let header = &function["header"];
    let words = [("is_const", "const "), ("is_async", "async "), ("is_unsafe", "unsafe ")];
    let words = words.iter().filter(|(name, _)| header[name] == true);
    let words: String = words.map(|(_, word)| *word).collect();
    let inputs = joined(&function["sig"]["inputs"], ", ", |input| {
        let (name, ty) = (input[0].as_str().unwrap_or_default(), of_type(&input[1]));
        match (name, ty.as_str()) {
            ("self", "Self") => "self".to_owned(),
            ("self", "&Self") => "&self".to_owned(),
            ("self", "&mut Self") => "&mut self".to_owned(),
            _ => format!("{name}: {ty}"),
        }
    });
    let output = match &function["sig"]["output"] {
        Value::Null => String::new(),
        output => format!(" -> {}", of_type(output)),
    };
    let generics = &function["generics"];
    let provided = if function["has_body"] == false { " (required)" } else { "" };
    let parameters = of_parameters(&generics["params"]);
    format!("{words}fn{parameters}({inputs}){output}{}{provided}", of_where(generics))
}

/// `impl<E: Entity> Get<E>`.
pub(crate) fn of_block(block: &Value) -> String {
    let generics = &block["generics"];
    let parameters = of_parameters(&generics["params"]);
    format!("impl{parameters} {}{}", of_type(&block["for"]), of_where(generics))
}

pub(crate) fn of_generics(generics: &Value) -> String {
    format!("{}{}", of_parameters(&generics["params"]), of_where(generics))
}

fn of_parameters(parameters: &Value) -> String {
    let is_written = |parameter: &&Value| parameter["kind"]["type"]["is_synthetic"] != true;
    let parameters: Vec<_> = elements(parameters).filter(is_written).map(of_parameter).collect();
    if parameters.is_empty() { String::new() } else { format!("<{}>", parameters.join(", ")) }
}

fn of_parameter(parameter: &Value) -> String {
    let name = parameter["name"].as_str().unwrap_or_default();
    let kind = &parameter["kind"];
    if !kind["const"].is_null() {
        return format!("const {name}: {}", of_type(&kind["const"]["type"]));
    }
    let outlives = joined(&kind["lifetime"]["outlives"], " + ", text);
    let bounds = format!("{outlives}{}", of_bounds(&kind["type"]["bounds"]));
    let bounds = if bounds.is_empty() { bounds } else { format!(": {bounds}") };
    let default = match &kind["type"]["default"] {
        Value::Null => String::new(),
        default => format!(" = {}", of_type(default)),
    };
    format!("{name}{bounds}{default}")
}

fn of_where(generics: &Value) -> String {
    let predicates = joined(&generics["where_predicates"], ", ", |predicate| {
        let bound = &predicate["bound_predicate"];
        let lifetime = &predicate["lifetime_predicate"];
        if !bound.is_null() {
            let lifetimes = of_lifetimes(&bound["generic_params"]);
            format!("{lifetimes}{}: {}", of_type(&bound["type"]), of_bounds(&bound["bounds"]))
        } else if !lifetime.is_null() {
            let outlives = joined(&lifetime["outlives"], " + ", text);
            format!("{}: {outlives}", text(&lifetime["lifetime"]))
        } else {
            predicate.to_string()
        }
    });
    if predicates.is_empty() { predicates } else { format!(" where {predicates}") }
}

/// `for<'a> `.
fn of_lifetimes(parameters: &Value) -> String {
    let names = joined(parameters, ", ", |parameter| text(&parameter["name"]));
    if names.is_empty() { names } else { format!("for<{names}> ") }
}

pub(crate) fn of_bounds(bounds: &Value) -> String {
    joined(bounds, " + ", |bound| {
        let of_trait = &bound["trait_bound"];
        if of_trait.is_null() {
            return bound["outlives"].as_str().map_or_else(|| bound.to_string(), str::to_owned);
        }
        let modifier = if of_trait["modifier"] == "maybe" { "?" } else { "" };
        let lifetimes = of_lifetimes(&of_trait["generic_params"]);
        format!("{lifetimes}{modifier}{}", of_path(&of_trait["trait"]))
    })
}

/// A type or a trait with its arguments.
pub(crate) fn of_path(path: &Value) -> String {
    let name = path["path"].as_str().unwrap_or_default();
    let name = name.rsplit("::").next().unwrap_or_default();
    format!("{name}{}", of_arguments(&path["args"]))
}

fn of_arguments(arguments: &Value) -> String {
    let in_round = &arguments["parenthesized"];
    if !in_round.is_null() {
        let output = match &in_round["output"] {
            Value::Null => String::new(),
            output => format!(" -> {}", of_type(output)),
        };
        return format!("({}){output}", joined(&in_round["inputs"], ", ", of_type));
    }
    let in_angles = &arguments["angle_bracketed"];
    let arguments = elements(&in_angles["args"]).map(|argument| {
        let (of_type_, constant) = (&argument["type"], &argument["const"]["expr"]);
        match (of_type_, constant) {
            (Value::Null, Value::Null) => argument["lifetime"].as_str().unwrap_or("_").to_owned(),
            (Value::Null, constant) => text(constant),
            (argument, _) => of_type(argument),
        }
    });
    let constraints = elements(&in_angles["constraints"]).map(|constraint| {
        let (name, binding) = (text(&constraint["name"]), &constraint["binding"]);
        match &binding["equality"]["type"] {
            Value::Null => format!("{name}: {}", of_bounds(&binding["constraint"])),
            equals => format!("{name} = {}", of_type(equals)),
        }
    });
    let all: Vec<_> = arguments.chain(constraints).collect();
    if all.is_empty() { String::new() } else { format!("<{}>", all.join(", ")) }
}

pub(crate) fn of_type(ty: &Value) -> String {
    let Some((kind, inner)) = ty.as_object().and_then(|object| object.iter().next()) else {
        return "_".to_owned();
    };
    match kind.as_str() {
        "resolved_path" => of_path(inner),
        "generic" | "primitive" => text(inner),
        "tuple" => match elements(inner).count() {
            1 => format!("({},)", of_type(&inner[0])),
            _ => format!("({})", joined(inner, ", ", of_type)),
        },
        "slice" => format!("[{}]", of_type(inner)),
        "array" => format!("[{}; {}]", of_type(&inner["type"]), text(&inner["len"])),
        "borrowed_ref" => {
            let lifetime = inner["lifetime"].as_str().map(|lifetime| format!("{lifetime} "));
            let mutable = if inner["is_mutable"] == true { "mut " } else { "" };
            format!("&{}{mutable}{}", lifetime.unwrap_or_default(), of_type(&inner["type"]))
        }
        "qualified_path" => {
            let (owner, name) = (of_type(&inner["self_type"]), text(&inner["name"]));
            let of_trait = of_path(&inner["trait"]);
            let arguments = of_arguments(&inner["args"]);
            if of_trait.is_empty() {
                format!("{owner}::{name}{arguments}")
            } else {
                format!("<{owner} as {of_trait}>::{name}{arguments}")
            }
        }
        "impl_trait" => format!("impl {}", of_bounds(inner)),
        "dyn_trait" => {
            let lifetime = inner["lifetime"].as_str().map(|lifetime| format!(" + {lifetime}"));
            let traits = joined(&inner["traits"], " + ", |bound| {
                format!("{}{}", of_lifetimes(&bound["generic_params"]), of_path(&bound["trait"]))
            });
            format!("dyn {traits}{}", lifetime.unwrap_or_default())
        }
        "function_pointer" => {
            let inputs = joined(&inner["sig"]["inputs"], ", ", |input| of_type(&input[1]));
            let output = match &inner["sig"]["output"] {
                Value::Null => String::new(),
                output => format!(" -> {}", of_type(output)),
            };
            format!("{}fn({inputs}){output}", of_lifetimes(&inner["generic_params"]))
        }
        _ => ty.to_string(),
    }
}

fn elements(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn joined(list: &Value, between: &str, show: impl FnMut(&Value) -> String) -> String {
    elements(list).map(show).collect::<Vec<_>>().join(between)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

use dynamo_runtime::attribute::HasValue;
use dynamo_runtime::attribute::SameKind;
use dynamo_runtime::codec::ReadBySerde;
use dynamo_runtime::codec::Reason;
use dynamo_runtime::codec::WrittenBySerde;
use dynamo_runtime::record::DeclaresDelete;
use dynamo_runtime::record::DeclaresPut;
use dynamo_runtime::record::DeclaresScan;
use dynamo_runtime::record::DeclaresUpsert;
use dynamo_runtime::record::DeclaresVersion;
use dynamo_runtime::record::Negative;
use dynamo_runtime::key::IndexTemplatePart;
use dynamo_runtime::key::TableKeyPart;
use dynamo_runtime::operation::AsksForNew;
use dynamo_runtime::operation::MeetsNoItem;
use dynamo_runtime::operation::TakesCondition;
use dynamo_runtime::projection::HasAttributes;
use dynamo_runtime::projection::ReadAs;
use dynamo_runtime::projection::WithoutDefault;

fn main() {}

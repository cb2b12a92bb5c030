use dynamo_runtime::attribute::HasValue;
use dynamo_runtime::attribute::SameKind;
use dynamo_runtime::codec::ReadBySerde;
use dynamo_runtime::codec::Reason;
use dynamo_runtime::codec::WrittenBySerde;
use dynamo_runtime::collection::TakesFilter;
use dynamo_runtime::entity::AllowsScan;
use dynamo_runtime::entity::AllowsUnconditionalDelete;
use dynamo_runtime::entity::AllowsUnconditionalPut;
use dynamo_runtime::entity::AllowsUnconditionalUpsert;
use dynamo_runtime::entity::DeclaresDelete;
use dynamo_runtime::entity::DeclaresPut;
use dynamo_runtime::entity::DeclaresScan;
use dynamo_runtime::entity::DeclaresUpsert;
use dynamo_runtime::entity::DeclaresVersion;
use dynamo_runtime::entity::Negative;
use dynamo_runtime::entity::Upsertable;
use dynamo_runtime::key::IndexTemplatePart;
use dynamo_runtime::key::TableKeyPart;
use dynamo_runtime::operation::AsksForNew;
use dynamo_runtime::operation::MeetsNoItem;
use dynamo_runtime::operation::TakesCondition;
use dynamo_runtime::projection::HasAttributes;
use dynamo_runtime::projection::ReadAs;
use dynamo_runtime::projection::WithoutDefault;

fn main() {}

use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Audit {
    created_by: String,
}

#[derive(Entity)]
#[dynamo(table = "articles")]
struct Article {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(flatten)]
    audit: Audit,
}

fn main() {
    let _ = Article::AUDIT.exists();
    let audit = Audit { created_by: "ada".to_owned() };
    let delete = Article::delete(Article::key("a"));
    let _ = delete.condition(Article::AUDIT.eq(audit));
}

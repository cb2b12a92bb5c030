//! Help articles of two shops, found by what a customer means: with the embeddings of a real model, that another
//! program computes. `examples/semantic-model/run` installs the model and runs this.

use std::cmp::Ordering;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use dynamo_runtime::prelude::*;

type Failure = Box<dyn std::error::Error>;

/// What all-MiniLM-L6-v2 gives.
const DIMENSIONS: usize = 384;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "articles")]
#[dynamo(vector_index(
    by_meaning,
    name = "meaning-index",
    vector = embedding,
    of = text,
    distance = cosine,
    partition_key = shop,
    projects = ArticleHit
))]
struct Article {
    #[dynamo(partition_key)]
    id: u32,
    shop: String,
    text: String,
    embedding: Embedding<DIMENSIONS>,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Article)]
struct ArticleHit {
    id: u32,
    text: String,
}

/// A program that reads a text a line and writes its embedding as JSON a line.
struct Model {
    child: Child,
    texts: ChildStdin,
    embeddings: BufReader<ChildStdout>,
}

impl Model {
    fn start(program: &[String]) -> Result<Self, Failure> {
        let (name, arguments) =
            program.split_first().ok_or("usage: semantic-model MODEL [ARGUMENT ..]")?;
        let mut child = Command::new(name)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let texts = child.stdin.take().ok_or("no standard input")?;
        let embeddings = BufReader::new(child.stdout.take().ok_or("no standard output")?);
        Ok(Self { child, texts, embeddings })
    }

    fn embed(&mut self, text: &str) -> Result<Embedding<DIMENSIONS>, Failure> {
        writeln!(self.texts, "{}", text.replace('\n', " "))?;
        let mut line = String::new();
        self.embeddings.read_line(&mut line)?;
        let numbers: Vec<f32> = serde_json::from_str(&line)?;
        // A model of other dimensions is an error here, and no item is written.
        Ok(Embedding::try_from(numbers)?)
    }

    fn end(self) -> Result<(), Failure> {
        let Self { mut child, texts, .. } = self;
        drop(texts);
        let status = child.wait()?;
        status
            .success()
            .then_some(())
            .ok_or_else(|| format!("the model ended with {status}").into())
    }
}

/// In f64, one by one: what the index approximates.
fn exact<'a>(
    articles: &'a [Article],
    shop: &str,
    question: &Embedding<DIMENSIONS>,
) -> Vec<&'a Article> {
    let product = |article: &Article| -> f64 {
        let pairs = question.as_array().iter().zip(article.embedding.as_array());
        // The model's embeddings are of length 1.
        pairs.map(|(one, other)| f64::from(*one) * f64::from(*other)).sum()
    };
    let mut of_shop: Vec<_> = articles.iter().filter(|article| article.shop == shop).collect();
    of_shop
        .sort_by(|one, other| product(other).partial_cmp(&product(one)).unwrap_or(Ordering::Equal));
    of_shop
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let program: Vec<_> = std::env::args().skip(1).collect();
    let mut model = Model::start(&program)?;
    let client = SecureClient::local().table::<Article>().build().await?;

    let texts = [
        ("books", "Refunds are paid within five working days."),
        ("books", "A parcel can be followed on the carrier's site."),
        ("books", "The password is changed under account settings."),
        ("books", "Orders above thirty euros are sent free of charge."),
        ("tools", "Refunds need the receipt."),
        ("tools", "Drills are repaired in our workshop."),
    ];
    let mut articles = Vec::new();
    for (id, (shop, text)) in (1..).zip(texts) {
        let embedding = model.embed(text)?;
        articles.push(Article { id, shop: shop.to_owned(), text: text.to_owned(), embedding });
    }
    for article in &articles {
        Article::create(article.clone()).send(&client).await?;
    }

    // None of these has a word of its answer that tells anything.
    let questions = [
        ("books", "How do I get my money back?", 1),
        ("books", "where is my package", 2),
        ("books", "I cannot log in any more", 3),
        ("books", "what does shipping cost", 4),
        ("tools", "How do I get my money back?", 5),
        ("tools", "my machine is broken", 6),
    ];
    for (shop, text, expected) in questions {
        let question = model.embed(text)?;
        let found = Article::by_meaning(shop, &question).top(10).send(&client).await?;
        let best = found.first().ok_or("nothing was found")?;
        println!("{shop}: {text}\n    {} ({:.3})", best.item.text, best.score.value());
        assert_eq!(best.item.id, expected);
        let found: Vec<_> = found.iter().map(|hit| hit.item.id).collect();
        let exact: Vec<_> =
            exact(&articles, shop, &question).iter().map(|article| article.id).collect();
        assert_eq!(found, exact);
    }
    model.end()
}

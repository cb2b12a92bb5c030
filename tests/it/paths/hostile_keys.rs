//! Whatever the key of a map is, a path leads to what was meant and nowhere else.

use std::cell::Cell;
use std::collections::BTreeMap;

use dynamo_runtime::Attribute;
use dynamo_runtime::attribute::{ListElement, MapEntry, Nested};
use dynamo_runtime::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

/// A document within which all paths can be walked.
#[derive(Document, Clone, Debug, PartialEq)]
pub struct Node {
    pub label: String,
    pub count: u64,
    pub list: Vec<Node>,
    pub map: BTreeMap<String, Node>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "trees", allow(scan))]
pub struct Tree {
    #[dynamo(partition_key)]
    pub tree_id: u64,
    pub roots: Vec<Node>,
}

#[derive(Clone, Debug)]
enum Step {
    Index(usize),
    Key(String),
}

/// A path to a node, by the last step.
enum Path {
    Element(Attribute<Tree, Node, 1, Nested<ListElement>>),
    Entry(Attribute<Tree, Node, 1, Nested<MapEntry>>),
}

/// Runs the code with the path to a node, however it ends.
macro_rules! with {
    ($path:expr, $node:ident => $code:expr) => {
        match $path {
            Path::Element($node) => $code,
            Path::Entry($node) => $code,
        }
    };
}

fn path(root: usize, steps: &[Step]) -> Path {
    steps.iter().fold(Path::Element(Tree::ROOTS.at(root)), |path, step| {
        with!(path, node => match step {
            Step::Index(index) => Path::Element(node.then(Node::LIST).at(*index)),
            Step::Key(key) => Path::Entry(node.then(Node::MAP).entry(key)),
        })
    })
}

fn node<'t>(tree: &'t mut Tree, root: usize, steps: &[Step]) -> &'t mut Node {
    steps.iter().fold(&mut tree.roots[root], |node, step| match step {
        Step::Index(index) => &mut node.list[*index],
        Step::Key(key) => node.map.get_mut(key).unwrap(),
    })
}

/// Keys that are something else to a careless renderer.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "list",
            "map",
            "label",
            "count",
            "roots",
            "a.b",
            "list[0]",
            "[0]",
            "#0",
            "#1",
            ":0",
            ":1",
            ".",
            "\"",
            "\\",
            "\\u0061",
            "\"}",
            "SET",
            "REMOVE",
            "size",
            "NULL",
            "a, b",
            "(a)",
            " ",
            "\n",
            "\u{0}",
            "\u{2028}",
            "\u{1f980}",
            "a\u{301}",
            "'",
            "--",
            "tea OR count = count",
        ])
        .prop_map(str::to_owned),
        "\\PC{1,8}",
        any::<[char; 2]>().prop_map(|characters| characters.into_iter().collect()),
    ]
}

fn tree() -> impl Strategy<Value = Node> {
    let leaf = (any::<u16>(), "[a-z]{0,3}").prop_map(|(count, label)| Node {
        label,
        count: count.into(),
        list: Vec::new(),
        map: BTreeMap::new(),
    });
    leaf.prop_recursive(4, 24, 3, |inner| {
        (
            prop::collection::vec(inner.clone(), 0..3),
            prop::collection::btree_map(key(), inner, 0..4),
            any::<u16>(),
        )
            .prop_map(|(list, map, count)| Node {
                label: "inner".to_owned(),
                count: count.into(),
                list,
                map,
            })
    })
}

/// A way to one of the nodes, as the choices say.
fn walk(mut node: &Node, choices: &[usize]) -> Vec<Step> {
    let mut steps = Vec::new();
    for choice in choices {
        let inner = node.list.len() + node.map.len();
        if inner == 0 {
            break;
        }
        let chosen = choice % inner;
        if let Some(element) = node.list.get(chosen) {
            steps.push(Step::Index(chosen));
            node = element;
        } else {
            let (key, entry) = node.map.iter().nth(chosen - node.list.len()).unwrap();
            steps.push(Step::Key(key.clone()));
            node = entry;
        }
    }
    steps
}

async fn check(client: &SecureClient, id: u64, root: Node, choices: &[usize], new_key: &str) {
    let steps = walk(&root, choices);
    let other = Node { label: "other".to_owned(), count: 0, list: vec![], map: BTreeMap::new() };
    let tree = Tree { tree_id: id, roots: vec![other, root] };
    let mut expected = Tree::create(tree).send(client).await.unwrap();
    // What is read at the path is what is there.
    let there = node(&mut expected, 1, &steps).clone();
    let is_there = with!(path(1, &steps), node => {
        node.eq(&there).and(node.clone().then(Node::COUNT).eq(there.count))
    });
    let key = Tree::key(id);
    Tree::update(key.clone())
        .set(Tree::ROOTS.at(0).then(Node::COUNT), 1)
        .condition(is_there)
        .send(client)
        .await
        .unwrap();
    expected.roots[0].count = 1;

    // What is written at the path is there, and nothing else is touched.
    let update = Tree::update(key.clone());
    let update = with!(path(1, &steps), node => update
        .set(node.clone().then(Node::LABEL), "changed")
        .add(node.clone().then(Node::COUNT), 7)
        .set(node.then(Node::MAP).entry(new_key), Node { count: 3, ..expected.roots[0].clone() }));
    let after = update.if_exists().returning_new().send(client).await.unwrap();
    let new = Node { count: 3, ..expected.roots[0].clone() };
    let changed = node(&mut expected, 1, &steps);
    "changed".clone_into(&mut changed.label);
    changed.count += 7;
    changed.map.insert(new_key.to_owned(), new);
    assert_eq!(after, expected);

    // And what is removed is gone.
    let update = with!(path(1, &steps), node => {
        Tree::update(key).remove(node.then(Node::MAP).entry(new_key))
    });
    let after = update.if_exists().returning_new().send(client).await.unwrap();
    node(&mut expected, 1, &steps).map.remove(new_key);
    assert_eq!(after, expected);
}

#[test]
fn a_path_leads_to_what_was_meant() {
    const CASES: u32 = 200;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let engine = runtime.block_on(crate::engine::embedded_engine());
    let client = crate::engine::embedded().engine(&engine).table::<Tree>();
    let client = runtime.block_on(client.build()).unwrap();
    let trees = Cell::new(0);
    let input = (tree(), prop::collection::vec(any::<usize>(), 0..5), key());
    TestRunner::new(ProptestConfig { cases: CASES, ..ProptestConfig::default() })
        .run(&input, |(root, choices, new_key)| {
            trees.set(trees.get() + 1);
            runtime.block_on(check(&client, trees.get(), root, &choices, &new_key));
            Ok(())
        })
        .unwrap();
    let touched = Tree::scan().filter(Tree::ROOTS.at(0).then(Node::COUNT).eq(1));
    assert_eq!(runtime.block_on(touched.count(&client)).unwrap(), u64::from(CASES));
}

//! The courses that a write can take, and what each leaves in the table: the pure model.

use crate::entities::{Content, FIRST, THEIRS};

/// What becomes of one attempt of the write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives and is answered.
    Answered,
    /// Its connection closes after its first byte, and it is never applied.
    Dropped,
    /// It is applied, and its response lost.
    Lost,
    /// Its connection closes, and it arrives when the call has ended.
    Late,
    /// It is rejected for a conflict, which is no failed condition: nothing of it is applied.
    Conflict,
}

use Fate::{Answered, Conflict, Dropped, Late, Lost};

impl Fate {
    /// Whether the client does not learn its outcome.
    fn is_lost(self) -> bool {
        matches!(self, Dropped | Lost | Late)
    }
}

/// What the attempts before the answered one meet.
const FATES: &[&[Fate]] = &[
    &[],
    &[Dropped],
    &[Lost],
    &[Late],
    &[Conflict],
    &[Dropped, Dropped],
    &[Dropped, Lost],
    &[Lost, Dropped],
    &[Lost, Lost],
    &[Late, Dropped],
    &[Late, Lost],
    &[Lost, Late],
    &[Conflict, Dropped],
    &[Conflict, Lost],
    &[Conflict, Late],
    &[Dropped, Conflict],
    &[Lost, Conflict],
    &[Late, Conflict],
];

/// A step of the other writer, always answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Sets another value.
    Change,
    /// The same write as ours.
    Same,
    Delete,
    /// Makes a new item, with the content that the first one had.
    Create,
}

/// What the other writer does, each in its order.
const OTHERS: &[&[Step]] = &[
    &[],
    &[Step::Change],
    &[Step::Same],
    &[Step::Delete],
    &[Step::Create],
    &[Step::Delete, Step::Create],
    &[Step::Create, Step::Delete],
    &[Step::Create, Step::Change],
];

/// What makes a condition false and true again, while a request with a token is on its way.
const BACK_AND_FORTH: &[Step] = &[Step::Change, Step::Delete, Step::Create];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    Nobody,
    Ours,
    Theirs,
}

/// The item, and whose write left it so.
pub type State = Option<(Content, Writer)>;

/// What a write makes of an item, or of none; `None` if its condition does not hold.
pub type Effect = fn(Option<Content>) -> Option<Option<Content>>;

/// How a write is sent when a response of it was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resent {
    Never,
    /// Under its condition.
    Guarded,
    /// With a client token, by which it is applied once.
    WithToken,
}

/// What of a write the model knows.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own of a write")]
pub struct Rules {
    pub is_there: bool,
    pub has_version: bool,
    /// Whether its item has a time of the write.
    pub has_time: bool,
    /// Whether it is made anew from the item that its failed condition gave.
    pub is_modify: bool,
    /// Whether a conflict can be its answer.
    pub has_conflicts: bool,
    pub resent: Resent,
    pub effect: Effect,
}

/// What happens, in its order.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Step(Step),
    /// An attempt arrives.
    Attempt(Fate),
    /// The caller has its answer.
    Told,
    /// The late attempts arrive, in their order.
    LateArrivals,
}

/// What the client sees of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sight {
    NoAnswer,
    Conflict,
    Ok,
    /// The condition failed, and there is no item.
    Absent,
    /// The condition failed, and there is what this write would have left.
    Equal,
    /// The condition failed, and there is another item.
    Different,
}

/// One course: what happens, and what the model says of it.
#[derive(Clone, Debug)]
pub struct Course {
    pub events: Vec<Event>,
    /// Whether each step of the other writer succeeded.
    pub results: Vec<bool>,
    pub end: Option<Content>,
    /// How often the write was applied.
    pub applied: u32,
    /// What the client sees of each attempt, with the item that a failed condition gives it.
    pub seen: Vec<(Sight, Option<Content>)>,
}

impl Course {
    pub fn sights(&self) -> Vec<Sight> {
        self.seen.iter().map(|(sight, _)| *sight).collect()
    }

    pub fn attempts(&self) -> usize {
        self.events.iter().filter(|event| matches!(event, Event::Attempt(_))).count()
    }

    /// The steps of the other writer, and whether each came after the caller had its answer.
    pub fn steps(&self) -> Vec<(Step, bool)> {
        let mut is_told = false;
        let mut steps = Vec::new();
        for event in &self.events {
            match event {
                Event::Told => is_told = true,
                Event::Step(step) => steps.push((*step, is_told)),
                Event::Attempt(_) | Event::LateArrivals => {}
            }
        }
        steps
    }
}

/// What a step of the other writer makes of an item, if the step can be made of it.
#[expect(clippy::option_option, reason = "the inner one is the item, which may be absent")]
pub fn step(rules: &Rules, step: Step, item: Option<Content>) -> Option<Option<Content>> {
    let version = |version: u64| if rules.has_version { version } else { 0 };
    match step {
        Step::Change => item.map(|(_, now)| Some((THEIRS, version(now + 1)))),
        Step::Same => (rules.effect)(item),
        Step::Delete => item.map(|_| None),
        Step::Create => item.is_none().then_some(Some((FIRST, version(1)))),
    }
}

/// All courses of a write, those left out that differ in nothing.
pub fn all(rules: &Rules) -> Vec<Course> {
    let mut courses: Vec<Course> = Vec::new();
    for fates in FATES {
        if fates.contains(&Conflict) && !rules.has_conflicts {
            continue;
        }
        // A write that is never sent again ends with its first lost response.
        let ends = fates.iter().position(|fate| fate.is_lost()).map(|position| position + 1);
        if rules.resent == Resent::Never && ends.is_some_and(|end| end < fates.len()) {
            continue;
        }
        // Before each attempt, after the answer, and after the late arrivals.
        let last = fates.len() + 1 + usize::from(fates.contains(&Late));
        let has_token = rules.resent == Resent::WithToken && rules.is_there;
        for steps in OTHERS.iter().copied().chain(has_token.then_some(BACK_AND_FORTH)) {
            for places in places(steps.len(), last) {
                let course = course(rules, fates, steps, &places);
                // A place beside a request that never arrives is the same as that on its other side.
                if !courses.iter().any(|known| is_same(known, &course)) {
                    courses.push(course);
                }
            }
        }
    }
    courses
}

/// Whether two courses are the same but for steps that change places with attempts that nothing comes of.
fn is_same(one: &Course, other: &Course) -> bool {
    let arrivals = |course: &Course| -> (Vec<Event>, Vec<Fate>) {
        let is_nothing = |fate: Fate| matches!(fate, Dropped | Conflict | Late);
        let events = course.events.iter();
        let kept = events
            .clone()
            .filter(|event| !matches!(event, Event::Attempt(fate) if is_nothing(*fate)));
        let fates = events.filter_map(|event| match event {
            Event::Attempt(fate) => Some(*fate),
            _ => None,
        });
        (kept.cloned().collect(), fates.collect())
    };
    arrivals(one) == arrivals(other)
}

/// All places of so many steps, in their order, each at most the last.
fn places(steps: usize, last: usize) -> Vec<Vec<usize>> {
    let Some(rest) = steps.checked_sub(1) else { return vec![vec![]] };
    let before = places(rest, last);
    let with_one_more = before.into_iter().flat_map(|before| {
        let first = before.last().copied().unwrap_or_default();
        (first..=last).map(move |place| before.iter().copied().chain([place]).collect())
    });
    with_one_more.collect()
}

fn course(rules: &Rules, fates: &[Fate], steps: &[Step], places: &[usize]) -> Course {
    let mut table = Table {
        rules,
        state: rules.is_there.then_some(((FIRST, u64::from(rules.has_version)), Writer::Nobody)),
        is_applied: false,
        rest: steps.iter().copied().zip(places.iter().copied()).collect(),
        course: Course { events: vec![], results: vec![], end: None, applied: 0, seen: vec![] },
    };
    let mut body = table.body();
    let mut late = Vec::new();
    let mut is_lost = false;
    let mut attempt = 0;
    loop {
        table.steps_until(attempt);
        let fate = fates.get(attempt).copied().unwrap_or(Answered);
        attempt += 1;
        table.course.events.push(Event::Attempt(fate));
        match fate {
            Answered => {
                let sight = table.arrive(&body);
                let found = table.state.filter(|_| sight != Sight::Ok);
                table.course.seen.push((sight, found.map(|(content, _)| content)));
                let is_there = table.state.is_some();
                if rules.is_modify && sight != Sight::Ok && is_there && !is_lost {
                    body = table.body();
                    continue;
                }
                break;
            }
            Conflict => table.course.seen.push((Sight::Conflict, None)),
            Dropped | Lost | Late => {
                table.course.seen.push((Sight::NoAnswer, None));
                is_lost = true;
                if fate == Lost {
                    table.arrive(&body);
                }
                if fate == Late {
                    late.push(body.clone());
                }
            }
        }
        if is_lost && rules.resent == Resent::Never {
            break;
        }
    }
    table.course.events.push(Event::Told);
    table.steps_until(fates.len() + 1);
    if !late.is_empty() {
        table.course.events.push(Event::LateArrivals);
        for body in &late {
            table.arrive(body);
        }
    }
    table.steps_until(usize::MAX);
    Course { end: table.state.map(|(content, _)| content), ..table.course }
}

/// What is sent: of `modify` it depends on the item that was read.
#[derive(Clone)]
struct Body {
    read: Option<Content>,
}

struct Table<'a> {
    rules: &'a Rules,
    state: State,
    /// Whether the token is known.
    is_applied: bool,
    rest: Vec<(Step, usize)>,
    course: Course,
}

impl Table<'_> {
    fn body(&self) -> Body {
        Body { read: self.state.map(|(content, _)| content) }
    }

    /// An attempt arrives, and gives what it would be answered.
    fn arrive(&mut self, body: &Body) -> Sight {
        if self.is_applied && self.rules.resent == Resent::WithToken {
            return Sight::Ok;
        }
        let found = self.state.map(|(content, _)| content);
        let written = if self.rules.is_modify {
            // At the version that was read.
            let is_at_version = found.is_some() && found.map(|it| it.1) == body.read.map(|it| it.1);
            is_at_version.then(|| (self.rules.effect)(body.read)).flatten()
        } else {
            (self.rules.effect)(found)
        };
        if let Some(item) = written {
            self.course.applied += 1;
            self.is_applied = true;
            self.state = item.map(|content| (content, Writer::Ours));
            return Sight::Ok;
        }
        let Some((content, writer)) = self.state else { return Sight::Absent };
        let is_equal = (self.rules.effect)(body.read).flatten() == Some(content);
        // With a token nothing is compared.
        let is_compared = match self.rules.resent {
            Resent::WithToken => false,
            _ => !self.rules.has_time || writer == Writer::Ours,
        };
        if is_equal && is_compared { Sight::Equal } else { Sight::Different }
    }

    /// The steps of the other writer that have their place here or before.
    fn steps_until(&mut self, place: usize) {
        while let Some(&(next, at)) = self.rest.first()
            && at <= place
        {
            self.rest.remove(0);
            let found = self.state.map(|(content, _)| content);
            let made = step(self.rules, next, found);
            self.course.events.push(Event::Step(next));
            self.course.results.push(made.is_some());
            if let Some(item) = made {
                self.state = item.map(|content| (content, Writer::Theirs));
            }
        }
    }
}

//! Each case in detail, by criterion: the same subjects as the command compares.

use criterion::Criterion;
use dynamo_benches::cases::ALL;
use dynamo_benches::measure::Subject;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for named in ALL {
        let case = named.make();
        let mut group = criterion.benchmark_group(case.name);
        let mut subjects: Vec<Subject> = std::iter::once(case.ours).chain(case.others).collect();
        for subject in &mut subjects {
            group.bench_function(subject.name, |bencher| {
                bencher.iter_custom(|runs| subject.run(runs).time);
            });
        }
        group.finish();
    }
    criterion.final_summary();
}

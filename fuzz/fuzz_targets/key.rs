//! Text from outside as a templated key: its parts or none, and the parts are written as that text.
#![no_main]

use dynamo_runtime::__private::{PartText, Parts, Segment, Template, TemplatePart};
use dynamo_runtime::{Number, Timestamp};
use libfuzzer_sys::fuzz_target;

const NAMES: &[&str] = &["part", "flag"];

/// A part of any type, before one that is short.
struct Pair<T>(T, bool);

impl<T: TemplatePart> Parts for Pair<T> {
    fn write_part(&self, ordinal: usize, text: &mut PartText) {
        match ordinal {
            0 => self.0.write_part(text),
            1 => self.1.write_part(text),
            _ => {}
        }
    }
}

const TEMPLATES: [Template; 4] = [
    Template::new(&[Segment::Part(0), Segment::Part(1)]),
    Template::new(&[Segment::Fixed("ORDER"), Segment::Part(0), Segment::Part(1)]),
    Template::new(&[Segment::Part(1), Segment::Fixed("AT"), Segment::Part(0)]),
    Template::new(&[Segment::Fixed(""), Segment::Part(1), Segment::Part(0), Segment::Fixed("END")]),
];

/// What is read is written as the text it was read from.
fn read<T: TemplatePart>(template: Template, key: &str) {
    let (Some(part), Some(flag)) = (template.read::<T>(key, 0), template.read::<bool>(key, 1))
    else {
        return;
    };
    let written = template.text("pk", NAMES, &Pair(part, flag));
    assert_eq!(written.ok().flatten().as_deref(), Some(key));
}

/// What is written is read as it was.
fn write<T: TemplatePart>(template: Template, part: T) {
    let pair = Pair(part, true);
    if let Ok(Some(key)) = template.text("pk", NAMES, &pair) {
        assert!(template.read::<T>(&key, 0).as_ref() == Some(&pair.0));
        assert_eq!(template.read(&key, 1), Some(true));
        assert_eq!(template.split(&key).map(|parts| parts.len()), Some(2));
    }
}

fuzz_target!(|bytes: &[u8]| {
    for template in TEMPLATES {
        if let Ok(text) = std::str::from_utf8(bytes) {
            // The text as a part, and as the whole key.
            for key in [format!("ORDER#{text}#true"), format!("{text}#true"), text.to_owned()] {
                read::<String>(template, &key);
                read::<char>(template, &key);
                read::<Vec<u8>>(template, &key);
                read::<[u8; 4]>(template, &key);
                read::<Number>(template, &key);
                read::<Timestamp>(template, &key);
                read::<u8>(template, &key);
                read::<i16>(template, &key);
                read::<u64>(template, &key);
                read::<i128>(template, &key);
                read::<u128>(template, &key);
            }
            write(template, text.to_owned());
            if let Ok(number) = text.parse::<Number>() {
                write(template, number);
            }
            if let Ok(timestamp) = text.parse::<Timestamp>() {
                write(template, timestamp);
            }
        }
        write(template, bytes.to_vec());
        if let Some(number) = bytes.first_chunk() {
            write(template, i128::from_le_bytes(*number));
            write(template, u128::from_le_bytes(*number));
        }
        if let Some(number) = bytes.first_chunk() {
            write(template, i64::from_le_bytes(*number));
        }
    }
});

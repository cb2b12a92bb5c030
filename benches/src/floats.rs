//! Every finite `f32`, written in embeddings and read again.

use std::fmt::Write as _;
use std::io::{self, Write};

use dynamo_runtime::Embedding;
use dynamo_runtime::codec::{Decode, Encode, Reader, Writer};

/// The most that an embedding has.
const AT_ONCE: usize = 4096;

/// Checks each so many of the positive numbers, and their opposites: that it is read as the same
/// number, by us and by the standard library, from a text that has no more digits than that of the
/// standard library, and is as near.
///
/// # Errors
/// When one is not, or nothing can be printed.
pub fn floats(step: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut bits = (0..f32::INFINITY.to_bits()).step_by(step);
    let (mut checked, mut shown) = (0_u64, String::new());
    loop {
        let numbers: Vec<f32> = bits.by_ref().take(AT_ONCE).map(f32::from_bits).collect();
        if numbers.is_empty() {
            return writeln!(out, "{checked} numbers and their opposites are as they were");
        }
        checked += numbers.len() as u64;
        let mut filled = numbers.clone();
        filled.resize(AT_ONCE, 0.0);
        let positive = written(&filled)?;
        filled.iter_mut().for_each(|number| *number = -*number);
        let negative = written(&filled)?;
        for ((number, text), opposite) in
            numbers.iter().zip(texts(&positive)).zip(texts(&negative))
        {
            shown.clear();
            write!(shown, "{number:e}").map_err(io::Error::other)?;
            let opposite = opposite.strip_prefix('-').unwrap_or(opposite);
            let is_same = text.parse::<f32>().is_ok_and(|read| read.to_bits() == number.to_bits());
            if !is_same || !is_equal(text, &shown) || opposite != text {
                let bits = number.to_bits();
                return Err(io::Error::other(format!("{bits:#x}: {text}, not {shown}")));
            }
        }
    }
}

/// The JSON of the numbers, which are read from it again.
fn written(numbers: &[f32]) -> io::Result<String> {
    let embedding = Embedding::<AT_ONCE>::try_from(numbers).map_err(io::Error::other)?;
    let mut writer = Writer::default();
    embedding.encode(&mut writer);
    let json = writer.finish().map_err(io::Error::other)?;
    let mut reader = Reader::new(&json).map_err(io::Error::other)?;
    let read = Embedding::<AT_ONCE>::decode(&mut reader).map_err(io::Error::other)?;
    let pairs = read.as_array().iter().zip(numbers);
    // There is one zero.
    let changed = pairs.into_iter().find(|(read, given)| read.to_bits() != (**given + 0.0).to_bits());
    if let Some((read, given)) = changed {
        return Err(io::Error::other(format!("{given:e} is read as {read:e}")));
    }
    String::from_utf8(json).map_err(io::Error::other)
}

fn texts(json: &str) -> impl Iterator<Item = &str> {
    json.split("{\"N\":\"").skip(1).filter_map(|element| element.split('"').next())
}

/// Whether both are the same number, by their digits and where the point is.
fn is_equal(text: &str, scientific: &str) -> bool {
    normal(text) == normal(scientific)
}

/// The digits from the first that is not zero to the last, as a number, and the power of ten of the
/// last.
fn normal(text: &str) -> Option<(u64, i32)> {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (mut digits, mut power) = (0_u64, exponent.parse::<i32>().ok()?);
    let mut is_after_point = false;
    for byte in mantissa.bytes() {
        match byte {
            b'.' => is_after_point = true,
            _ => {
                digits = digits.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
                power -= i32::from(is_after_point);
            }
        }
    }
    while digits != 0 && digits.is_multiple_of(10) {
        digits /= 10;
        power += 1;
    }
    Some((digits, if digits == 0 { 0 } else { power }))
}

//! Every finite `f32`, written in embeddings and read again.

use std::fmt::Write as _;
use std::io::{self, Write};

use dynamo_runtime::Embedding;
use dynamo_runtime::codec::{Decode, Encode, Reader, Writer};

/// The most that an embedding has.
const AT_ONCE: usize = 4096;

/// Checks each so many of the positive numbers, and their opposites: that it is read as the same
/// number, by us and by the standard library, from a text with the digits of the standard library's,
/// or, of two that are equally near, with those of the other one.
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
        for number in &mut filled {
            *number = -*number;
        }
        let negative = written(&filled)?;
        for ((number, text), opposite) in numbers.iter().zip(texts(&positive)).zip(texts(&negative))
        {
            shown.clear();
            write!(shown, "{number:e}").map_err(io::Error::other)?;
            let opposite = opposite.strip_prefix('-').unwrap_or(opposite);
            let is_same = text.parse::<f32>().is_ok_and(|read| read.to_bits() == number.to_bits());
            if !is_same || !is_shortest(text, &shown, *number) || opposite != text {
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
    let changed =
        pairs.into_iter().find(|(read, given)| read.to_bits() != (**given + 0.0).to_bits());
    if let Some((read, given)) = changed {
        return Err(io::Error::other(format!("{given:e} is read as {read:e}")));
    }
    String::from_utf8(json).map_err(io::Error::other)
}

fn texts(json: &str) -> impl Iterator<Item = &str> {
    json.split("{\"N\":\"").skip(1).filter_map(|element| element.split('"').next())
}

/// Whether the text is as short as the other, which is the shortest, and as near to the number.
fn is_shortest(text: &str, shortest: &str, number: f32) -> bool {
    let (Some((digits, power)), Some((others, other_power))) = (normal(text), normal(shortest))
    else {
        return false;
    };
    let is_middle = || {
        // Between whole numbers times such a power no `f32` is in the middle, unless all is exact.
        let power_of_ten = 10_f64.powi(power.abs());
        let sum = (digits + others) as f64;
        let sum = if power < 0 { sum / power_of_ten } else { sum * power_of_ten };
        power.abs() <= 22 && sum.to_bits() == (2.0 * f64::from(number)).to_bits()
    };
    power == other_power && (digits == others || digits.abs_diff(others) == 1 && is_middle())
}

/// The digits from the first that is not zero to the last, as a number, and the power of ten of the
/// last.
fn normal(text: &str) -> Option<(u64, i32)> {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (mut digits, mut power) = (0_u64, exponent.parse::<i32>().ok()?);
    let mut is_after_point = false;
    for byte in mantissa.bytes() {
        if byte == b'.' {
            is_after_point = true;
        } else {
            digits = digits.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
            power -= i32::from(is_after_point);
        }
    }
    while digits != 0 && digits.is_multiple_of(10) {
        digits /= 10;
        power += 1;
    }
    Some((digits, if digits == 0 { 0 } else { power }))
}

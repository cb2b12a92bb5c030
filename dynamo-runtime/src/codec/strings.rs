//! The inner loop of strings.
//!
//! Eight bytes a step where the place is looked for: names and values are so short that sixteen, with
//! eight for the place, take half as long again.

/// How many bytes at the start of a JSON string stand for themselves: none is a quote, a backslash
/// or a control character.
#[inline]
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let special = special_bytes(u64::from_le_bytes(*word));
        if special != 0 {
            return index * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    words.len() * 8 + plain_length_of_few(rest)
}

/// The end of a response comes once.
#[cold]
fn plain_length_of_few(bytes: &[u8]) -> usize {
    bytes.iter().position(|&byte| is_special(byte)).unwrap_or(bytes.len())
}

/// Whether a text stands for itself in a JSON string.
#[inline]
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<8>();
    let (pairs, last) = words.as_chunks::<2>();
    let special = |word: &[u8; 8]| special_bytes(u64::from_le_bytes(*word));
    let is_plain_pair = |[one, other]: &[[u8; 8]; 2]| special(one) | special(other) == 0;
    if !pairs.iter().all(is_plain_pair) || last.iter().any(|word| special(word) != 0) {
        return false;
    }
    // What is before the last bytes is plain, so they are looked at together with it.
    let last = match (bytes.last_chunk::<8>(), rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        (Some(last), ..) => u64::from_le_bytes(*last),
        (None, Some(first), Some(last)) => {
            let half = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
            half(first) | half(last) << 32
        }
        _ => return !rest.iter().any(|&byte| is_special(byte)),
    };
    special_bytes(last) == 0
}

pub(super) const fn is_special(byte: u8) -> bool {
    byte == b'"' || byte == b'\\' || byte < b' '
}

/// The top bit of each special byte. A borrow can mark a byte wrongly, but only above one that is
/// marked rightly, so the lowest mark is exact.
#[inline]
const fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    // With one bit flipped, a quote comes next to the control characters, in place of the space.
    let quotes_and_controls = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
    let backslashes = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    (quotes_and_controls | backslashes) & !word & TOPS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_byte_at_every_place() {
        for length in 0..20 {
            for place in 0..length {
                for byte in 0..=u8::MAX {
                    let mut bytes = vec![b'a'; length];
                    bytes[place] = byte;
                    let expected = if is_special(byte) { place } else { length };
                    assert_eq!(plain_length(&bytes), expected, "{byte} at {place} of {length}");
                    let is_whole = expected == length;
                    assert_eq!(is_plain(&bytes), is_whole, "{byte} at {place} of {length}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_the_plain_loop(bytes: Vec<u8>) {
            let expected = bytes.iter().position(|&byte| is_special(byte)).unwrap_or(bytes.len());
            prop_assert_eq!(plain_length(&bytes), expected);
            prop_assert_eq!(is_plain(&bytes), expected == bytes.len());
        }
    }
}

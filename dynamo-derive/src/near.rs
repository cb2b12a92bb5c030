//! The known word that a misspelt one was meant to be.

/// The candidate nearest to `word`, if it is near enough to be meant.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = plain(word);
    let farthest = word.len().div_ceil(3);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= farthest)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The letters that carry the word: `partitionKey` is `partition_key`.
fn plain(word: &str) -> Vec<char> {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many letters must be inserted, removed or replaced (Levenshtein).
fn distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut left = i + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(left);
        for ((diagonal, above), b) in row.iter().zip(row.iter().skip(1)).zip(to) {
            left = (diagonal + usize::from(a != b)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_word() {
        let words = ["table", "rename_all", "partition_key"];
        assert_eq!(nearest("tabel", words), Some("table"));
        assert_eq!(nearest("partitionKey", words), Some("partition_key"));
        assert_eq!(nearest("partition-kye", words), Some("partition_key"));
        assert_eq!(nearest("renameall", words), Some("rename_all"));
    }

    #[test]
    fn another_word_finds_none() {
        assert_eq!(nearest("flatten", ["table", "rename_all", "skip"]), None);
        assert_eq!(nearest("", ["table"]), None);
    }

    #[test]
    fn distances() {
        let of = |a: &str, b: &str| distance(&plain(a), &plain(b));
        assert_eq!(of("kitten", "sitting"), 3);
        assert_eq!(of("", "abc"), 3);
        assert_eq!(of("abc", ""), 3);
        assert_eq!(of("abc", "abc"), 0);
    }
}

//! DER, as little of it as is needed.

pub fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut der = vec![tag];
    match content.len() {
        length @ ..0x80 => der.push(u8::try_from(length).unwrap()),
        length => {
            let digits = length.to_be_bytes();
            let digits: Vec<_> = digits.into_iter().skip_while(|byte| *byte == 0).collect();
            der.push(0x80 | u8::try_from(digits.len()).unwrap());
            der.extend(digits);
        }
    }
    der.extend_from_slice(content);
    der
}

pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    value(0x30, &parts.concat())
}

/// An `INTEGER` of these bytes.
pub fn integer(digits: &[u8]) -> Vec<u8> {
    value(2, digits)
}

pub fn flag(is_set: bool) -> Vec<u8> {
    value(1, &[if is_set { 0xff } else { 0 }])
}

/// An `OCTET STRING`.
pub fn bytes(content: &[u8]) -> Vec<u8> {
    value(4, content)
}

/// A `BIT STRING` with so many unused bits.
pub fn bits(unused: u8, content: &[u8]) -> Vec<u8> {
    value(3, &[&[unused], content].concat())
}

pub fn oid(numbers: &[u64]) -> Vec<u8> {
    let (first, rest) = numbers.split_at(2);
    let mut content = vec![];
    for number in [first[0] * 40 + first[1]].iter().chain(rest) {
        let mut digits = vec![u8::try_from(number & 0x7f).unwrap()];
        let mut rest = number >> 7;
        while rest > 0 {
            digits.insert(0, 0x80 | u8::try_from(rest & 0x7f).unwrap());
            rest >>= 7;
        }
        content.extend(digits);
    }
    value(6, &content)
}

pub fn primitive(number: u8, content: &[u8]) -> Vec<u8> {
    value(0x80 | number, content)
}

pub fn constructed(number: u8, content: &[u8]) -> Vec<u8> {
    value(0xa0 | number, content)
}

pub fn utc(text: &str) -> Vec<u8> {
    value(0x17, text.as_bytes())
}

pub fn generalized(text: &str) -> Vec<u8> {
    value(0x18, text.as_bytes())
}

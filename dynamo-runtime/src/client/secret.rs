//! Bytes that are wiped when the last that holds them is gone, and of which no copy is made on the way.

use bytes::Bytes;
use http::HeaderValue;
use http::header::InvalidHeaderValue;
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// A buffer that leaves nothing behind where it grows.
#[derive(Default)]
pub(super) struct SecretBuffer(Zeroizing<Vec<u8>>);

impl SecretBuffer {
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut larger =
                Zeroizing::new(Vec::with_capacity(needed.max(1024).next_power_of_two()));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn into_inner(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

/// Shares what its owner holds, and drops the owner with the last share.
pub(super) fn shared(owner: impl AsRef<[u8]> + ZeroizeOnDrop + Send + 'static) -> Bytes {
    Bytes::from_owner(owner)
}

/// The value of a header, which its `Debug` does not show.
pub(super) fn header(text: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    header_of(Zeroizing::new(text.as_bytes().to_vec()))
}

fn header_of(
    owner: impl AsRef<[u8]> + ZeroizeOnDrop + Send + 'static,
) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut value = HeaderValue::from_maybe_shared(shared(owner))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    struct Watched(Zeroizing<Vec<u8>>, Arc<AtomicBool>);

    impl AsRef<[u8]> for Watched {
        fn as_ref(&self) -> &[u8] {
            &self.0
        }
    }

    impl Drop for Watched {
        fn drop(&mut self) {
            self.1.store(true, Ordering::SeqCst);
        }
    }

    impl ZeroizeOnDrop for Watched {}

    #[test]
    fn a_header_is_its_owner_and_no_copy_and_ends_it() {
        let is_gone = Arc::new(AtomicBool::new(false));
        let owner = Watched(Zeroizing::new(b"the-token".to_vec()), is_gone.clone());
        let place = owner.0.as_ptr();
        let value = header_of(owner).unwrap();
        let again = value.clone();
        assert_eq!((value.as_bytes().as_ptr(), again.as_bytes().as_ptr()), (place, place));
        assert!(!format!("{value:?}").contains("the-token"));
        drop(value);
        assert!(!is_gone.load(Ordering::SeqCst));
        drop(again);
        assert!(is_gone.load(Ordering::SeqCst));
        header("a\nb").unwrap_err();
    }

    #[test]
    fn a_buffer_that_grows_wipes_what_it_leaves() {
        fn is_wiped<T: ZeroizeOnDrop>(_: &T) {}
        let mut buffer = SecretBuffer::default();
        is_wiped(&buffer.0);
        for _ in 0..1_000 {
            let (before, room) = (buffer.0.as_ptr(), buffer.0.capacity());
            let fits = buffer.len() + 7 <= room;
            buffer.extend(b"seven..");
            assert_eq!(buffer.0.as_ptr() == before, fits, "it moves by `extend` alone");
        }
        assert_eq!(buffer.len(), 7_000);
        assert!(buffer.into_inner().chunks(7).all(|chunk| chunk == b"seven.."));
    }
}

//! A key as it is stored, read back.

use super::super::Entity;
use super::at::{KeyAt, TablePartAt};
use super::{Key, KeyWriter};
use crate::codec::equality::{attribute_of, same_item};
use crate::codec::{DecodeError, Encoding, Plain, Reader, Writer};
use crate::key::{KeyAttribute, KeyError, TableKeyPart, last_from};
use crate::record::Record;

/// The attributes of a stored key, while they are read.
#[doc(hidden)]
#[derive(Debug)]
pub struct StoredKeys<'a>(&'a [u8]);

impl StoredKeys<'_> {
    /// The key that is the `N`th attribute.
    ///
    /// # Errors
    /// It is missing, or of another type.
    pub fn key<E: KeyAt<N>, const N: usize>(&self) -> Result<E::Value, DecodeError> {
        match E::KEY_FORM {
            Some(form) => self.read(E::NAME, form.read),
            None => self.read(E::NAME, E::Value::read),
        }
    }

    /// The `N`th attribute, which is a part of this key.
    ///
    /// # Errors
    /// The key is missing, or has another form.
    pub fn part<E: TablePartAt<N>, const N: usize>(
        &self,
        key: KeyAttribute,
    ) -> Result<E::Value, DecodeError> {
        self.read(key.name, |reader| {
            let start = reader.position();
            let text = reader.string()?;
            let part = key.template.and_then(|template| template.read(&text, N));
            part.ok_or_else(|| DecodeError::refused(start, "the key has another form"))
        })
    }

    fn read<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let Some(json) = attribute_of(self.0, name)? else {
            return Err(DecodeError::refused(0, "the key is missing").within(name));
        };
        Reader::new(json)
            .and_then(|mut reader| read(&mut reader))
            .map_err(|error| error.within(name))
    }
}

/// Where a key stands in its table, as it is encoded.
pub(crate) struct Encoded {
    pub(crate) partition_key: Vec<u8>,
    pub(crate) sort_key: Option<Vec<u8>>,
    /// Not before any sort key that goes on from this one, and before all others that are after
    /// them.
    pub(crate) last: Option<Vec<u8>>,
}

/// Encodes the attributes of a key, each by itself.
pub(crate) fn encoded<K: Key>(key: &K) -> Result<Encoded, KeyError> {
    let schema = <K::Entity as Entity>::SCHEMA;
    let mut writer = Writer::default();
    let mut key_writer = KeyWriter::new(&mut writer);
    key.write(&mut key_writer);
    key_writer.finish()?;
    let attribute =
        |name| attribute_of(writer.as_bytes(), name).ok().flatten().unwrap_or_default().to_vec();
    let sort_key = schema.sort_key.map(|key| attribute(key.name));
    let templated = schema.templates.iter().find(|template| {
        template.is_of_table && schema.sort_key.is_some_and(|key| key.name == template.attribute)
    });
    let last = match templated {
        None => sort_key.clone(),
        // Which keys go on from a raw one is not known.
        Some(template) if template.template.as_raw().is_some() => None,
        Some(template) => {
            let text = template.text(<K::Entity as Record>::NAMES, key)?.unwrap_or_default();
            let mut writer = Writer::default();
            Plain::encode(&last_from(text), &mut writer);
            Some(writer.as_bytes().to_vec())
        }
    };
    Ok(Encoded { partition_key: attribute(schema.partition_key.name), sort_key, last })
}

/// The key with these attributes and no others.
pub(crate) fn read_key<K: Key>(json: &[u8]) -> Result<K, DecodeError> {
    let key = K::read(&StoredKeys(json))?;
    let mut writer = Writer::default();
    let mut key_writer = KeyWriter::new(&mut writer);
    key.write(&mut key_writer);
    let is_valid = key_writer.finish().is_ok();
    if is_valid && same_item(json, writer.as_bytes())? {
        Ok(key)
    } else {
        Err(DecodeError::refused(0, "the key is not one of this entity"))
    }
}

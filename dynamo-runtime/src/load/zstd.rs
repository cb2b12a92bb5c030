//! A zstd file: one frame after another.
//!
//! Source: [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878#section-3.1).

use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// What is in all frames of a file.
pub(super) struct ZstdFrames<R> {
    file: R,
    decoder: FrameDecoder,
}

impl<R: BufRead> ZstdFrames<R> {
    pub(super) fn new(file: R) -> Self {
        Self { file, decoder: FrameDecoder::new() }
    }

    fn begin_frame(&mut self) -> io::Result<()> {
        match self.decoder.reset(&mut self.file) {
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                io::copy(&mut (&mut self.file).take(length.into()), &mut io::sink())?;
                Ok(())
            }
            begun => begun.map_err(io::Error::other),
        }
    }
}

impl<R: BufRead> Read for ZstdFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.decoder.can_collect() == 0 && !buffer.is_empty() {
            if !self.decoder.is_finished() {
                let strategy = BlockDecodingStrategy::UptoBytes(buffer.len());
                let decoded = self.decoder.decode_blocks(&mut self.file, strategy);
                decoded.map_err(io::Error::other)?;
            } else if self.file.fill_buf()?.is_empty() {
                return Ok(0);
            } else {
                self.begin_frame()?;
            }
        }
        self.decoder.read(buffer)
    }
}

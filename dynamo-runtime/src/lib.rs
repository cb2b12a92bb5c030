//! Typed, conditional, man-in-the-middle-proof access to DynamoDB.
#![forbid(unsafe_code)]

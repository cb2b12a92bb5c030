//! The integration suite, the attack matrix and the compile-fail suite.

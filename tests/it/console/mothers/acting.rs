//! What is done for her.

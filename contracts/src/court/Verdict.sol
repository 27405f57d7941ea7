// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a validator says of an answer. `CannotVerify` never counts as guilt, and never as innocence.
enum Verdict {
    None,
    Guilty,
    Innocent,
    CannotVerify
}

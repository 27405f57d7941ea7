// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where a case is. `Anchored` waits for the block whose hash draws who gives randomness, `Entropy` for their values,
/// `Panel` for commitments and then reveals, `Decided` for an appeal; `Closed` is the end.
enum CaseStage {
    None,
    Anchored,
    Entropy,
    Panel,
    Decided,
    Closed
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The sibling of a node on the way to the root of a Merkle-sum tree.
/// @param hash Its hash.
/// @param sum The sum of the leaves below it, as its parent has it.
struct SumProofStep {
    bytes32 hash;
    uint256 sum;
}

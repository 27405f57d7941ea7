// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What the accounts of the grid have earned, up to the end of an epoch. Validators sign it (EIP-712).
/// @param epoch The epoch, which has ended.
/// @param root Root of the Merkle-sum tree over what each account has earned in all.
/// @param total Sum of the tree's leaves: all that was ever earned, in the token's smallest unit.
/// @param inputsHash Hash of the published inputs that the tree follows from.
struct EpochRoot {
    uint64 epoch;
    bytes32 root;
    uint128 total;
    bytes32 inputsHash;
}
